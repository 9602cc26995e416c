import { toCanonicalJson } from './canonical-json.ts'

/** What stands before the first event. */
export const START_OF_CHAIN = '0'.repeat(64)

/** What of an event its hash is over, with its time in RFC 3339. */
export interface ChainedEvent {
  readonly seq: number
  readonly uid: string
  readonly event: string
  readonly code: string
  readonly time: string
  readonly user?: string | undefined
  readonly subjects: readonly string[]
  readonly fields: Readonly<Record<string, unknown>>
  readonly previousHash: string
}

/** The text whose SHA-256 is the event's hash: the previous hash, a line feed, and the event as canonical JSON. */
export function chainedText({
  seq,
  uid,
  event,
  code,
  time,
  user,
  subjects,
  fields,
  previousHash,
}: ChainedEvent): string {
  return `${previousHash}\n${toCanonicalJson({ seq, uid, event, code, time, user, subjects, fields })}`
}
