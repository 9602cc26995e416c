import type { Ids, Secrets } from '@gatehouse/application'
import { DomainError, type OrganizationId } from '@gatehouse/domain'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../engine/database.ts'
import { appendEvents } from '../stores/append-events.ts'
import { lockingTransaction } from '../stores/locking-transaction.ts'
import type { Tables } from '../stores/schema.ts'
import { toInstant } from '../stores/values.ts'
import type { SecretBox } from './secret-box.ts'
import { readSecret, SCIM_TOKEN, writeSecret } from './secret-rows.ts'

export function createPostgresSecrets(database: Database<Tables>, box: SecretBox, ids: Ids): Secrets {
  return {
    async scimToken(organization, signal) {
      signal.throwIfAborted()
      const secret = await readSecret(database.kysely, box, { kind: SCIM_TOKEN, subject: organization })
      return secret?.toString('utf8')
    },
    async scimTokenGivenAt(organization, signal) {
      signal.throwIfAborted()
      const row = await database.kysely
        .selectFrom('secret')
        .select('given_at')
        .where('kind', '=', SCIM_TOKEN)
        .where('subject', '=', organization)
        .executeTakeFirst()
      return row?.given_at ? toInstant(row.given_at) : undefined
    },
    rotateScimToken: (organization, token, events, signal) =>
      lockingTransaction(
        database,
        async (transaction) => {
          await requireOrganization(transaction, organization)
          const secret = Buffer.from(token, 'utf8')
          await writeSecret(transaction, box, { kind: SCIM_TOKEN, subject: organization, secret })
          await appendEvents(transaction, events, ids)
        },
        signal,
      ),
  }
}

/** Nobody takes it away meanwhile: that waits for the version of the records. */
async function requireOrganization(transaction: Transaction<Tables>, id: OrganizationId): Promise<void> {
  await sql`select from records_version for share`.execute(transaction)
  const found = await transaction.selectFrom('organization').select('id').where('id', '=', id).executeTakeFirst()
  if (!found) throw new DomainError({ code: 'not-found', kind: 'organization', name: id })
}
