import {
  type AccessList,
  type AccessRequest,
  type ApprovalRule,
  type Bundle,
  type Duration,
  type Lock,
  type LockTarget,
  milliseconds,
  NO_CONDITIONS,
  type Role,
  type RoleConditions,
  type ServiceProvider,
  type User,
} from '@gatehouse/domain'
import type { RecordChange } from '@gatehouse/application'
import type { Selectable } from 'kysely'
import { put, remove, type RowChange } from './apply-changes.ts'
import { adoptedRow, groupLinkRow, organizationRow, userLinkRow } from './organization-rows.ts'
import {
  ACCESS_LIST,
  ACCESS_REQUEST,
  ADOPTED_ASSIGNMENT,
  APPROVAL_RULE,
  BUNDLE,
  GROUP_LINK,
  LOCAL_USER,
  LOCK,
  ORGANIZATION,
  ROLE,
  SERVICE_PROVIDER,
  USER_LINK,
} from './record-tables.ts'
import type { DraftEnded } from './review-drafts.ts'
import type { Tables } from './schema.ts'
import { foldName, optional, same, toInstant, toTimestamp } from './values.ts'

/** Reviews are history, and no rows that a later change could change: see access-list-reviews.ts. */
export type ReviewFiled = Extract<RecordChange, { readonly put: 'list-review' }>

type RowOf<Table extends keyof Tables> = Selectable<Tables[Table]>

/** The row that a change puts or deletes. A list's owners and members are rows of their own: see list-rows.ts. */
export function toRecordRow(change: Exclude<RecordChange, ReviewFiled | DraftEnded>): RowChange {
  if ('put' in change) {
    switch (change.put) {
      case 'user':
        return put(LOCAL_USER, userRow(change.user))
      case 'role':
        return put(ROLE, { ...change.role, name_key: foldName(change.role.name) })
      case 'list':
        return put(ACCESS_LIST, listRow(change.list))
      case 'request':
        return put(ACCESS_REQUEST, requestRow(change.request))
      case 'lock':
        return put(LOCK, lockRow(change.lock))
      case 'service-provider':
        return put(SERVICE_PROVIDER, serviceProviderRow(change.provider))
      case 'bundle':
        return put(BUNDLE, bundleRow(change.bundle))
      case 'approval-rule':
        return put(APPROVAL_RULE, approvalRuleRow(change.rule))
      case 'organization':
        return put(ORGANIZATION, organizationRow(change.organization))
      case 'user-link':
        return put(USER_LINK, userLinkRow(change.link))
      case 'group-link':
        return put(GROUP_LINK, groupLinkRow(change.link))
      case 'adopted':
        return put(ADOPTED_ASSIGNMENT, adoptedRow(change.adopted))
    }
  }
  switch (change.delete) {
    case 'user':
      return remove(LOCAL_USER, { id: change.id }, [{ table: ADOPTED_ASSIGNMENT, where: { user_id: change.id } }])
    case 'role':
      return remove(ROLE, { name: change.name })
    case 'list':
      return remove(ACCESS_LIST, { id: change.id })
    case 'request':
      return remove(ACCESS_REQUEST, { id: change.id })
    case 'lock':
      return remove(LOCK, { id: change.id })
    case 'service-provider':
      return remove(SERVICE_PROVIDER, { name: change.name })
    case 'bundle':
      return remove(BUNDLE, { name: change.name })
    case 'approval-rule':
      return remove(APPROVAL_RULE, { name: change.name })
    case 'organization': {
      const where = { organization_id: change.id }
      const its = [USER_LINK, GROUP_LINK, ADOPTED_ASSIGNMENT].map((table) => ({ table, where }))
      return remove(ORGANIZATION, { id: change.id }, its)
    }
    case 'user-link':
      return remove(USER_LINK, { organization_id: change.organization, user_id: change.user })
    case 'group-link':
      return remove(GROUP_LINK, { organization_id: change.organization, group_key: change.group })
    case 'adopted': {
      const { organization, user, grant } = change
      return remove(ADOPTED_ASSIGNMENT, { organization_id: organization, user_id: user, grant_key: grant })
    }
  }
}

const userRow = (user: User) => ({
  id: user.id,
  name: user.name,
  name_key: foldName(user.name),
  roles: user.roles,
  traits: user.traits,
  labels: user.labels,
  created_at: toTimestamp(user.createdAt),
  revision: user.revision,
})
export const parseUser = (row: RowOf<'local_user'>): User => ({
  id: row.id,
  name: row.name,
  roles: row.roles,
  traits: row.traits,
  labels: row.labels,
  createdAt: toInstant(row.created_at),
  revision: row.revision,
})

export const parseRole = (row: RowOf<'role'>): Role => ({
  name: row.name,
  version: row.version,
  description: row.description,
  labels: row.labels,
  options: row.options,
  allow: conditionsOf(row.allow),
  deny: conditionsOf(row.deny),
  unused: row.unused,
  revision: row.revision,
})

/** A role may have been written before it could have all of this. */
const conditionsOf = (stored: RoleConditions): RoleConditions => ({
  ...NO_CONDITIONS,
  ...stored,
  request: { ...NO_CONDITIONS.request, ...stored.request },
  reviewRequests: { ...NO_CONDITIONS.reviewRequests, ...stored.reviewRequests },
})

const listRow = (list: AccessList) => ({
  id: list.id,
  title: list.title,
  title_key: foldName(list.title),
  description: list.description,
  type: list.type,
  labels: list.labels,
  membership_requires: list.membershipRequires,
  ownership_requires: list.ownershipRequires,
  grants: list.grants,
  owner_grants: list.ownerGrants,
  review_every_months: list.audit.frequencyMonths,
  review_day: list.audit.dayOfMonth,
  next_review_at: list.audit.nextAuditDate === undefined ? null : toTimestamp(list.audit.nextAuditDate),
  review_notice_ms: list.audit.notifyBefore,
  suspend_after_ms: list.audit.suspendAfter ?? null,
  required_reviewers: list.audit.requiredReviewers,
  sign_offs: list.signOffs,
  escalation: list.escalation ?? null,
  reminded: list.reminded ?? null,
  asked_removals: list.askedRemovals ?? null,
  revision: list.revision,
})
export const parseList = (
  row: RowOf<'access_list'>,
  { owners, members }: Pick<AccessList, 'owners' | 'members'>,
): AccessList => ({
  id: row.id,
  title: row.title,
  description: row.description,
  type: row.type,
  labels: row.labels,
  owners,
  members,
  membershipRequires: row.membership_requires,
  ownershipRequires: row.ownership_requires,
  grants: row.grants,
  ownerGrants: row.owner_grants,
  audit: {
    frequencyMonths: row.review_every_months,
    dayOfMonth: row.review_day,
    ...optional('nextAuditDate', row.next_review_at, toInstant),
    notifyBefore: toDuration(row.review_notice_ms),
    ...optional('suspendAfter', row.suspend_after_ms, toDuration),
    requiredReviewers: row.required_reviewers,
  },
  signOffs: row.sign_offs,
  ...optional('escalation', row.escalation ?? null, same),
  ...optional('reminded', row.reminded ?? null, same),
  ...optional('askedRemovals', row.asked_removals ?? null, same),
  revision: row.revision,
})

function requestRow(request: AccessRequest) {
  const resolved = request.state === 'pending' ? undefined : request
  const approved = request.state === 'approved' ? request : undefined
  return {
    id: request.id,
    user_id: request.user,
    roles: request.roles,
    resources: request.resources,
    reason: request.reason,
    suggested_reviewers: request.suggestedReviewers,
    annotations: request.annotations,
    thresholds: request.thresholds,
    role_thresholds: request.roleThresholds,
    reviews: request.reviews,
    created_at: toTimestamp(request.createdAt),
    pending_until: toTimestamp(request.pendingUntil),
    duration_ms: request.duration,
    assume_start_time: request.assumeStartTime === undefined ? null : toTimestamp(request.assumeStartTime),
    revision: request.revision,
    state: request.state,
    resolved_at: resolved ? toTimestamp(resolved.resolvedAt) : null,
    resolve_reason: resolved ? resolved.resolveReason : null,
    starts_at: approved ? toTimestamp(approved.startsAt) : null,
    expires_at: approved ? toTimestamp(approved.expiresAt) : null,
    promoted_into: request.state === 'promoted' ? request.into : null,
    applications: request.applications,
    long_term: request.longTerm ?? null,
    bundles: request.bundles,
    prolongs: request.prolongs ?? null,
    automatic: request.automatic ?? null,
    checked_at: approved?.checkedAt === undefined ? null : toTimestamp(approved.checkedAt),
    approved_grants: approved?.approvedGrants ?? null,
    approved_roles: approved?.approvedRoles ?? null,
    approved_sets: approved?.approvedSets ?? null,
    set_changes: approved?.setChanges ?? null,
    rows_out: approved?.rowsOut ?? [],
  }
}
export const parseRequest = (row: RowOf<'access_request'>): AccessRequest =>
  // The table's checks say which of the optional columns each state has; the compiler can't see them.
  ({
    id: row.id,
    user: row.user_id,
    roles: row.roles,
    resources: row.resources,
    reason: row.reason,
    suggestedReviewers: row.suggested_reviewers,
    annotations: row.annotations,
    thresholds: row.thresholds,
    roleThresholds: row.role_thresholds,
    reviews: row.reviews,
    createdAt: toInstant(row.created_at),
    pendingUntil: toInstant(row.pending_until),
    duration: toDuration(row.duration_ms),
    ...optional('assumeStartTime', row.assume_start_time, toInstant),
    revision: row.revision,
    state: row.state,
    ...optional('resolvedAt', row.resolved_at, toInstant),
    ...optional('resolveReason', row.resolve_reason, same),
    ...optional('startsAt', row.starts_at, toInstant),
    ...optional('expiresAt', row.expires_at, toInstant),
    ...optional('into', row.promoted_into, same),
    applications: row.applications,
    ...optional('longTerm', row.long_term, same),
    bundles: row.bundles,
    ...optional('prolongs', row.prolongs, same),
    ...optional('automatic', row.automatic, same),
    ...optional('checkedAt', row.checked_at, toInstant),
    ...optional('approvedGrants', row.approved_grants, same),
    ...optional('approvedRoles', row.approved_roles, same),
    ...optional('approvedSets', row.approved_sets, same),
    ...optional('setChanges', row.set_changes, same),
    ...(row.state === 'approved' ? { rowsOut: row.rows_out } : {}),
  }) as AccessRequest

const toDuration = (bigint: string): Duration => milliseconds(Number(bigint))

const lockRow = (lock: Lock) => ({
  id: lock.id,
  target_kind: lock.target.kind,
  target: lockTargetOf(lock.target),
  message: lock.message,
  created_at: toTimestamp(lock.createdAt),
  created_by: lock.createdBy,
  expires_at: lock.expires === undefined ? null : toTimestamp(lock.expires),
  revision: lock.revision,
})
function lockTargetOf(target: LockTarget): string {
  switch (target.kind) {
    case 'user':
      return target.user
    case 'role':
      return target.role
    case 'access-request':
      return target.request
  }
}
export const parseLock = (row: RowOf<'lock'>): Lock => ({
  id: row.id,
  target: parseLockTarget(row),
  message: row.message,
  createdAt: toInstant(row.created_at),
  createdBy: row.created_by,
  ...optional('expires', row.expires_at, toInstant),
  revision: row.revision,
})
function parseLockTarget({ target_kind: kind, target }: RowOf<'lock'>): LockTarget {
  const field = kind === 'access-request' ? 'request' : kind
  // `lockRow` wrote the id that belongs to the kind.
  return { kind, [field]: target } as LockTarget
}

const approvalRuleRow = ({ when, ...rule }: ApprovalRule) => ({
  ...rule,
  name_key: foldName(rule.name),
  conditions: when,
})
export const parseApprovalRule = (row: RowOf<'approval_rule'>): ApprovalRule => ({
  name: row.name,
  description: row.description,
  labels: row.labels,
  when: row.conditions,
  effect: row.effect,
  authors: row.authors,
  revision: row.revision,
})

const bundleRow = ({ permissionSets, ...bundle }: Bundle) => ({
  ...bundle,
  name_key: foldName(bundle.name),
  permission_sets: permissionSets,
})
export const parseBundle = (row: RowOf<'bundle'>): Bundle => ({
  name: row.name,
  title: row.title,
  description: row.description,
  labels: row.labels,
  accounts: row.accounts,
  permissionSets: row.permission_sets,
  exclude: row.exclude,
  revision: row.revision,
})

const serviceProviderRow = (provider: ServiceProvider) => ({
  name: provider.name,
  name_key: foldName(provider.name),
  labels: provider.labels,
  entity_descriptor: provider.entityDescriptor,
  preset: provider.preset,
  relay_state: provider.relayState,
  attribute_mapping: provider.attributeMapping,
  launch_urls: provider.launchUrls,
  entity_id: provider.metadata.entityId,
  metadata: provider.metadata,
  revision: provider.revision,
})
export const parseServiceProvider = (row: RowOf<'service_provider'>): ServiceProvider => ({
  name: row.name,
  labels: row.labels,
  entityDescriptor: row.entity_descriptor,
  preset: row.preset,
  relayState: row.relay_state,
  attributeMapping: row.attribute_mapping,
  launchUrls: row.launch_urls,
  metadata: row.metadata,
  revision: row.revision,
})
