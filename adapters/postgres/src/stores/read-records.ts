import { type AccessListId, type Member, memberKey, type Owner } from '@gatehouse/domain'
import type { Records } from '@gatehouse/application'
import type { Transaction } from 'kysely'
import { parseMember, parseOwner } from './list-rows.ts'
import { parseAdopted, parseGroupLink, parseOrganization, parseUserLink } from './organization-rows.ts'
import {
  parseApprovalRule,
  parseBundle,
  parseList,
  parseLock,
  parseRequest,
  parseRole,
  parseServiceProvider,
  parseUser,
} from './record-rows.ts'
import type { Tables } from './schema.ts'

/** All records as they are in this transaction, in an order that does not change from read to read. */
export async function readRecords(transaction: Transaction<Tables>): Promise<Records> {
  const version = await transaction.selectFrom('records_version').selectAll().executeTakeFirstOrThrow()
  const head = await transaction.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
  const users = await transaction.selectFrom('local_user').selectAll().orderBy('name_key').execute()
  const roles = await transaction.selectFrom('role').selectAll().orderBy('name_key').execute()
  const lists = await transaction.selectFrom('access_list').selectAll().orderBy('title_key').execute()
  const owners = await transaction.selectFrom('access_list_owner').selectAll().orderBy('position').execute()
  const members = await transaction.selectFrom('access_list_member').selectAll().execute()
  const requests = await transaction
    .selectFrom('access_request')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const locks = await transaction.selectFrom('lock').selectAll().orderBy('created_at').orderBy('id').execute()
  const providers = await transaction.selectFrom('service_provider').selectAll().orderBy('name_key').execute()
  const bundles = await transaction.selectFrom('bundle').selectAll().orderBy('name_key').execute()
  const approvalRules = await transaction.selectFrom('approval_rule').selectAll().orderBy('name_key').execute()
  const organizations = await transaction.selectFrom('organization').selectAll().orderBy('name_key').execute()
  const userLinks = await transaction
    .selectFrom('user_link')
    .selectAll()
    .orderBy('organization_id')
    .orderBy('user_id')
    .execute()
  const groupLinks = await transaction
    .selectFrom('group_link')
    .selectAll()
    .orderBy('organization_id')
    .orderBy('group_key')
    .execute()
  const adopted = await transaction
    .selectFrom('adopted_assignment')
    .selectAll()
    .orderBy('user_id')
    .orderBy('grant_key')
    .execute()

  const ownersOf = groupByList(owners, parseOwner)
  const membersOf = groupByList(members, parseMember)
  for (const list of membersOf.values()) list.sort(byJoining) // sorting 20,000 rows takes the embedded database as long as reading them
  return {
    version: Number(version.version),
    auditSeq: Number(head.seq),
    users: users.map(parseUser),
    roles: roles.map(parseRole),
    lists: lists.map((row) =>
      parseList(row, { owners: ownersOf.get(row.id) ?? [], members: membersOf.get(row.id) ?? [] }),
    ),
    requests: requests.map(parseRequest),
    locks: locks.map(parseLock),
    serviceProviders: providers.map(parseServiceProvider),
    bundles: bundles.map(parseBundle),
    approvalRules: approvalRules.map(parseApprovalRule),
    organizations: organizations.map(parseOrganization),
    userLinks: userLinks.map(parseUserLink),
    groupLinks: groupLinks.map(parseGroupLink),
    adopted: adopted.map(parseAdopted),
  }
}

function groupByList<Row extends { list_id: AccessListId }, Value extends Owner | Member>(
  rows: readonly Row[],
  parse: (row: Row) => Value,
): ReadonlyMap<AccessListId, Value[]> {
  const groups = new Map<AccessListId, Value[]>()
  for (const row of rows) {
    const group = groups.get(row.list_id)
    if (group) group.push(parse(row))
    else groups.set(row.list_id, [parse(row)])
  }
  return groups
}

function byJoining(a: Member, b: Member): number {
  if (a.joined !== b.joined) return a.joined - b.joined
  return memberKey(a) < memberKey(b) ? -1 : 1
}
