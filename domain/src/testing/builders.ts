import {
  type AccessList,
  DEFAULT_SCHEDULE,
  type Member,
  NO_GRANTS,
  NO_REQUIREMENTS,
} from '../access-lists/access-list.ts'
import type { AccessRequest, RequestDetails, RequestState } from '../access-requests/access-request.ts'
import { AUDIT_CODES, type AuditEvent, type AuditEventName } from '../audit/audit-event.ts'
import { type Bundle, type BundleName, EXCLUDES_NOTHING } from '../bundles/bundle.ts'
import { createView, type OrganizationView, type Snapshot } from '../desired-state/view.ts'
import type { AwsGroupId, AwsUserId } from '../identity-center/account-assignment.ts'
import { type Account, parseAccountId } from '../identity-center/account.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import type { PermissionSet, PermissionSetArn } from '../identity-center/permission-set.ts'
import { systemRoleName } from '../identity-center/system-roles.ts'
import { days, hours, type Instant, instant, plus } from '../kernel/instant.ts'
import type {
  AccessListId,
  AccessRequestId,
  LockId,
  OrganizationId,
  RoleName,
  UserId,
  UserName,
} from '../kernel/names.ts'
import { parsePattern } from '../kernel/pattern.ts'
import type { Lock } from '../locks/lock.ts'
import type { ServiceProvider, ServiceProviderName } from '../saml/service-provider.ts'
import { groupKey, type GroupLink, type GroupSide, type UserLink } from '../organizations/link.ts'
import { DEFAULT_REMOVAL_BUDGET, type Organization, REVERT_ALL } from '../organizations/organization.ts'
import {
  type AccountAssignmentPattern,
  DEFAULT_OPTIONS,
  NO_CONDITIONS,
  NO_REQUEST_CONDITIONS,
  type RequestConditions,
  type ReviewConditions,
  type Role,
  type RoleConditions,
  type RoleReference,
} from '../roles/role.ts'
import type { User } from '../users/user.ts'
import { profileOf } from '../users/user-profile.ts'

/** The instant at which every scene starts unless it says otherwise. */
export const NOW: Instant = instant('2027-03-01T09:00:00Z')

/** The casts of this file are what builders are for: a scene names things as briefly as it can. */
export const userId = (name: string): UserId => `id-of-${name}` as UserId
export const listId = (name: string): AccessListId => name as AccessListId
export const requestId = (name: string): AccessRequestId => name as AccessRequestId
export const roleName = (name: string): RoleName => name as RoleName
export const setArn = (name: string): PermissionSetArn =>
  `arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-${name.toLowerCase()}` as PermissionSetArn
export const awsUserId = (name: string): AwsUserId => `aws-user-${name}` as AwsUserId
export const awsGroupId = (name: string): AwsGroupId => `aws-group-${name}` as AwsGroupId

export function anAccount(name: string, id: string, partial: Partial<Account> = {}): Account {
  return {
    id: parseAccountId(id),
    name,
    arn: `arn:aws:organizations::100000000000:account/o-example/${id}`,
    email: `${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')}@acme.example`,
    state: 'ACTIVE',
    isManagement: false,
    ...partial,
  }
}

export function aPermissionSet(name: string, partial: Partial<PermissionSet> = {}): PermissionSet {
  return { arn: setArn(name), name, description: `${name} for tests`, sessionDuration: 'PT1H', ...partial }
}

export const MANAGEMENT = anAccount('acme', '100000000000', { isManagement: true })
export const PROD = anAccount('prod', '111111111111')
export const SANDBOX = anAccount('sandbox', '222222222222')
export const STAGING = anAccount('staging', '333333333333')
export const ADMIN = aPermissionSet('AdministratorAccess')
export const READ_ONLY = aPermissionSet('ReadOnlyAccess')
export const BILLING = aPermissionSet('Billing')
export const A_CATALOGUE = createCatalogue([MANAGEMENT, PROD, SANDBOX, STAGING], [ADMIN, READ_ONLY, BILLING])

/** The name of the system role of a set on an account. */
export const on = (set: PermissionSet, account: Account): RoleName => systemRoleName(account, set)

/** Names become references; a reference stays as it is. */
export const references = (names: readonly (string | RoleReference)[]): readonly RoleReference[] =>
  names.map((name) => (typeof name === 'string' ? { name: roleName(name) } : name))

export function aUser(
  name: string,
  { roles = [], ...partial }: Partial<Omit<User, 'roles'>> & { roles?: readonly (string | RoleReference)[] } = {},
): User {
  const address = (name.includes('@') ? name : `${name}@acme.example`) as UserName
  return {
    id: userId(name),
    name: address,
    roles: references(roles),
    traits: {},
    labels: {},
    createdAt: NOW,
    revision: 1,
    ...partial,
  }
}

/** `[account pattern, permission set ARN pattern]` */
export type PatternPair = readonly [account: string, permissionSet: string]
interface ConditionsInput {
  appLabels?: RoleConditions['appLabels']
  rules?: RoleConditions['rules']
  appLabelsExpression?: RoleConditions['appLabelsExpression']
  assignments?: readonly PatternPair[]
  request?: Partial<Omit<RequestConditions, 'roles' | 'searchAsRoles'>> & {
    roles?: readonly string[]
    searchAsRoles?: readonly string[]
  }
  reviewRequests?: readonly string[]
}

const assignmentPattern = ([account, permissionSet]: PatternPair): AccountAssignmentPattern => ({
  account: parsePattern(account),
  permissionSet: parsePattern(permissionSet),
})

export function conditions(input: ConditionsInput = {}): RoleConditions {
  const { roles = [], searchAsRoles = [], ...request } = input.request ?? {}
  const reviewRequests: ReviewConditions = {
    roles: (input.reviewRequests ?? []).map(parsePattern),
    claimsToRoles: [],
    previewAsRoles: [],
  }
  return {
    ...NO_CONDITIONS,
    ...(input.appLabels ? { appLabels: input.appLabels } : {}),
    ...(input.appLabelsExpression ? { appLabelsExpression: input.appLabelsExpression } : {}),
    accountAssignments: (input.assignments ?? []).map(assignmentPattern),
    request: {
      ...NO_REQUEST_CONDITIONS,
      ...request,
      roles: roles.map(parsePattern),
      searchAsRoles: searchAsRoles.map(roleName),
    },
    reviewRequests,
    rules: input.rules ?? [],
  }
}

export function aRole(
  name: string,
  {
    allow,
    deny,
    ...partial
  }: Partial<Omit<Role, 'allow' | 'deny'>> & { allow?: ConditionsInput; deny?: ConditionsInput } = {},
): Role {
  return {
    name: roleName(name),
    version: 'v8',
    description: '',
    labels: {},
    options: DEFAULT_OPTIONS,
    allow: conditions(allow),
    deny: conditions(deny),
    unused: {},
    revision: 1,
    ...partial,
  }
}

type EntryOptions = { expires?: Instant; reason?: string; addedBy?: string; joined?: Instant }
const entry = ({ expires, reason = '', addedBy = 'system', joined = NOW }: EntryOptions) => ({
  joined,
  reason,
  addedBy,
  ...(expires === undefined ? {} : { expires }),
})
export const aMember = (user: string, options: EntryOptions = {}): Member => ({
  kind: 'user',
  user: userId(user),
  ...entry(options),
})
export const aMemberList = (list: string, options: EntryOptions = {}): Member => ({
  kind: 'list',
  list: listId(list),
  ...entry(options),
})
export const anAwsOnlyMember = (name: string, options: EntryOptions = {}): Member => ({
  kind: 'aws-only',
  awsUser: awsUserId(name),
  userName: `${name}@acme.example`,
  ...entry(options),
})

interface ListInput {
  /** Names of users, or members made by `aMember…`. */
  members?: readonly (string | Member)[]
  owners?: readonly string[]
  ownerLists?: readonly string[]
  grants?: readonly (string | RoleReference)[]
  ownerGrants?: readonly (string | RoleReference)[]
}

/** A list whose title is its name unless the scene says otherwise. */
export function aList(
  name: string,
  input: ListInput & Partial<Omit<AccessList, 'members' | 'owners' | 'grants' | 'ownerGrants'>> = {},
): AccessList {
  const { members = [], owners = [], ownerLists = [], grants = [], ownerGrants = [], ...partial } = input
  return {
    id: listId(name),
    title: name,
    description: '',
    type: '',
    labels: {},
    owners: [
      ...owners.map((owner) => ({ kind: 'user', user: userId(owner), description: '' }) as const),
      ...ownerLists.map((owner) => ({ kind: 'list', list: listId(owner), description: '' }) as const),
    ],
    members: members.map((member) => (typeof member === 'string' ? aMember(member) : member)),
    membershipRequires: NO_REQUIREMENTS,
    ownershipRequires: NO_REQUIREMENTS,
    grants: { ...NO_GRANTS, roles: references(grants) },
    ownerGrants: { ...NO_GRANTS, roles: references(ownerGrants) },
    audit: DEFAULT_SCHEDULE,
    signOffs: [],
    revision: 1,
    ...partial,
  }
}

/** An event with whatever fields a scene needs. */
export function anEvent(
  event: AuditEventName,
  { success = true, ...partial }: Partial<Omit<AuditEvent, 'event' | 'code'>> & { readonly success?: boolean } = {},
): AuditEvent {
  return { event, code: AUDIT_CODES[event][success ? 0 : 1], time: NOW, subjects: [], fields: {}, ...partial }
}

/** A pending role request unless the scene says otherwise. */
export function aRequest(
  name: string,
  user: string,
  {
    roles = [],
    ...partial
  }: Partial<Omit<RequestDetails, 'roles'>> &
    Partial<RequestState> & { roles?: readonly (string | RoleReference)[] } = {},
): AccessRequest {
  const asked = references(roles)
  const details = {
    id: requestId(name),
    user: userId(user),
    roles: asked,
    resources: [],
    applications: [],
    bundles: [],
    reason: '',
    suggestedReviewers: [],
    annotations: {},
    thresholds: [{ name: 'default', approve: 1, deny: 1 }],
    roleThresholds: Object.fromEntries(asked.map((reference) => [reference.name, [[0]]])),
    reviews: [],
    createdAt: NOW,
    pendingUntil: plus(NOW, days(7)),
    duration: hours(8),
    revision: 1,
    state: 'pending',
  }
  return { ...details, ...partial } as AccessRequest // a scene that names a state names what belongs to it
}

/** What an approved request carries, in force for eight hours from an instant. */
export const approved = (from: Instant = NOW, duration = hours(8)): Extract<RequestState, { state: 'approved' }> => ({
  state: 'approved',
  resolvedAt: from,
  startsAt: from,
  expiresAt: plus(from, duration),
  resolveReason: '',
  checkedAt: from,
  rowsOut: [],
})

export const aLock = (target: Lock['target'], partial: Partial<Lock> = {}): Lock => ({
  id: `lock-${JSON.stringify(target)}` as LockId,
  target,
  message: '',
  createdAt: NOW,
  createdBy: 'system',
  revision: 1,
  ...partial,
})

export const aUserLink = (user: User, partial: Partial<UserLink> = {}): UserLink => ({
  user: user.id,
  awsUser: `aws-${user.id}` as AwsUserId,
  origin: 'created',
  pushed: { ...profileOf(user), active: true },
  assignmentsAdopted: true,
  userDeleted: false,
  ...partial,
})

export const aGroupLink = (
  list: AccessList,
  side: GroupSide = 'members',
  partial: Partial<GroupLink> = {},
): GroupLink => ({
  group: groupKey(list.id, side),
  list: list.id,
  side,
  awsGroup: `aws-${list.id}-${side}` as AwsGroupId,
  origin: 'created',
  pushedTitle: list.title,
  contentsAdopted: true,
  ...partial,
})

export const anOrganization = (partial: Partial<Organization> = {}): Organization => ({
  id: 'acme' as OrganizationId,
  name: 'aws-identity-center',
  instanceArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
  region: 'eu-west-1',
  identityStoreId: 'd-0123456789',
  managementAccount: MANAGEMENT.id,
  mode: 'active',
  hybrid: false,
  credentials: {
    source: 'oidc',
    integration: 'idc-role',
    roleArn: 'arn:aws:iam::100000000000:role/gatehouse',
    audience: 'sts.amazonaws.com',
  },
  scimUrl: 'https://scim.eu-west-1.amazonaws.com/0123/scim/v2',
  startUrl: 'https://d-0123456789.awsapps.com/start',
  portalUrl: 'https://d-0123456789.awsapps.com/start',
  defaultOwners: [],
  accountFilter: [],
  groupFilter: [],
  userFilter: [],
  driftPolicy: REVERT_ALL,
  removalBudget: DEFAULT_REMOVAL_BUDGET,
  rolesSyncMode: 'ALL',
  createdAt: NOW,
  revision: 1,
  ...partial,
})

export function aServiceProvider(name: string, partial: Partial<ServiceProvider> = {}): ServiceProvider {
  return {
    name: name as ServiceProviderName,
    labels: {},
    entityDescriptor: '',
    preset: 'unspecified',
    relayState: '',
    attributeMapping: [],
    launchUrls: [],
    metadata: {
      entityId: `https://${name}.example/saml`,
      assertionConsumers: [{ url: `https://${name}.example/saml/acs`, index: 0 }],
      nameIdFormats: [],
      signingCertificates: [],
      signsRequests: false,
      wantsSignedAssertions: true,
    },
    revision: 1,
    ...partial,
  }
}

/** Read-only access everywhere, unless the scene says otherwise. */
export const aBundle = (name: string, partial: Partial<Bundle> = {}): Bundle => ({
  name: name as BundleName,
  title: '',
  description: '',
  labels: {},
  accounts: [{ id: parsePattern('*') }],
  permissionSets: [parsePattern('ReadOnlyAccess')],
  exclude: EXCLUDES_NOTHING,
  revision: 1,
  ...partial,
})

export const aSnapshot = (partial: Partial<Snapshot> = {}): Snapshot => ({
  organization: anOrganization(),
  users: [],
  roles: [],
  lists: [],
  requests: [],
  locks: [],
  serviceProviders: [],
  bundles: [],
  approvalRules: [],
  adopted: [],
  userLinks: [],
  groupLinks: [],
  catalogue: A_CATALOGUE,
  auditSeq: 0,
  ...partial,
})

/** A complete view: an organization with four accounts and three permission sets, and whatever the scene names. */
export const aView = (partial: Partial<Snapshot> = {}): OrganizationView => createView(aSnapshot(partial))
