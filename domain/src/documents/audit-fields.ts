import type { ApprovalRule } from '../approval-rules/approval-rule.ts'
import type { AccessList, Member } from '../access-lists/access-list.ts'
import type { EventFields } from '../audit/event-fields.ts'
import type { Bundle } from '../bundles/bundle.ts'
import type { AccessListReview } from '../access-lists/review-list.ts'
import type { AccessRequest } from '../access-requests/access-request.ts'
import { resourceName } from '../access-requests/resource-ids.ts'
import type { View } from '../desired-state/view.ts'
import { formatDuration, formatInstant, type Instant } from '../kernel/instant.ts'
import type { UserId } from '../kernel/names.ts'
import type { LockTarget } from '../locks/lock.ts'
import type { ServiceProvider } from '../saml/service-provider.ts'
import { formatDay, formatFrequency } from './review-schedule.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { User } from '../users/user.ts'

/** Events name people as a reader knows them; ids are in the subjects. */
export const userNameOf = (id: UserId, view: View): string => view.userById.get(id)?.name ?? id

export function memberName(member: Member, view: View): string {
  switch (member.kind) {
    case 'user':
      return userNameOf(member.user, view)
    case 'list':
      return member.list
    case 'aws-only':
      return member.userName
  }
}

export const listFields = (list: AccessList, by: string): EventFields['access_list.create'] => ({
  name: list.id,
  access_list_title: list.title,
  updated_by: by,
  success: true,
})

export const reviewFields = (list: AccessList, review: AccessListReview): EventFields['access_list.review'] => ({
  ...listFields(list, review.reviewer),
  review_id: review.id,
  notes: review.notes,
  removed_members: review.changes.removedMembers,
  asked_removals: review.changes.askedRemovals ?? [],
  membership_requirements_changed: review.changes.membershipRequires ?? null,
  review_frequency_changed:
    review.changes.frequencyMonths === undefined ? '' : formatFrequency(review.changes.frequencyMonths),
  review_day_of_month_changed: review.changes.dayOfMonth === undefined ? '' : formatDay(review.changes.dayOfMonth),
  next_audit_date: review.nextAuditDate === undefined ? '' : formatInstant(review.nextAuditDate),
})

export const memberFields = (
  list: AccessList,
  members: readonly Member[],
  view: View,
  by: string,
  removedAt?: Instant,
): EventFields['access_list.member.create'] => ({
  access_list_name: list.id,
  access_list_title: list.title,
  updated_by: by,
  success: true,
  members: members.map((member) => ({
    member_name: memberName(member, view),
    joined_on: formatInstant(member.joined),
    ...removedOn(removedAt ?? member.expires),
    reason: member.reason,
    membership_kind: member.kind === 'list' ? 'MEMBERSHIP_KIND_LIST' : 'MEMBERSHIP_KIND_USER',
  })),
})

const removedOn = (at: Instant | undefined): { removed_on?: string } =>
  at === undefined ? {} : { removed_on: formatInstant(at) }

export const serviceProviderFields = (
  provider: ServiceProvider,
  by: string,
): EventFields['saml.idp.service.provider.create'] => ({
  name: provider.name,
  service_provider_entity_id: provider.metadata.entityId,
  attribute_mapping: Object.fromEntries(provider.attributeMapping.map(({ name, value }) => [name, value])),
  updated_by: by,
})

export const approvalRuleFields = (rule: ApprovalRule, by: string): EventFields['approval_rule.create'] => ({
  name: rule.name,
  decision: rule.effect.kind,
  updated_by: by,
})

export const bundleFields = ({ name, title }: Bundle, by: string): EventFields['bundle.create'] => ({
  name,
  title,
  updated_by: by,
})

export const requestFields = (request: AccessRequest, view: View): EventFields['access_request.create'] => ({
  id: request.id,
  user: userNameOf(request.user, view),
  roles: request.roles.map((reference) => canonicalName(reference, view)),
  resource_ids: [
    ...request.resources.map((resource) => ({ kind: 'aws_ic_account_assignment', name: resourceName(resource) })),
    ...request.applications.map((name) => ({ kind: 'saml_idp_service_provider', name })),
  ],
  state: request.state.toUpperCase(),
  reason: request.reason,
  max_duration: formatDuration(request.duration),
})

export const userFields = (user: User, view: View): EventFields['user.create'] => ({
  name: user.name,
  roles: user.roles.map((reference) => canonicalName(reference, view)),
  connector: 'local',
  expires: '',
})

export function lockTargetFields(target: LockTarget, view: View): Record<string, string> {
  switch (target.kind) {
    case 'user':
      return { user: userNameOf(target.user, view) }
    case 'role':
      return { role: target.role }
    case 'access-request':
      return { access_request: target.request }
  }
}
