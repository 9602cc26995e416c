import {
  auditEvent,
  type AuditEvent,
  type GroupKey,
  type Instant,
  type Operation,
  type OrganizationId,
  parseGroupKey,
  type Subject,
} from '@gatehouse/domain'
import type { MemberOperation } from './execute-directory.ts'

interface Place {
  readonly organization: OrganizationId
  readonly now: Instant
  /** Why AWS has not done it. */
  readonly failure?: string
}

export const userEvent = (place: Place, user: string, name: string, change: string): AuditEvent =>
  auditEvent('aws_identity_center.user.pushed', {
    time: place.now,
    subjects: [`user:${user}`, ofPlace(place)],
    success: place.failure === undefined,
    fields: { organization: place.organization, name, user_id: user, change, ...ofFailure(place) },
  })

export const groupEvent = (place: Place, group: GroupKey, title: string, change: string): AuditEvent =>
  auditEvent('aws_identity_center.group.pushed', {
    time: place.now,
    subjects: [`list:${parseGroupKey(group).list}`, ofPlace(place)],
    success: place.failure === undefined,
    fields: { organization: place.organization, group: title, list: group, change, ...ofFailure(place) },
  })

/** That a user or a group is still in AWS, because AWS refused to delete it; of anything else nothing. */
export function refusedDeletion(place: Place & { readonly failure: string }, operation: Operation): AuditEvent[] {
  if (operation.kind === 'delete-user') return [userEvent(place, operation.user, operation.userName, 'deleted')]
  return operation.kind === 'delete-group' ? [groupEvent(place, operation.group, operation.title, 'deleted')] : []
}

const ofFailure = ({ failure }: Place) => (failure === undefined ? {} : { success: false as const, error: failure })

export function membersEvent(
  place: Place,
  { group, title, awsGroup }: MemberOperation['group'] & { readonly awsGroup: string },
  operations: readonly MemberOperation[],
): AuditEvent {
  const namesOf = (kind: MemberOperation['kind']): string[] =>
    operations.filter((one) => one.kind === kind).map(({ member }) => member.userName)
  return auditEvent('aws_identity_center.group.members_changed', {
    time: place.now,
    subjects: [`list:${parseGroupKey(group).list}`, ofPlace(place)],
    fields: {
      organization: place.organization,
      group: title,
      external_id: awsGroup,
      added: namesOf('add-member'),
      removed: namesOf('remove-member'),
    },
  })
}

const ofPlace = ({ organization }: Place): Subject => `organization:${organization}`
