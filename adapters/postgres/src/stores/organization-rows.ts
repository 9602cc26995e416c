import type { AdoptedAssignment, GroupLink, Organization, UserLink } from '@gatehouse/domain'
import type { Of } from '@gatehouse/application'
import type { Selectable } from 'kysely'
import type { Tables } from './schema.ts'
import { foldName, optional, same, toInstant, toTimestamp } from './values.ts'

type RowOf<Table extends keyof Tables> = Selectable<Tables[Table]>

export const organizationRow = (organization: Organization) => ({
  id: organization.id,
  name: organization.name,
  name_key: foldName(organization.name),
  instance_arn: organization.instanceArn,
  region: organization.region,
  identity_store_id: organization.identityStoreId,
  management_account: organization.managementAccount,
  mode: organization.mode,
  hybrid: organization.hybrid,
  credentials: organization.credentials,
  scim_url: organization.scimUrl,
  start_url: organization.startUrl,
  portal_url: organization.portalUrl,
  default_owners: organization.defaultOwners,
  account_filter: organization.accountFilter,
  group_filter: organization.groupFilter,
  user_filter: organization.userFilter,
  drift_policy: organization.driftPolicy,
  removal_budget: organization.removalBudget,
  roles_sync_mode: organization.rolesSyncMode,
  created_at: toTimestamp(organization.createdAt),
  revision: organization.revision,
  withdrawal: organization.withdrawal ?? null,
})
export const parseOrganization = (row: RowOf<'organization'>): Organization => ({
  id: row.id,
  name: row.name,
  instanceArn: row.instance_arn,
  region: row.region,
  identityStoreId: row.identity_store_id,
  managementAccount: row.management_account,
  mode: row.mode,
  hybrid: row.hybrid,
  credentials: row.credentials,
  scimUrl: row.scim_url,
  startUrl: row.start_url,
  portalUrl: row.portal_url,
  defaultOwners: row.default_owners,
  accountFilter: row.account_filter,
  groupFilter: row.group_filter,
  userFilter: row.user_filter,
  driftPolicy: row.drift_policy,
  removalBudget: row.removal_budget,
  rolesSyncMode: row.roles_sync_mode,
  createdAt: toInstant(row.created_at),
  revision: row.revision,
  ...optional('withdrawal', row.withdrawal, same),
})

export const userLinkRow = (link: UserLink & Of) => ({
  organization_id: link.organization,
  user_id: link.user,
  aws_user_id: link.awsUser,
  origin: link.origin,
  pushed: link.pushed,
  assignments_adopted: link.assignmentsAdopted,
  user_deleted: link.userDeleted,
  aws_user_name: link.awsUserName ?? null,
})
export const parseUserLink = (row: RowOf<'user_link'>): UserLink & Of => ({
  organization: row.organization_id,
  user: row.user_id,
  awsUser: row.aws_user_id,
  origin: row.origin,
  pushed: row.pushed,
  assignmentsAdopted: row.assignments_adopted,
  userDeleted: row.user_deleted,
  ...optional('awsUserName', row.aws_user_name, same),
})

export const groupLinkRow = (link: GroupLink & Of) => ({
  organization_id: link.organization,
  group_key: link.group,
  list_id: link.list,
  side: link.side,
  aws_group_id: link.awsGroup,
  origin: link.origin,
  pushed_title: link.pushedTitle,
  adopted_under: link.adoptedUnder ?? null,
  contents_adopted: link.contentsAdopted,
  ending: link.ending ?? null,
})
export const parseGroupLink = (row: RowOf<'group_link'>): GroupLink & Of => ({
  organization: row.organization_id,
  group: row.group_key,
  list: row.list_id,
  side: row.side,
  awsGroup: row.aws_group_id,
  origin: row.origin,
  pushedTitle: row.pushed_title,
  ...optional('adoptedUnder', row.adopted_under, same),
  contentsAdopted: row.contents_adopted,
  ...optional('ending', row.ending, same),
})

export const adoptedRow = (adopted: AdoptedAssignment & Of) => ({
  organization_id: adopted.organization,
  user_id: adopted.user,
  grant_key: adopted.grant,
  adopted_at: toTimestamp(adopted.adoptedAt),
  kept_by: adopted.keptBy ?? null,
})
export const parseAdopted = (row: RowOf<'adopted_assignment'>): AdoptedAssignment & Of => ({
  organization: row.organization_id,
  user: row.user_id,
  grant: row.grant_key,
  adoptedAt: toInstant(row.adopted_at),
  ...optional('keptBy', row.kept_by, same),
})
