import type { Account as SdkAccount, OrganizationalUnit as SdkUnit, Tag as SdkTag } from '@aws-sdk/client-organizations'
import type {
  Group as SdkGroup,
  GroupMembership as SdkMembership,
  User as SdkUser,
} from '@aws-sdk/client-identitystore'
import type {
  AccountAssignmentForPrincipal as SdkAssignment,
  CustomerManagedPolicyReference as SdkPolicyReference,
  GetInlinePolicyForPermissionSetResponse as SdkInlinePolicy,
  GetPermissionsBoundaryForPermissionSetResponse as SdkBoundary,
  PermissionSet as SdkPermissionSet,
} from '@aws-sdk/client-sso-admin'
import { IdentityCenterError } from '@gatehouse/application'
import {
  type Account,
  type AccountId,
  type AwsGroupId,
  type AwsPrincipal,
  type AwsUserId,
  type CustomerManagedPolicy,
  type GrantKey,
  grantKey,
  type Labels,
  type ObservedUser,
  type OrganizationalUnit,
  type PermissionSet,
  type PermissionSetArn,
  type PermissionSetPolicies,
} from '@gatehouse/domain'

// The SDK's types say what AWS promises; the values are what a server sent. Every field is looked at as `unknown`.

/** ARNs of AWS are shorter (IAM User Guide, "IAM and AWS STS quotas": 2,048); ids are opaque beyond that. */
const LONGEST_ID = 2_048
const LONGEST_TEXT = 8_192

/**
 * Ids stay opaque: only length and control characters are checked, because AWS-compatible servers differ.
 * @throws IdentityCenterError `unavailable`
 */
export function parseId(operation: string, field: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_ID || /\p{Cc}/u.test(value))
    throw new IdentityCenterError('unavailable', operation, `${operation}: the answer holds no usable ${field}`)
  return value
}

/** Text for people; what is missing or of another type is empty. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : ''
}

/** The objects of a list. A list that is missing where AWS always sends it is no list: nothing is concluded from it. */
export function rowsOf<Row extends object>(
  operation: string,
  list: readonly Row[] | undefined,
  missing: 'fails' | 'is-empty' = 'fails',
): readonly Row[] {
  const value: unknown = list
  if ((value === undefined || value === null) && missing === 'is-empty') return []
  if (!Array.isArray(value) || value.some((row) => typeof row !== 'object' || row === null))
    throw new IdentityCenterError('unavailable', operation, `${operation}: the answer holds no list`)
  return list ?? []
}

/** `State` is what counts; `Status` is retired and read only where there is nothing else. */
const STATES = ['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'] as const

/** A server that says neither has no suspended accounts; a state we don't know is not one in which we grant. */
function parseState(row: SdkAccount): Account['state'] {
  const told: unknown = row.State ?? row.Status
  if (told === undefined) return 'ACTIVE'
  return STATES.find((state) => state === told) ?? 'SUSPENDED'
}

/** `arn:aws:organizations::<management account>:account/<organization>/<account>` */
const managementAccountOf = (arn: string): string | undefined =>
  /^arn:[^:]*:organizations::(\d{12}):account\//.exec(arn)?.[1]

export function parseAccount(row: SdkAccount, ownerAccount: string | undefined): Account {
  const id = parseId('ListAccounts', 'account id', row.Id)
  const arn = textOf(row.Arn)
  return {
    id: id as AccountId, // opaque from AWS; typed ones go through parseAccountId
    name: textOf(row.Name) || id,
    arn,
    email: textOf(row.Email),
    state: parseState(row),
    isManagement: id === (managementAccountOf(arn) ?? ownerAccount),
    ...parentsOf(row, id),
  }
}

/**
 * `o-…/r-…/ou-…/ou-…/<account>/` (Organizations API Reference, "Account"): all that holds the account, the root first.
 * Whatever else a server puts there tells nothing.
 */
function parentsOf(row: SdkAccount, id: string): Pick<Account, 'parents'> {
  const paths: unknown = row.Paths
  const path: unknown = Array.isArray(paths) && paths.length === 1 ? paths[0] : undefined
  if (typeof path !== 'string' || path.length > LONGEST_ID) return {}
  const [organization, ...parts] = path.replace(/\/$/, '').split('/')
  const account = parts.pop()
  const [root, ...units] = parts
  const isPath = /^o-\w+$/.test(organization ?? '') && /^r-\w+$/.test(root ?? '') && account === id
  if (!isPath || units.some((unit) => !/^ou-[\w-]+$/.test(unit))) return {}
  return { parents: parts.toReversed().map((unit) => ({ id: unit })) }
}

/** A name that is missing is not known; it is never shortened, because people write it out. */
export function parseUnit(operation: string, row: SdkUnit): OrganizationalUnit {
  const name: unknown = row.Name
  const id = parseId(operation, 'id', row.Id)
  return typeof name === 'string' && name !== '' && name.length <= LONGEST_TEXT ? { id, name } : { id }
}

export function parseTags(rows: readonly SdkTag[]): Labels {
  const operation = 'ListTagsForResource'
  return Object.fromEntries(
    rows.map(({ Key, Value }): [string, string] => [parseId(operation, 'tag', Key), textOf(Value)]),
  )
}

export function parsePermissionSet(asked: PermissionSetArn, row: SdkPermissionSet | undefined): PermissionSet {
  const operation = 'DescribePermissionSet'
  return {
    arn: asked,
    name: parseId(operation, 'permission set name', row?.Name),
    description: textOf(row?.Description),
    sessionDuration: textOf(row?.SessionDuration) || DEFAULT_SESSION,
  }
}

/** What AWS takes when none is given (IAM Identity Center User Guide, "Set session duration"). */
const DEFAULT_SESSION = 'PT1H'

export function parseRelayState(row: SdkPermissionSet | undefined): { relayState?: string } {
  const relayState = textOf(row?.RelayState)
  return relayState ? { relayState } : {}
}

/** Never shortened: what is left out of it would be granted unseen. A set without one has the empty text. */
export function parseInlinePolicy(answer: SdkInlinePolicy): { inlinePolicy?: string } {
  const value: unknown = answer.InlinePolicy ?? ''
  if (typeof value === 'string') return value.trim() === '' ? {} : { inlinePolicy: value }
  const operation = 'GetInlinePolicyForPermissionSet'
  throw new IdentityCenterError('unavailable', operation, `${operation}: the answer holds no policy text`)
}

/** The path is `/` where none is given (SSO Admin API Reference, "CustomerManagedPolicyReference"). */
export function parseCustomerManagedPolicy(operation: string, row: SdkPolicyReference): CustomerManagedPolicy {
  return { name: parseId(operation, 'policy name', row.Name), path: parseId(operation, 'policy path', row.Path ?? '/') }
}

export function parseBoundary({
  PermissionsBoundary: boundary,
}: SdkBoundary): Pick<PermissionSetPolicies, 'permissionsBoundary'> {
  const operation = 'GetPermissionsBoundaryForPermissionSet'
  if (boundary?.ManagedPolicyArn)
    return { permissionsBoundary: { managedPolicy: parseId(operation, 'policy ARN', boundary.ManagedPolicyArn) } }
  const reference = boundary?.CustomerManagedPolicyReference
  if (!reference) return {}
  return { permissionsBoundary: { customerManagedPolicy: parseCustomerManagedPolicy(operation, reference) } }
}

export const parsePermissionSetArn = (value: unknown): PermissionSetArn =>
  parseId('ListPermissionSets', 'permission set ARN', value) as PermissionSetArn // checked as far as opaque ids are

export function parseUser(row: SdkUser): ObservedUser {
  const userName = textOf(row.UserName)
  const emails = Array.isArray(row.Emails)
    ? row.Emails.filter((email) => typeof email === 'object' && email !== null)
    : []
  const email = emails.find(({ Primary }) => Primary === true) ?? emails[0]
  const status: unknown = row.UserStatus
  return {
    id: parseId('ListUsers', 'user id', row.UserId) as AwsUserId, // checked as far as opaque ids are
    userName,
    displayName: textOf(row.DisplayName) || userName,
    email: textOf(email?.Value),
    ...externalIdOf(row),
    ...(status === 'ENABLED' || status === 'DISABLED' ? { active: status === 'ENABLED' } : {}),
  }
}

export function parseGroup(row: SdkGroup): { id: AwsGroupId; displayName: string; externalId?: string } {
  return {
    id: parseId('ListGroups', 'group id', row.GroupId) as AwsGroupId, // checked as far as opaque ids are
    displayName: textOf(row.DisplayName),
    ...externalIdOf(row),
  }
}

/** The SCIM `externalId` shows up as the first entry (Identity Store API Reference, "ExternalId"). */
function externalIdOf(row: SdkUser | SdkGroup): { externalId?: string } {
  const list: unknown = row.ExternalIds
  const externalId = Array.isArray(list) ? textOf((row.ExternalIds ?? [])[0]?.Id) : ''
  return externalId ? { externalId } : {}
}

export const parseMember = (row: SdkMembership): AwsUserId =>
  parseId('ListGroupMemberships', 'member id', row.MemberId?.UserId) as AwsUserId // checked as far as opaque ids are

/**
 * A query for a user also answers what the user has through groups, with the group's id; those are not the user's own.
 * A server that does not repeat the principal means the one that was asked for.
 */
export function parseAssignments(principal: AwsPrincipal, rows: readonly SdkAssignment[]): ReadonlySet<GrantKey> {
  const operation = 'ListAccountAssignmentsForPrincipal'
  const own = rows.filter(
    (row) =>
      (row.PrincipalId ?? principal.id) === principal.id && (row.PrincipalType ?? principal.type) === principal.type,
  )
  return new Set(
    own.map((row) =>
      grantKey({
        account: parseId(operation, 'account id', row.AccountId) as AccountId, // opaque from AWS
        permissionSet: parseId(operation, 'permission set ARN', row.PermissionSetArn) as PermissionSetArn, // opaque
      }),
    ),
  )
}
