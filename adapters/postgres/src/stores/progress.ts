import type { AccountsSeen } from '@gatehouse/application'
import { DomainError, type Instant, type OrganizationId } from '@gatehouse/domain'
import { type Selectable, sql, type Transaction } from 'kysely'
import { bulkTable } from './bulk.ts'
import type { Tables } from './schema.ts'
import { toInstant, toTimestamp } from './values.ts'

/** How far the engine has come with one organization: one row each, which also serves as the lock on all the rest. */
export interface Progress {
  readonly sweptAt: Instant | undefined
  readonly roundSeq: number
  readonly clockFloor: Instant | undefined
  readonly accountsSeen: AccountsSeen | undefined
}

export const SWEPT = bulkTable('organization_progress', ['organization_id'], {
  organization_id: 'text',
  swept_at: 'timestamptz',
})
export const ACCOUNTS_SEEN = bulkTable('organization_progress', ['organization_id'], {
  organization_id: 'text',
  accounts_seen: 'jsonb',
})

export async function readProgress(transaction: Transaction<Tables>, organization: OrganizationId): Promise<Progress> {
  const row = await transaction
    .selectFrom('organization_progress')
    .selectAll()
    .where('organization_id', '=', organization)
    .executeTakeFirst()
  return row ? parseProgress(row) : { sweptAt: undefined, roundSeq: 0, clockFloor: undefined, accountsSeen: undefined }
}

const parseProgress = (row: Selectable<Tables['organization_progress']>): Progress => ({
  sweptAt: row.swept_at === null ? undefined : toInstant(row.swept_at),
  roundSeq: Number(row.round_seq),
  clockFloor: row.clock_floor === null ? undefined : toInstant(row.clock_floor),
  accountsSeen: row.accounts_seen ?? undefined,
})

/**
 * The catalogue's version begins at the time, so that copies of an organization that was removed and enrolled again are
 * never taken for the new one's. Makes commits about one organization's mirror, memory and journal wait for one another, so that their many rows are
 * never locked in two different orders. @throws DomainError `not-found` when there is no such organization
 */
export async function lockProgress(transaction: Transaction<Tables>, organization: OrganizationId): Promise<void> {
  if (await lockRow(transaction, organization)) return
  await sql`
    insert into organization_progress (organization_id, catalogue_version)
    select id, (extract(epoch from clock_timestamp()) * 1000)::bigint from organization where id = ${organization}
    on conflict do nothing
  `.execute(transaction)
  // Somebody else may have inserted it in between; then theirs is the one to lock.
  if (await lockRow(transaction, organization)) return
  throw new DomainError({ code: 'not-found', kind: 'organization', name: organization })
}

async function lockRow(transaction: Transaction<Tables>, organization: OrganizationId): Promise<boolean> {
  const { rows } = await sql`
    select from organization_progress where organization_id = ${organization} for update
  `.execute(transaction)
  return rows.length > 0
}

export async function writeProgress(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
  { round, clockFloor }: { round: number | undefined; clockFloor: Instant | undefined },
): Promise<void> {
  if (round === undefined && clockFloor === undefined) return
  await sql`
    update organization_progress set
      round_seq = coalesce(${round ?? null}::bigint, round_seq),
      clock_floor = greatest(clock_floor, ${clockFloor === undefined ? null : toTimestamp(clockFloor)}::timestamptz)
    where organization_id = ${organization}
  `.execute(transaction)
}
