import type { Duration } from '@gatehouse/domain'
import type { Leadership } from '@gatehouse/application'
import { sql } from 'kysely'
import type { Database } from '../engine/database.ts'
import type { Tables } from './schema.ts'

/** The one lease there is: whoever holds it acts on AWS. */
export const LEADER = 'reconcile'

/**
 * A row in the database says who leads and until when, by the database's clock, which all replicas share and no test
 * moves. Renew it every quarter of `ttl`. The token grows with every change of holder, and when a holder comes back
 * after its lease had ended: others may have thought that nobody leads.
 *
 * An embedded database belongs to the one process that has its folder, so whoever else holds the lease there has ended,
 * however it ended, and its lease ends with it.
 */
export function createPostgresLeadership(
  database: Database<Tables>,
  { holder, ttl }: { readonly holder: string; readonly ttl: Duration },
): Leadership {
  const isAlone = database.kind === 'embedded'
  return {
    async acquireOrRenew(signal) {
      signal.throwIfAborted()
      const { rows } = await sql<{ token: string }>`
        insert into lease (name, holder, token, expires_at)
        values (${LEADER}, ${holder}, 1, now() + ${ttl}::integer * interval '1 millisecond')
        on conflict (name) do update set
          token = case when lease.holder = excluded.holder and lease.expires_at > now()
            then lease.token else lease.token + 1 end,
          holder = excluded.holder,
          expires_at = excluded.expires_at
        where lease.holder = excluded.holder or lease.expires_at <= now() or ${isAlone}::boolean
        returning token
      `.execute(database.kysely)
      return rows[0] && Number(rows[0].token)
    },
    async release(signal) {
      signal.throwIfAborted()
      await sql`
        update lease set expires_at = now() where name = ${LEADER} and holder = ${holder} and expires_at > now()
      `.execute(database.kysely)
    },
  }
}
