import type { GatehouseClient } from '@gatehouse/api'
import { type Output, printable } from '@gatehouse/cli-kit'
import { counted } from '@gatehouse/domain'

type Applied = Awaited<ReturnType<GatehouseClient['applyDocuments']>>

/** What became of documents, one line each; what is lost by it, and what their writer should know, besides. */
export const describeApplied = (applied: Applied): Output => ({
  data: applied,
  text: applied.results.map((result) => describeResult(result, applied.dryRun)).join('\n'),
  talk: [...applied.warnings.map(describeWarning), ...describeRemovals(applied)],
})

function describeResult({ kind, name, outcome }: Applied['results'][number], dryRun: boolean): string {
  if (outcome === 'unchanged') return `${kind} "${printable(name)}" is unchanged`
  return `${kind} "${printable(name)}" ${dryRun ? 'would be' : 'has been'} ${outcome}`
}

const describeWarning = ({ line, field, message }: Applied['warnings'][number]): string =>
  `Warning: ${line === undefined ? '' : `line ${line}, `}${field === '' ? '' : `${field}: `}${message}`

function describeRemovals({ removals: { memberships, assignments }, dryRun }: Applied): string[] {
  if (memberships + assignments === 0) return []
  return [
    `${dryRun ? 'It would remove' : 'It removes'} ${counted(memberships, 'entry', 'entries')} of lists and ${counted(assignments, 'account assignment')}.`,
  ]
}
