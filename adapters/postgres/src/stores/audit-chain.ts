import { createHash } from 'node:crypto'
import { type AuditEvent, formatInstant, type RecordedAuditEvent } from '@gatehouse/domain'

/** What stands before the first event. */
export const START_OF_CHAIN = '0'.repeat(64)

/** Gives events their place: numbers without gaps, and each the hash of the one before. */
export function chainEvents(
  head: { readonly seq: number; readonly hash: string },
  events: readonly (AuditEvent & { readonly uid: string })[],
): readonly RecordedAuditEvent[] {
  const recorded: RecordedAuditEvent[] = []
  let { seq, hash } = head
  for (const event of events) {
    const numbered = { ...event, seq: ++seq, previousHash: hash }
    hash = hashEvent(numbered)
    recorded.push({ ...numbered, hash })
  }
  return recorded
}

/** SHA-256 over the previous hash, a line feed, and the event as canonical JSON with its time in RFC 3339. */
export function hashEvent(event: Omit<RecordedAuditEvent, 'hash'>): string {
  const { seq, uid, code, time, user, subjects, fields, previousHash } = event
  const content = { seq, uid, event: event.event, code, time: formatInstant(time), user, subjects, fields }
  return createHash('sha256')
    .update(`${previousHash}\n${toCanonicalJson(content)}`)
    .digest('hex')
}

/** JSON in one spelling: keys sorted, no blanks, numbers and strings as ECMAScript writes them (RFC 8785). */
export function toCanonicalJson(value: unknown): string {
  return sorted(JSON.parse(JSON.stringify(value)))
}

function sorted(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  // By UTF-16 code units, as RFC 8785 wants it and `sort` does it.
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${sorted(inner)}`).join(',')}}`
}
