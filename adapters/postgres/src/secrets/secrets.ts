import type { Ids, Secrets } from '@gatehouse/application'
import type { Database } from '../engine/database.ts'
import { appendEvents } from '../stores/append-events.ts'
import { lockingTransaction } from '../stores/locking-transaction.ts'
import type { Tables } from '../stores/schema.ts'
import type { SecretBox } from './secret-box.ts'
import { readSecret, removeSecret, writeSecret } from './secret-rows.ts'

const SCIM_TOKEN = 'scim-token'

export function createPostgresSecrets(database: Database<Tables>, box: SecretBox, ids: Ids): Secrets {
  return {
    async scimToken(organization, signal) {
      signal.throwIfAborted()
      const secret = await readSecret(database.kysely, box, { kind: SCIM_TOKEN, subject: organization })
      return secret?.toString('utf8')
    },
    async setScimToken(organization, token, signal) {
      signal.throwIfAborted()
      const secret = Buffer.from(token, 'utf8')
      await writeSecret(database.kysely, box, { kind: SCIM_TOKEN, subject: organization, secret })
    },
    rotateScimToken: (organization, token, events, signal) =>
      lockingTransaction(
        database,
        async (transaction) => {
          const secret = Buffer.from(token, 'utf8')
          await writeSecret(transaction, box, { kind: SCIM_TOKEN, subject: organization, secret })
          await appendEvents(transaction, events, ids)
        },
        signal,
      ),
    async removeScimToken(organization, signal) {
      signal.throwIfAborted()
      await removeSecret(database.kysely, { kind: SCIM_TOKEN, subject: organization })
    },
  }
}
