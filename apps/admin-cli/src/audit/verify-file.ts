import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { auditEventSchema, type AuditEventView } from '@gatehouse/api'
import { chainedText, START_OF_CHAIN } from '@gatehouse/domain'

export interface FileVerification {
  readonly events: number
  readonly first?: number
  readonly last?: number
  /** Of the last event: compared with one that was kept elsewhere, it shows whether the whole chain was made anew. */
  readonly lastHash?: string
  /** The first line that does not follow from the one before. */
  readonly broken?: { readonly line: number; readonly seq?: number; readonly reason: string }
}

/**
 * Walks a file of events as `tctl audit export` writes it, without a server. A file may begin in the middle of the log;
 * what was cut off at its end can't be seen in it.
 */
export async function verifyFile(path: string, signal: AbortSignal): Promise<FileVerification> {
  const lines = createInterface({ input: createReadStream(path, { signal }), crlfDelay: Number.POSITIVE_INFINITY })
  let found: FileVerification = { events: 0 }
  let line = 0
  for await (const text of lines) {
    line++
    if (text === '') continue
    const parsed = parseLine(text)
    if (!parsed) return { ...found, broken: { line, reason: 'It is no event.' } }
    const { seq, hash } = parsed
    const reason = whyBroken(parsed, found)
    if (reason !== undefined) return { ...found, broken: { line, seq, reason } }
    found = { events: found.events + 1, first: found.first ?? seq, last: seq, lastHash: hash }
  }
  return found
}

function parseLine(text: string): AuditEventView | undefined {
  try {
    return auditEventSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function whyBroken(event: AuditEventView, { last, lastHash }: FileVerification): string | undefined {
  if (last !== undefined && event.seq !== last + 1) return `It follows event ${last}: something in between is missing.`
  const previous = lastHash ?? (event.seq === 1 ? START_OF_CHAIN : event.previousHash)
  if (event.previousHash !== previous) return 'It does not name the hash of the event before.'
  const hash = createHash('sha256').update(chainedText(event)).digest('hex')
  return hash === event.hash ? undefined : 'It was changed: its hash is another.'
}
