import { type AccessList, type AccessListId, DomainError, type UserId } from '@gatehouse/domain'
import type { RecordChange } from '@gatehouse/application'
import { sql, type Transaction } from 'kysely'
import { appendReviews } from './access-list-reviews.ts'
import { applyChanges } from './apply-changes.ts'
import { forgetOrganizations } from './forget-organizations.ts'
import { replaceOwnersAndMembers } from './list-rows.ts'
import { VERSIONS_KEPT } from './read-changed-records.ts'
import { type ReviewFiled, toRecordRow } from './record-rows.ts'
import { RECORD_TABLES } from './record-tables.ts'
import { type DraftEnded, endDrafts } from './review-drafts.ts'
import type { Tables } from './schema.ts'

/** Applies the changes and counts the version up. The caller holds the lock on the version's row. */
export async function writeRecords(transaction: Transaction<Tables>, changes: readonly RecordChange[]): Promise<void> {
  const settled = withDeletedUsers(changes)
  const titles = await readTitles(transaction, listsDeletedBy(changes))
  await markLinks(transaction, usersDeletedBy(changes))
  await forgetOrganizations(transaction, changes)
  await applyChanges(
    transaction,
    RECORD_TABLES,
    settled.flatMap((change) => (isReview(change) || isDraft(change) ? [] : toRecordRow(change))),
  )
  const lists = listsPutBy(settled)
  await replaceOwnersAndMembers(transaction, lists)
  await endDrafts(transaction, { filed: settled.filter(isDraft), lists: lists.map(({ id }) => id) })
  await appendReviews(transaction, settled.filter(isReview))
  await refuseListsInUse(transaction, titles)
  await sql`set constraints all immediate`.execute(transaction) // here, where a refusal can still be explained
  await sql`update records_version set version = version + 1`.execute(transaction)
  await sql`
    delete from record_change where version < (select version from records_version) - ${VERSIONS_KEPT}::bigint
  `.execute(transaction)
}

const isReview = (change: RecordChange): change is ReviewFiled => 'put' in change && change.put === 'list-review'
const isDraft = (change: RecordChange): change is DraftEnded => 'delete' in change && change.delete === 'review-draft'

/** What deleting a user does to records that earlier changes put: out of the lists, and links marked. */
function withDeletedUsers(changes: readonly RecordChange[]): readonly RecordChange[] {
  const deletedLater = new Set<UserId>()
  const settled = changes.toReversed().map((change): RecordChange => {
    if ('delete' in change) {
      if (change.delete === 'user') deletedLater.add(change.id)
      return change
    }
    if (deletedLater.size === 0) return change
    if (change.put === 'list') return { put: 'list', list: withoutUsers(change.list, deletedLater) }
    if (change.put === 'user-link' && deletedLater.has(change.link.user))
      return { put: 'user-link', link: { ...change.link, userDeleted: true } }
    return change
  })
  return settled.reverse()
}

const withoutUsers = (list: AccessList, users: ReadonlySet<UserId>): AccessList => ({
  ...list,
  members: list.members.filter((member) => member.kind !== 'user' || !users.has(member.user)),
  owners: list.owners.filter((owner) => owner.kind !== 'user' || !users.has(owner.user)),
})

function listsPutBy(changes: readonly RecordChange[]): readonly AccessList[] {
  const lists = new Map<AccessListId, AccessList>()
  for (const change of changes) {
    if ('put' in change && change.put === 'list') lists.set(change.list.id, change.list)
    if ('delete' in change && change.delete === 'list') lists.delete(change.id)
  }
  return [...lists.values()]
}

const listsDeletedBy = (changes: readonly RecordChange[]): readonly AccessListId[] =>
  changes.flatMap((change) => ('delete' in change && change.delete === 'list' ? [change.id] : []))

const usersDeletedBy = (changes: readonly RecordChange[]): readonly UserId[] =>
  changes.flatMap((change) => ('delete' in change && change.delete === 'user' ? [change.id] : []))

async function readTitles(
  transaction: Transaction<Tables>,
  lists: readonly AccessListId[],
): Promise<ReadonlyMap<AccessListId, string>> {
  if (lists.length === 0) return new Map()
  const rows = await transaction.selectFrom('access_list').select(['id', 'title']).where('id', 'in', lists).execute()
  return new Map(rows.map(({ id, title }) => [id, title]))
}

/** A list that stays must not lose a member or an owner because that one was a list. */
async function refuseListsInUse(
  transaction: Transaction<Tables>,
  titles: ReadonlyMap<AccessListId, string>,
): Promise<void> {
  if (titles.size === 0) return
  const { rows } = await sql<{ id: AccessListId; by: string[] }>`
    select entry.inner_list_id as id, array_agg(distinct outer_list.title) as by
    from (
      select list_id, inner_list_id from access_list_member union all
      select list_id, inner_list_id from access_list_owner
    ) as entry
    join access_list as outer_list on outer_list.id = entry.list_id
    where entry.inner_list_id = any(${[...titles.keys()]})
      and not exists (select from access_list where id = entry.inner_list_id)
    group by entry.inner_list_id
  `.execute(transaction)
  const [first] = rows
  if (!first) return
  throw new DomainError({ code: 'in-use', kind: 'access list', name: titles.get(first.id) ?? first.id, by: first.by })
}

/** The link of a user who is gone stays until AWS has confirmed what has to go. */
async function markLinks(transaction: Transaction<Tables>, deletedUsers: readonly UserId[]): Promise<void> {
  if (deletedUsers.length === 0) return
  await sql`update user_link set user_deleted = true where user_id = any(${deletedUsers})`.execute(transaction)
}
