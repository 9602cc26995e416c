import type { AccessListId, Member, Owner } from '@gatehouse/domain'
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
import { ORDERS } from './record-orders.ts'
import type { Tables } from './schema.ts'

/** All records as they are in this transaction, in an order that does not change from read to read. */
export async function readRecords(transaction: Transaction<Tables>): Promise<Records> {
  const version = await transaction.selectFrom('records_version').selectAll().executeTakeFirstOrThrow()
  const head = await transaction.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
  const users = await transaction.selectFrom('local_user').selectAll().execute()
  const roles = await transaction.selectFrom('role').selectAll().execute()
  const lists = await transaction.selectFrom('access_list').selectAll().execute()
  const owners = await transaction.selectFrom('access_list_owner').selectAll().orderBy('position').execute()
  const members = await transaction.selectFrom('access_list_member').selectAll().execute()
  const requests = await transaction.selectFrom('access_request').selectAll().execute()
  const locks = await transaction.selectFrom('lock').selectAll().execute()
  const providers = await transaction.selectFrom('service_provider').selectAll().execute()
  const bundles = await transaction.selectFrom('bundle').selectAll().execute()
  const approvalRules = await transaction.selectFrom('approval_rule').selectAll().execute()
  const organizations = await transaction.selectFrom('organization').selectAll().execute()
  const userLinks = await transaction.selectFrom('user_link').selectAll().execute()
  const groupLinks = await transaction.selectFrom('group_link').selectAll().execute()
  const adopted = await transaction.selectFrom('adopted_assignment').selectAll().execute()

  const ownersOf = groupByList(owners, parseOwner)
  const membersOf = groupByList(members, parseMember)
  for (const list of membersOf.values()) list.sort(ORDERS.members) // sorting 20,000 rows takes the embedded database as long as reading them
  return {
    version: Number(version.version),
    auditSeq: Number(head.seq),
    users: users.map(parseUser).sort(ORDERS.users),
    roles: roles.map(parseRole).sort(ORDERS.roles),
    lists: lists
      .map((row) => parseList(row, { owners: ownersOf.get(row.id) ?? [], members: membersOf.get(row.id) ?? [] }))
      .sort(ORDERS.lists),
    requests: requests.map(parseRequest).sort(ORDERS.requests),
    locks: locks.map(parseLock).sort(ORDERS.locks),
    serviceProviders: providers.map(parseServiceProvider).sort(ORDERS.serviceProviders),
    bundles: bundles.map(parseBundle).sort(ORDERS.bundles),
    approvalRules: approvalRules.map(parseApprovalRule).sort(ORDERS.approvalRules),
    organizations: organizations.map(parseOrganization).sort(ORDERS.organizations),
    userLinks: userLinks.map(parseUserLink).sort(ORDERS.userLinks),
    groupLinks: groupLinks.map(parseGroupLink).sort(ORDERS.groupLinks),
    adopted: adopted.map(parseAdopted).sort(ORDERS.adopted),
  }
}

export function groupByList<Row extends { list_id: AccessListId }, Value extends Owner | Member>(
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
