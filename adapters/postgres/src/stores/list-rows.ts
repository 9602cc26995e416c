import type { AccessList, AccessListId, AwsUserId, Member, Owner, UserId } from '@gatehouse/domain'
import { type Selectable, sql, type Transaction } from 'kysely'
import { type BulkTable, bulkTable, type Row, upsertRows } from './bulk.ts'
import type { Tables } from './schema.ts'
import { optional, toInstant, toJson, toTimestamp } from './values.ts'

const OWNER = bulkTable('access_list_owner', ['list_id', 'kind', 'key'], {
  list_id: 'text',
  kind: 'text',
  user_id: 'text',
  inner_list_id: 'text',
  description: 'text',
  position: 'integer',
})

const MEMBER = bulkTable('access_list_member', ['list_id', 'kind', 'key'], {
  list_id: 'text',
  kind: 'text',
  user_id: 'text',
  inner_list_id: 'text',
  aws_user_id: 'text',
  aws_user_name: 'text',
  joined_at: 'timestamptz',
  expires_at: 'timestamptz',
  reason: 'text',
  added_by: 'text',
})

/** Makes owners and members of these lists what the lists say; a row that stays the same is not written. */
export async function replaceOwnersAndMembers(
  transaction: Transaction<Tables>,
  lists: readonly AccessList[],
): Promise<void> {
  if (lists.length === 0) return
  const ids = lists.map(({ id }) => id)
  await replaceRows(
    transaction,
    OWNER,
    ids,
    lists.flatMap(({ id, owners }) => owners.map(ownerRow(id))),
  )
  await replaceRows(
    transaction,
    MEMBER,
    ids,
    lists.flatMap(({ id, members }) => members.map(memberRow(id))),
  )
}

async function replaceRows(
  transaction: Transaction<Tables>,
  table: BulkTable,
  lists: readonly AccessListId[],
  rows: readonly (Row & { list_id: AccessListId; kind: string; of: string })[],
): Promise<void> {
  const keys = rows.map(({ list_id, kind, of }) => ({ list_id, kind, key: of }))
  const name = sql.table(table.name)
  await sql`
    delete from ${name} where list_id = any(${lists}) and not exists (
      select from json_to_recordset(${toJson(keys)}::json) as kept(list_id text, kind text, key text)
      where kept.list_id = ${name}.list_id and kept.kind = ${name}.kind and kept.key = ${name}.key
    )
  `.execute(transaction)
  await upsertRows(transaction, table, rows)
}

const ownerRow = (list: AccessListId) => (owner: Owner, position: number) => ({
  list_id: list,
  kind: owner.kind,
  of: owner.kind === 'user' ? owner.user : owner.list,
  user_id: owner.kind === 'user' ? owner.user : null,
  inner_list_id: owner.kind === 'list' ? owner.list : null,
  description: owner.description,
  position,
})

const memberRow = (list: AccessListId) => (member: Member) => ({
  list_id: list,
  kind: member.kind,
  of: memberId(member),
  user_id: member.kind === 'user' ? member.user : null,
  inner_list_id: member.kind === 'list' ? member.list : null,
  aws_user_id: member.kind === 'aws-only' ? member.awsUser : null,
  aws_user_name: member.kind === 'aws-only' ? member.userName : null,
  joined_at: toTimestamp(member.joined),
  expires_at: member.expires === undefined ? null : toTimestamp(member.expires),
  reason: member.reason,
  added_by: member.addedBy,
})

export function memberId(member: Member): UserId | AccessListId | AwsUserId {
  switch (member.kind) {
    case 'user':
      return member.user
    case 'list':
      return member.list
    case 'aws-only':
      return member.awsUser
  }
}

// In both, the table's check says that the column which the kind needs is there; the compiler can't see it.
export function parseOwner(row: Selectable<Tables['access_list_owner']>): Owner {
  const who = row.kind === 'user' ? { user: row.user_id } : { list: row.inner_list_id }
  return { kind: row.kind, ...who, description: row.description } as Owner
}

export function parseMember(row: Selectable<Tables['access_list_member']>): Member {
  return {
    kind: row.kind,
    ...optional('user', row.user_id, (user) => user),
    ...optional('list', row.inner_list_id, (list) => list),
    ...optional('awsUser', row.aws_user_id, (user) => user),
    ...optional('userName', row.aws_user_name, (name) => name),
    joined: toInstant(row.joined_at),
    ...optional('expires', row.expires_at, toInstant),
    reason: row.reason,
    addedBy: row.added_by,
  } as Member
}
