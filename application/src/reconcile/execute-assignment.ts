import {
  auditEvent,
  type AuditEvent,
  awsPrincipalKey,
  awsPrincipalOf,
  formatInstant,
  grantOfKey,
  type Instant,
  type Operation,
  type RemovalCause,
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

/** What AWS's final word means for the mirror and the audit log. */
export function assignmentOutcome(operation: AssignmentOperation, now: Instant, failure?: string): Outcome {
  const principal = awsPrincipalOf(operation.principal)
  const event = assignmentEvent(operation, now, failure)
  if (failure !== undefined || !principal) return { records: [], mirror: [], events: [event] }
  const change = { principal: awsPrincipalKey(principal), grant: operation.grant }
  return {
    records: [],
    mirror: [
      operation.kind === 'create-assignment' ? { put: 'assignment', ...change } : { delete: 'assignment', ...change },
    ],
    events: [event],
  }
}

function assignmentEvent(operation: AssignmentOperation, time: Instant, failure: string | undefined): AuditEvent {
  const { principal, grant } = operation
  const { account, permissionSet } = grantOfKey(grant)
  const name =
    operation.kind === 'create-assignment'
      ? 'aws_identity_center.account_assignment.created'
      : 'aws_identity_center.account_assignment.deleted'
  return auditEvent(name, {
    time,
    success: failure === undefined,
    fields: {
      success: failure === undefined,
      ...(failure === undefined ? {} : { error: failure }),
      principal_metadata: {
        name: principal.type === 'USER' ? principal.userName : principal.title,
        friendly_name: principal.type === 'USER' ? principal.userName : principal.title,
        external_id: awsPrincipalOf(principal)?.id,
        principal_type: principal.type,
      },
      principal_assignments: [{ account_id: account, permission_set_arn: permissionSet }],
      ...(operation.kind === 'delete-assignment'
        ? { cause: causeText(operation.cause) }
        : { causes: operation.leases.map(({ cause }) => cause) }),
    },
  })
}

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
