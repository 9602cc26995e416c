import { type AccessListId, type AccessList, DomainError } from '@gatehouse/domain'
import type { RecordChange } from '@gatehouse/application'
import { sql, type Transaction } from 'kysely'
import { applyChanges } from './apply-changes.ts'
import { replaceOwnersAndMembers } from './list-rows.ts'
import { toRecordRow } from './record-rows.ts'
import { RECORD_TABLES } from './record-tables.ts'
import type { Tables } from './schema.ts'

/** Applies the changes and counts the version up. The caller holds the lock on the version's row. */
export async function writeRecords(transaction: Transaction<Tables>, changes: readonly RecordChange[]): Promise<void> {
  const lists = new Map<AccessListId, AccessList>()
  const deletedLists = new Set<AccessListId>()
  for (const change of changes) {
    if ('put' in change && change.put === 'list') {
      lists.set(change.list.id, change.list)
      deletedLists.delete(change.list.id)
    } else if ('delete' in change && change.delete === 'list') {
      lists.delete(change.id)
      deletedLists.add(change.id)
    }
  }
  await applyChanges(transaction, RECORD_TABLES, changes.map(toRecordRow), async () => {
    await replaceOwnersAndMembers(transaction, [...lists.values()])
    await refuseListsInUse(transaction, [...deletedLists])
  })
  const deletedUsers = changes.flatMap((change) => ('delete' in change && change.delete === 'user' ? [change.id] : []))
  if (deletedUsers.length > 0)
    await sql`
      update user_link set user_deleted = true
      where user_id = any(${deletedUsers}) and not exists (select from local_user where id = user_link.user_id)
    `.execute(transaction)
  await sql`set constraints all immediate`.execute(transaction) // names are judged by the result, while we can still say whose
  await sql`update records_version set version = version + 1`.execute(transaction)
}

/** A list that stays must not lose a member or an owner because that one was a list. */
async function refuseListsInUse(transaction: Transaction<Tables>, deleted: readonly AccessListId[]): Promise<void> {
  if (deleted.length === 0) return
  const { rows } = await sql<{ name: string; by: string[] }>`
    select inner_list.title as name, array_agg(distinct outer_list.title) as by
    from (
      select list_id, inner_list_id from access_list_member where inner_list_id = any(${deleted})
      union all select list_id, inner_list_id from access_list_owner where inner_list_id = any(${deleted})
    ) as entry
    join access_list as inner_list on inner_list.id = entry.inner_list_id
    join access_list as outer_list on outer_list.id = entry.list_id
    where entry.list_id <> all(${deleted})
    group by inner_list.title
  `.execute(transaction)
  const [first] = rows
  if (first) throw new DomainError({ code: 'in-use', kind: 'access list', name: first.name, by: first.by })
}
