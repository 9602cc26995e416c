import { randomUUID } from 'node:crypto'
import type { IdentitySource } from '../world/sign-in-records.ts'

/** A source that nobody has configured yet. */
export function newIdentitySource(kind: IdentitySource['kind'], acsId: string = randomUUID()): IdentitySource {
  return { kind, acsId }
}
