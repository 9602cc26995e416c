import type { RecordChange } from '@gatehouse/application'
import { DomainError, type OrganizationId } from '@gatehouse/domain'
import { sql, type Transaction } from 'kysely'
import { ENROLMENT_SCIM_TOKEN, removeSecret, SCIM_TOKEN } from '../secrets/secret-rows.ts'
import type { Tables } from './schema.ts'
import { toJson } from './values.ts'

/** What is kept for an organization beside its records; the row of progress, which refers to it, goes last. */
export const KEPT = [
  'mirror_member',
  'mirror_group',
  'mirror_user',
  'mirror_assignment',
  'mirror_principal',
  'mirror_permission_set',
  'mirror_account',
  'adopted_account',
  'finding',
  'remembered_assignment',
  'remembered_member',
  'made_assignment',
  'found_assignment',
  'done_removal',
  'released_removal',
  'journal_entry',
  'organization_progress',
] as const

/**
 * Deletes mirror, memory, journal, token and enrolment of the organizations that a commit deletes; the next of that name
 * begins with none of them. Their engines can begin no write meanwhile: each notes it first, which waits for the lock and then finds nothing.
 * @throws DomainError `conflict` while a write to AWS is under way, or access that is not released has to end there
 */
export async function forgetOrganizations(
  transaction: Transaction<Tables>,
  changes: readonly RecordChange[],
): Promise<void> {
  for (const change of changes)
    if ('delete' in change && change.delete === 'organization') await forget(transaction, change)
}

async function forget(
  transaction: Transaction<Tables>,
  { id, released, settled }: Extract<RecordChange, { delete: 'organization' }>,
): Promise<void> {
  await sql`select from organization_progress where organization_id = ${id} for update`.execute(transaction)
  const { rows } = await sql`
    select from journal_entry where organization_id = ${id} and state in ('intended', 'sent') limit 1
  `.execute(transaction)
  if (rows.length > 0) throw writing()
  if (await hasUnfinished(transaction, id, released)) throw unfinished()
  if (settled && (await hasMade(transaction, id, settled))) throw unfinished()
  for (const table of KEPT)
    await sql`delete from ${sql.table(table)} where organization_id = ${id}`.execute(transaction)
  await removeSecret(transaction, { kind: SCIM_TOKEN, subject: id })
  const draft = await sql<{ name: string }>`
    delete from enrolment where name = (select name from organization where id = ${id}) returning name
  `.execute(transaction)
  for (const { name } of draft.rows) await removeSecret(transaction, { kind: ENROLMENT_SCIM_TOKEN, subject: name })
}

/** What the decision has seen of it may have changed since: rounds bring memory in line at any time. */
async function hasUnfinished(
  transaction: Transaction<Tables>,
  id: OrganizationId,
  released: readonly string[],
): Promise<boolean> {
  for (const table of ['remembered_assignment', 'remembered_member']) {
    const { rows } = await sql`
      select from ${sql.table(table)} where organization_id = ${id} and (until_at is not null or ending is not null)
        and key not in (select json_array_elements_text(${toJson(released)}::json)) limit 1
    `.execute(transaction)
    if (rows.length > 0) return true
  }
  return false
}

/** Something was made since what was looked at. */
async function hasMade(
  transaction: Transaction<Tables>,
  id: OrganizationId,
  settled: readonly string[],
): Promise<boolean> {
  const { rows } = await sql`
    select from (
      select key from made_assignment where organization_id = ${id}
      union all
      select 'group ' || aws_group_id from group_link where organization_id = ${id} and origin = 'created'
    ) as made where key not in (select json_array_elements_text(${toJson(settled)}::json)) limit 1
  `.execute(transaction)
  return rows.length > 0
}

const unfinished = (): DomainError =>
  new DomainError({
    code: 'conflict',
    message: 'Access in AWS that has an end, or that was taken away here, has come since the report.',
    remedy: 'Read the report again.',
  })

const writing = (): DomainError =>
  new DomainError({
    code: 'conflict',
    message: 'A write to AWS is under way.',
    remedy: 'Wait until it is done, and repeat.',
  })
