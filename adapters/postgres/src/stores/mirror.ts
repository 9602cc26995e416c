import {
  type Account,
  type AwsGroupId,
  type AwsPrincipal,
  type AwsPrincipalKey,
  type AwsUserId,
  awsPrincipalKey,
  createCatalogue,
  type GrantKey,
  type ObservedGroup,
  type ObservedUser,
  type OrganizationId,
  type PermissionSet,
} from '@gatehouse/domain'
import type { Mirror, MirrorChange } from '@gatehouse/application'
import type { Selectable, Transaction } from 'kysely'
import { applyChanges, put, remove, type RowChange, type RowsOf } from './apply-changes.ts'
import { bulkTable } from './bulk.ts'
import { ACCOUNTS_SEEN, readProgress, SWEPT } from './progress.ts'
import type { Tables } from './schema.ts'
import { optional, same, toInstant, toTimestamp } from './values.ts'

const ACCOUNT = bulkTable('mirror_account', ['organization_id', 'id'], {
  organization_id: 'text',
  id: 'text',
  name: 'text',
  arn: 'text',
  email: 'text',
  state: 'text',
  is_management: 'boolean',
  tags: 'jsonb',
  parents: 'jsonb',
  parent: 'text',
})
const ADOPTED_ACCOUNT = bulkTable('adopted_account', ['organization_id', 'account_id'], {
  organization_id: 'text',
  account_id: 'text',
})
const PERMISSION_SET = bulkTable('mirror_permission_set', ['organization_id', 'arn'], {
  organization_id: 'text',
  arn: 'text',
  name: 'text',
  description: 'text',
  session_duration: 'text',
})
const USER = bulkTable('mirror_user', ['organization_id', 'id'], {
  organization_id: 'text',
  id: 'text',
  user_name: 'text',
  display_name: 'text',
  email: 'text',
  external_id: 'text',
  active: 'boolean',
})
const GROUP = bulkTable('mirror_group', ['organization_id', 'id'], {
  organization_id: 'text',
  id: 'text',
  display_name: 'text',
  external_id: 'text',
})
const MEMBER = bulkTable(
  'mirror_member',
  ['organization_id', 'group_id', 'user_id'],
  { organization_id: 'text', group_id: 'text', user_id: 'text' },
  // A write of ours may be confirmed after a sweep has found the group gone.
  {
    onlyWhere:
      'exists (select from mirror_group as known where known.organization_id = input.organization_id and known.id = input.group_id)',
  },
)
const ASSIGNMENT = bulkTable('mirror_assignment', ['organization_id', 'principal', 'grant_key'], {
  organization_id: 'text',
  principal: 'text',
  grant_key: 'text',
})
const PRINCIPAL = bulkTable('mirror_principal', ['organization_id', 'principal'], {
  organization_id: 'text',
  principal: 'text',
  read_at: 'timestamptz',
})
const FINDING = bulkTable('finding', ['organization_id', 'id'], {
  organization_id: 'text',
  id: 'text',
  kind: 'text',
  message: 'text',
  found_at: 'timestamptz',
  amount: 'integer',
})
const TABLES = [
  ACCOUNT,
  ADOPTED_ACCOUNT,
  PERMISSION_SET,
  USER,
  GROUP,
  MEMBER,
  ASSIGNMENT,
  PRINCIPAL,
  FINDING,
  SWEPT,
  ACCOUNTS_SEEN,
]

export async function writeMirror(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
  changes: readonly MirrorChange[],
): Promise<void> {
  const rows = changes.map((change) =>
    'put' in change ? putRow(organization, change) : deleteRow(organization, change),
  )
  await applyChanges(transaction, TABLES, rows)
}

function putRow(organization: OrganizationId, change: Extract<MirrorChange, { put: string }>): RowChange {
  const of = { organization_id: organization }
  switch (change.put) {
    case 'account': {
      const { isManagement, tags = null, parents = null, parent = null, ...account } = change.account
      return put(ACCOUNT, { ...of, ...account, is_management: isManagement, tags, parents, parent })
    }
    case 'adopted-account':
      return put(ADOPTED_ACCOUNT, { ...of, account_id: change.id })
    case 'permission-set': {
      const { sessionDuration, ...set } = change.permissionSet
      return put(PERMISSION_SET, { ...of, ...set, session_duration: sessionDuration })
    }
    case 'user': {
      const { id, userName, displayName, email, externalId = null, active = null } = change.user
      const names = { user_name: userName, display_name: displayName, email, external_id: externalId }
      return put(USER, { ...of, id, ...names, active })
    }
    case 'group': {
      const { id, displayName, externalId = null } = change.group
      return put(GROUP, { ...of, id, display_name: displayName, external_id: externalId })
    }
    case 'member':
      return put(MEMBER, { ...of, group_id: change.group, user_id: change.user })
    case 'assignment':
      return put(ASSIGNMENT, { ...of, principal: change.principal, grant_key: change.grant })
    case 'assignments-read':
      return put(PRINCIPAL, { ...of, principal: change.principal, read_at: toTimestamp(change.at) })
    case 'swept':
      return put(SWEPT, { ...of, swept_at: toTimestamp(change.at) })
    case 'accounts-seen':
      return put(ACCOUNTS_SEEN, { ...of, accounts_seen: change.seen })
    case 'finding': {
      const { id, kind, message, foundAt, amount = null } = change.finding
      return put(FINDING, { ...of, id, kind, message, found_at: toTimestamp(foundAt), amount })
    }
  }
}

function deleteRow(organization: OrganizationId, change: Extract<MirrorChange, { delete: string }>): RowChange {
  const of = { organization_id: organization }
  const allOf = (principal: AwsPrincipal): RowsOf[] => {
    const where = { ...of, principal: awsPrincipalKey(principal) }
    return [
      { table: ASSIGNMENT, where },
      { table: PRINCIPAL, where },
    ]
  }
  switch (change.delete) {
    case 'account':
      return remove(ACCOUNT, { ...of, id: change.id }, [
        { table: ADOPTED_ACCOUNT, where: { ...of, account_id: change.id } },
      ])
    case 'permission-set':
      return remove(PERMISSION_SET, { ...of, arn: change.arn })
    case 'user':
      return remove(USER, { ...of, id: change.id }, [
        { table: MEMBER, where: { ...of, user_id: change.id } },
        ...allOf({ type: 'USER', id: change.id }),
      ])
    case 'group':
      return remove(GROUP, { ...of, id: change.id }, [
        { table: MEMBER, where: { ...of, group_id: change.id } },
        ...allOf({ type: 'GROUP', id: change.id }),
      ])
    case 'member':
      return remove(MEMBER, { ...of, group_id: change.group, user_id: change.user })
    case 'assignment':
      return remove(ASSIGNMENT, { ...of, principal: change.principal, grant_key: change.grant })
    case 'finding':
      return remove(FINDING, { ...of, id: change.id })
  }
}

export async function readMirror(transaction: Transaction<Tables>, organization: OrganizationId): Promise<Mirror> {
  const of = ['organization_id', '=', organization] as const
  const read = transaction
  const accounts = await read
    .selectFrom('mirror_account')
    .selectAll()
    .where(...of)
    .execute()
  const adopted = await read
    .selectFrom('adopted_account')
    .select('account_id')
    .where(...of)
    .execute()
  const sets = await read
    .selectFrom('mirror_permission_set')
    .selectAll()
    .where(...of)
    .execute()
  const users = await read
    .selectFrom('mirror_user')
    .selectAll()
    .where(...of)
    .execute()
  const groups = await read
    .selectFrom('mirror_group')
    .selectAll()
    .where(...of)
    .execute()
  const members = await read
    .selectFrom('mirror_member')
    .select(['group_id', 'user_id'])
    .where(...of)
    .execute()
  const assignments = await read
    .selectFrom('mirror_assignment')
    .select(['principal', 'grant_key'])
    .where(...of)
    .execute()
  const principals = await read
    .selectFrom('mirror_principal')
    .select(['principal', 'read_at'])
    .where(...of)
    .execute()
  const findings = await read
    .selectFrom('finding')
    .selectAll()
    .where(...of)
    .orderBy('found_at')
    .orderBy('id')
    .execute()
  const { sweptAt, accountsSeen } = await readProgress(read, organization)
  return {
    catalogue: createCatalogue(accounts.map(parseAccount), sets.map(parsePermissionSet)),
    adoptedAccounts: new Set(adopted.map(({ account_id }) => account_id)),
    observed: {
      users: new Map(users.map((row) => [row.id, parseUser(row)])),
      groups: withMembers(groups, members),
      assignments: grantsByPrincipal(principals, assignments),
    },
    assignmentsReadAt: new Map(principals.map(({ principal, read_at }) => [principal, toInstant(read_at)])),
    sweptAt,
    accountsSeen,
    findings: findings.map(({ id, kind, message, found_at, amount }) => ({
      id,
      kind,
      message,
      foundAt: toInstant(found_at),
      ...optional('amount', amount, same),
    })),
  }
}

export const parseAccount = (row: Selectable<Tables['mirror_account']>): Account => ({
  id: row.id,
  name: row.name,
  arn: row.arn,
  email: row.email,
  state: row.state,
  isManagement: row.is_management,
  ...optional('tags', row.tags, same),
  ...optional('parents', row.parents, same),
  ...optional('parent', row.parent, same),
})

export const parsePermissionSet = (row: Selectable<Tables['mirror_permission_set']>): PermissionSet => ({
  arn: row.arn,
  name: row.name,
  description: row.description,
  sessionDuration: row.session_duration,
})

const parseUser = (row: Selectable<Tables['mirror_user']>): ObservedUser => ({
  id: row.id,
  userName: row.user_name,
  displayName: row.display_name,
  email: row.email,
  ...optional('externalId', row.external_id, same),
  ...optional('active', row.active, same),
})

function withMembers(
  groups: readonly Selectable<Tables['mirror_group']>[],
  members: readonly { group_id: AwsGroupId; user_id: AwsUserId }[],
): ReadonlyMap<AwsGroupId, ObservedGroup> {
  const membersOf = new Map(groups.map(({ id }) => [id, new Set<AwsUserId>()]))
  for (const { group_id, user_id } of members) membersOf.get(group_id)?.add(user_id)
  return new Map(
    groups.map(({ id, display_name, external_id }) => {
      const group = { id, displayName: display_name, ...optional('externalId', external_id, same) }
      return [id, { ...group, members: membersOf.get(id) ?? new Set() }]
    }),
  )
}

/** A principal that was read and holds nothing is there with nothing: that is not the same as never read. */
function grantsByPrincipal(
  principals: readonly { principal: AwsPrincipalKey }[],
  assignments: readonly { principal: AwsPrincipalKey; grant_key: GrantKey }[],
): ReadonlyMap<AwsPrincipalKey, ReadonlySet<GrantKey>> {
  const grants = new Map(principals.map(({ principal }) => [principal, new Set<GrantKey>()]))
  for (const { principal, grant_key } of assignments) {
    const known = grants.get(principal)
    if (known) known.add(grant_key)
    else grants.set(principal, new Set([grant_key]))
  }
  return grants
}
