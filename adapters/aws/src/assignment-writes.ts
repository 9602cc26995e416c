import {
  type AccountAssignmentOperationStatus,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
} from '@aws-sdk/client-sso-admin'
import { type AssignmentStatus, type Clock, type IdentityCenter, IdentityCenterError } from '@gatehouse/application'
import type { AccountAssignment } from '@gatehouse/domain'
import type { CallAws } from './call-aws.ts'
import { isNotAvailable, REMEMBER_MISSING_PERMISSION } from './classify-error.ts'
import { parseId, rowsOf } from './parse-answers.ts'
import { readPages } from './read-pages.ts'

type Writes = Pick<
  IdentityCenter,
  'createAssignment' | 'deleteAssignment' | 'describeAssignmentRequest' | 'listRequestsInProgress'
>
type Kind = 'creation' | 'deletion'

const ROWS_PER_PAGE = 100

/** Account assignments are asynchronous: a write answers with a request whose status says later how it went. */
export function assignmentWrites(InstanceArn: string, callAws: CallAws, clock?: Clock): Writes {
  const now = (): number => clock?.now() ?? Date.now()
  const notAllowedUntil = new Map<Kind, number>()

  return {
    async createAssignment(assignment, call) {
      const operation = { service: 'sso-admin', name: 'CreateAccountAssignment', effect: 'write' } as const
      const command = new CreateAccountAssignmentCommand(toInput(InstanceArn, assignment))
      const answer = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send))
      return parseStatus(operation.name, answer.AccountAssignmentCreationStatus)
    },

    async deleteAssignment(assignment, call) {
      const operation = { service: 'sso-admin', name: 'DeleteAccountAssignment', effect: 'write' } as const
      const command = new DeleteAccountAssignmentCommand(toInput(InstanceArn, assignment))
      const answer = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send)).catch(
        (error: unknown) => {
          if (isAbsent(error)) return undefined
          throw error
        },
      )
      if (!answer) return { status: 'succeeded' }
      return goneIsDone(parseStatus(operation.name, answer.AccountAssignmentDeletionStatus))
    },

    async describeAssignmentRequest(kind, requestId, call) {
      if (kind === 'creation') {
        const operation = {
          service: 'sso-admin',
          name: 'DescribeAccountAssignmentCreationStatus',
          effect: 'read',
        } as const
        const input = { InstanceArn, AccountAssignmentCreationRequestId: requestId }
        const command = new DescribeAccountAssignmentCreationStatusCommand(input)
        const answer = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send))
        return parseStatus(operation.name, answer.AccountAssignmentCreationStatus, requestId)
      }
      const operation = {
        service: 'sso-admin',
        name: 'DescribeAccountAssignmentDeletionStatus',
        effect: 'read',
      } as const
      const command = new DescribeAccountAssignmentDeletionStatusCommand({
        InstanceArn,
        AccountAssignmentDeletionRequestId: requestId,
      })
      const answer = await callAws(operation, call, ({ ssoAdmin }, send) => ssoAdmin.send(command, send))
      return goneIsDone(parseStatus(operation.name, answer.AccountAssignmentDeletionStatus, requestId))
    },

    async listRequestsInProgress(kind, call) {
      if (now() < (notAllowedUntil.get(kind) ?? Number.NEGATIVE_INFINITY)) return undefined
      const name = kind === 'creation' ? 'ListAccountAssignmentCreationStatus' : 'ListAccountAssignmentDeletionStatus'
      const operation = { service: 'sso-admin', name, effect: 'read' } as const
      try {
        const rows = await readPages(name, async (NextToken) => {
          const input = {
            InstanceArn,
            NextToken,
            MaxResults: ROWS_PER_PAGE,
            Filter: { Status: 'IN_PROGRESS' },
          } as const
          const page = await callAws(operation, call, async ({ ssoAdmin }, send) => {
            if (kind === 'creation') {
              const answer = await ssoAdmin.send(new ListAccountAssignmentCreationStatusCommand(input), send)
              return { rows: answer.AccountAssignmentsCreationStatus, next: answer.NextToken }
            }
            const answer = await ssoAdmin.send(new ListAccountAssignmentDeletionStatusCommand(input), send)
            return { rows: answer.AccountAssignmentsDeletionStatus, next: answer.NextToken }
          })
          return { rows: rowsOf(name, page.rows), next: page.next }
        })
        // A server may leave the filter out of account.
        const running = rows.filter((row) => row.Status === undefined || row.Status === 'IN_PROGRESS')
        return new Set(running.map((row) => parseId(name, 'request id', row.RequestId)))
      } catch (error) {
        if (!isNotAvailable(error)) throw error
        notAllowedUntil.set(kind, now() + REMEMBER_MISSING_PERMISSION)
        return undefined
      }
    },
  }
}

const toInput = (InstanceArn: string, { account, permissionSet, principal }: AccountAssignment) =>
  ({
    InstanceArn,
    TargetType: 'AWS_ACCOUNT',
    TargetId: account,
    PermissionSetArn: permissionSet,
    PrincipalType: principal.type,
    PrincipalId: principal.id,
  }) as const

/** A server may answer the final status at once. @throws IdentityCenterError `unavailable` when it says no status. */
function parseStatus(
  operation: string,
  answer: AccountAssignmentOperationStatus | undefined,
  asked?: string,
): AssignmentStatus {
  const told: unknown = answer?.RequestId
  const requestId = asked ?? (told === undefined ? undefined : parseId(operation, 'request id', told))
  const status: unknown = answer?.Status
  if (status === 'SUCCEEDED')
    return requestId === undefined ? { status: 'succeeded' } : { status: 'succeeded', requestId }
  if (status === 'FAILED') {
    const told: unknown = answer?.FailureReason
    const reason = typeof told === 'string' && told !== '' ? told.slice(0, 2_000) : 'AWS gave no reason.'
    return requestId === undefined ? { status: 'failed', reason } : { status: 'failed', requestId, reason }
  }
  if (status === 'IN_PROGRESS' && requestId !== undefined) return { status: 'in-progress', requestId }
  throw new IdentityCenterError('unavailable', operation, `${operation}: the answer holds no status`)
}

/** Removing what is not there either fails in this way later, or is refused at once (terraform-provider-aws#35158). */
const GONE = /404 status error: Assignment not found/i

function goneIsDone(status: AssignmentStatus): AssignmentStatus {
  if (status.status !== 'failed' || !GONE.test(status.reason)) return status
  return status.requestId === undefined ? { status: 'succeeded' } : { status: 'succeeded', requestId: status.requestId }
}

/** That the instance itself is not found says nothing about the assignment. */
const isAbsent = (error: unknown): boolean =>
  error instanceof IdentityCenterError && error.failure === 'not-found' && !/\binstance\b/i.test(error.message)
