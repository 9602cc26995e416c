import { sql } from 'kysely'
import type { Database } from '../engine/database.ts'
import type { Tables } from '../stores/schema.ts'
import type { SecretBox } from './secret-box.ts'
import { placeOf, readSecret } from './secret-rows.ts'

const CANARY = { kind: 'canary', subject: '' }

/**
 * Proves at start that the key is the one this database's secrets are encrypted under; the first start of a database
 * leaves a row behind to tell by. @throws DomainError `refused` for another key
 */
export async function checkSecretKey(database: Database<Tables>, box: SecretBox, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const sealed = box.seal(Buffer.from(CANARY.kind), placeOf(CANARY.kind, CANARY.subject))
  await sql`
    insert into secret (kind, subject, sealed) values (${CANARY.kind}, ${CANARY.subject}, ${sealed})
    on conflict do nothing
  `.execute(database.kysely)
  await readSecret(database.kysely, box, CANARY)
}
