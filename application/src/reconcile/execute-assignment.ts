import {
  auditEvent,
  type AuditEvent,
  awsPrincipalKey,
  awsPrincipalOf,
  formatInstant,
  grantOfKey,
  type Instant,
  type Operation,
  type OrganizationId,
  parseGroupKey,
  type RemovalCause,
  type Subject,
} from '@gatehouse/domain'
import type { AssignmentStatus, CallOptions, IdentityCenter } from '../ports/identity-center.ts'
import type { Outcome } from './execute-directory.ts'

export type AssignmentOperation = Extract<Operation, { kind: 'create-assignment' | 'delete-assignment' }>

/** Sends the request; AWS carries it out later. @throws IdentityCenterError */
export function sendAssignment(
  operation: AssignmentOperation,
  identityCenter: IdentityCenter,
  call: CallOptions,
): Promise<AssignmentStatus> {
  const principal = awsPrincipalOf(operation.principal)
  if (!principal) throw new Error('an operation was begun before its principal exists in AWS')
  const assignment = { ...grantOfKey(operation.grant), principal }
  return operation.kind === 'create-assignment'
    ? identityCenter.createAssignment(assignment, call)
    : identityCenter.deleteAssignment(assignment, call)
}

/** How AWS ended a request: where and when, when it had taken it, and why it refused. */
interface Ending {
  readonly organization: OrganizationId
  readonly now: Instant
  readonly sentAt?: Instant | undefined
  readonly failure?: string | undefined
}

/** What AWS's final word means for the mirror and the audit log. */
export function assignmentOutcome(operation: AssignmentOperation, ending: Ending): Outcome {
  const principal = awsPrincipalOf(operation.principal)
  const event = assignmentEvent(operation, ending)
  if (ending.failure !== undefined || !principal) return { records: [], mirror: [], events: [event] }
  const change = { principal: awsPrincipalKey(principal), grant: operation.grant }
  return {
    records: [],
    mirror: [
      operation.kind === 'create-assignment' ? { put: 'assignment', ...change } : { delete: 'assignment', ...change },
    ],
    events: [event],
  }
}

function assignmentEvent(operation: AssignmentOperation, ending: Ending): AuditEvent {
  const { organization, now: time, failure, sentAt } = ending
  const { principal, grant } = operation
  const { account, permissionSet } = grantOfKey(grant)
  const name =
    operation.kind === 'create-assignment'
      ? 'aws_identity_center.account_assignment.created'
      : 'aws_identity_center.account_assignment.deleted'
  return auditEvent(name, {
    time,
    subjects: [subjectOf(principal), `organization:${organization}`],
    success: failure === undefined,
    fields: {
      organization,
      success: failure === undefined,
      ...(failure === undefined ? {} : { error: failure }),
      principal_metadata: {
        name: principal.type === 'USER' ? principal.userName : principal.title,
        friendly_name: principal.type === 'USER' ? principal.userName : principal.title,
        external_id: awsPrincipalOf(principal)?.id,
        principal_type: principal.type,
      },
      ...(sentAt === undefined ? {} : { sent_at: formatInstant(sentAt) }),
      principal_assignments: [{ account_id: account, permission_set_arn: permissionSet }],
      ...(operation.kind === 'delete-assignment'
        ? { cause: causeText(operation.cause) }
        : { causes: operation.leases.map(({ cause }) => cause) }),
    },
  })
}

const subjectOf = (principal: AssignmentOperation['principal']): Subject =>
  principal.type === 'USER' ? `user:${principal.user}` : `list:${parseGroupKey(principal.group).list}`

export function causeText(cause: RemovalCause): string {
  switch (cause.kind) {
    case 'expired':
      return `expired at ${formatInstant(cause.at)}`
    case 'decided':
      return `decided by ${cause.event}`
    case 'suspended':
      return `the access list ${cause.list} is suspended since ${formatInstant(cause.since)} for want of a review`
    case 'foreign':
      return 'appeared in AWS without a decision'
    case 'disappeared':
      return 'no longer wanted, though no decision was recorded'
  }
}
