import { createHash } from 'node:crypto'
import { type AuditEvent, chainedText, formatInstant, type RecordedAuditEvent } from '@gatehouse/domain'

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

/** SHA-256 of what the chain is made of. */
export const hashEvent = ({ time, ...event }: Omit<RecordedAuditEvent, 'hash'>): string =>
  createHash('sha256')
    .update(chainedText({ ...event, time: formatInstant(time) }))
    .digest('hex')
