import type { AuditEventView } from '@gatehouse/api'
import { toFlat, toOcsf } from '@gatehouse/domain'

/** How events are written to a file: one line each, and what stands before them. */
export interface ExportFormat {
  readonly head: string
  readonly line: (event: AuditEventView, cluster: string) => string
}

const COLUMNS = ['seq', 'time', 'code', 'event', 'user', 'subjects', 'fields', 'uid', 'previousHash', 'hash'] as const

export const EXPORT_FORMATS: Readonly<Record<'jsonl' | 'flat' | 'csv' | 'ocsf', ExportFormat>> = {
  /** As the server has them; only this can be verified. */
  jsonl: { head: '', line: (event) => `${JSON.stringify(event)}\n` },
  flat: { head: '', line: (event, cluster) => `${JSON.stringify(toFlat(event, cluster))}\n` },
  csv: {
    head: `${COLUMNS.join(',')}\r\n`,
    line: (event) => `${COLUMNS.map((column) => cell(event[column])).join(',')}\r\n`,
  },
  ocsf: { head: '', line: (event) => `${JSON.stringify(toOcsf(event))}\n` },
}

type Value = AuditEventView[(typeof COLUMNS)[number]]

/** What a spreadsheet would take for a formula: it would run what somebody wrote into a reason. */
const FORMULA = /^[=+\-@\t\r]/

/** A cell as RFC 4180 has it. Text that begins like a formula gets an apostrophe, which spreadsheets don't show. */
export function cell(value: Value): string {
  const text = textOf(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function textOf(value: Value): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : value.toString()
}
