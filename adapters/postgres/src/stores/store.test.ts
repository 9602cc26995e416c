import { randomUUID } from 'node:crypto'
import { storeContract } from '@gatehouse/application/testing'
import { seconds } from '@gatehouse/domain'
import { sql } from 'kysely'
import { onEachDatabase } from '../testing/index.ts'
import { createPostgresAuditLog } from './audit-log.ts'
import { createPostgresLeadership } from './leadership.ts'
import type { Tables } from './schema.ts'
import { createPostgresStore } from './store.ts'

const signal = new AbortController().signal
const ids = { uuid: randomUUID, secret: randomUUID }

onEachDatabase<Tables>('the store', (database) => {
  storeContract(async () => ({
    store: createPostgresStore(database(), ids),
    auditLog: createPostgresAuditLog(database()),
    async changeLeader() {
      await sql`update lease set expires_at = now() - interval '1 second'`.execute(database().kysely)
      const leadership = createPostgresLeadership(database(), { holder: randomUUID(), ttl: seconds(60) })
      return (await leadership.acquireOrRenew(signal)) ?? 0
    },
  }))
})
