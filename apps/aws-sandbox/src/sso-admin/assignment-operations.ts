import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import type { Faults } from '../faults/faults.ts'
import { accountIdSchema } from '../world/input.ts'
import { defineOperation, type Call, type Operation } from '../world/operation.ts'
import type { AccountAssignment, AsyncRequest } from '../world/records.ts'
import { assignmentKey, provisioningKey, type World } from '../world/world.ts'
import type { AsyncEngine, NewRequest } from './async-engine.ts'
import { takesLongerThanUsual } from './finish-request.ts'
import {
  accountResource,
  assignmentMembers,
  demandAccount,
  demandInstance,
  demandOutsideManagement,
  getPermissionSet,
  instanceMember,
  notFound,
  pageHere,
  pageMembers,
  permissionSetMembers,
  principalIdSchema,
  principalTypeSchema,
  requestIdSchema,
  statusSchema,
} from './input.ts'
import { findManagementRefusal, type Authorize } from './management-rights.ts'

export interface AssignmentParts {
  readonly engine: AsyncEngine
  readonly faults: Faults
  readonly authorize: Authorize
}

const assignmentInput = z.object(assignmentMembers)
type AssignmentInput = z.infer<typeof assignmentInput>

const statusListInput = z.object({
  ...instanceMember,
  ...pageMembers,
  Filter: z.object({ Status: statusSchema.optional() }).optional(),
})
type StatusListInput = z.infer<typeof statusListInput>

/** Status records are kept about 90 days. */
const STATUS_KEPT_MS = 90 * 86_400_000

export function createAssignmentOperations(parts: AssignmentParts): readonly Operation[] {
  return [
    defineOperation({
      service: 'sso-admin',
      name: 'CreateAccountAssignment',
      input: assignmentInput,
      resources: assignmentResources,
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        const request = acceptChange(world, parts, call, input, 'create')
        return { AccountAssignmentCreationStatus: presentStatus(request) }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'DeleteAccountAssignment',
      input: assignmentInput,
      resources: assignmentResources,
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        const request = acceptChange(world, parts, call, input, 'delete')
        return { AccountAssignmentDeletionStatus: presentStatus(request) }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'DescribeAccountAssignmentCreationStatus',
      input: z.object({ ...instanceMember, AccountAssignmentCreationRequestId: requestIdSchema }),
      resources: (_world, input) => [input.InstanceArn],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        const request = getRequest(world, call, 'create-assignment', input.AccountAssignmentCreationRequestId)
        return { AccountAssignmentCreationStatus: presentStatus(request) }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'DescribeAccountAssignmentDeletionStatus',
      input: z.object({ ...instanceMember, AccountAssignmentDeletionRequestId: requestIdSchema }),
      resources: (_world, input) => [input.InstanceArn],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        const request = getRequest(world, call, 'delete-assignment', input.AccountAssignmentDeletionRequestId)
        return { AccountAssignmentDeletionStatus: presentStatus(request) }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'ListAccountAssignmentCreationStatus',
      input: statusListInput,
      resources: (_world, input) => [input.InstanceArn],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        const page = pageOfStatuses(world, call, 'create-assignment', input)
        return { AccountAssignmentsCreationStatus: page.rows, NextToken: page.NextToken }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'ListAccountAssignmentDeletionStatus',
      input: statusListInput,
      resources: (_world, input) => [input.InstanceArn],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        const page = pageOfStatuses(world, call, 'delete-assignment', input)
        return { AccountAssignmentsDeletionStatus: page.rows, NextToken: page.NextToken }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'ListAccountAssignments',
      input: z.object({ ...permissionSetMembers, AccountId: accountIdSchema, ...pageMembers }),
      resources: (_world, input) => [input.InstanceArn, input.PermissionSetArn, accountResource(input.AccountId)],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        getPermissionSet(world.permissionSets.seen(call.view), input.PermissionSetArn)
        demandAccount(world, input.AccountId)
        const pair = provisioningKey(input.AccountId, input.PermissionSetArn)
        const assignments = world.assignments.seen(call.view).by('pair', pair)
        const page = pageHere(world, call, ['ListAccountAssignments', pair], assignments, assignmentKey, input)
        return { AccountAssignments: page.rows.map(presentAssignment), NextToken: page.NextToken }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'ListAccountAssignmentsForPrincipal',
      input: z.object({
        ...instanceMember,
        PrincipalId: principalIdSchema,
        PrincipalType: principalTypeSchema,
        Filter: z.object({ AccountId: accountIdSchema.optional() }).optional(),
        ...pageMembers,
      }),
      resources: (_world, input) => [input.InstanceArn],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        demandMayListForPrincipal(world, call)
        const accountId = input.Filter?.AccountId
        const assignments = assignmentsOf(world, call, input).filter(
          (assignment) => accountId === undefined || assignment.accountId === accountId,
        )
        const scope = ['ListAccountAssignmentsForPrincipal', input.PrincipalType, input.PrincipalId, accountId]
        const page = pageHere(world, call, scope, assignments, assignmentKey, input)
        return { AccountAssignments: page.rows.map(presentAssignment), NextToken: page.NextToken }
      },
    }),
  ]
}

function assignmentResources(_world: World, input: AssignmentInput): readonly string[] {
  return [input.InstanceArn, input.PermissionSetArn, accountResource(input.TargetId)]
}

function acceptChange(
  world: World,
  parts: AssignmentParts,
  call: Call,
  input: AssignmentInput,
  work: 'create' | 'delete',
): AsyncRequest {
  const {
    TargetId: accountId,
    PermissionSetArn: permissionSetArn,
    PrincipalType: principalType,
    PrincipalId: principalId,
  } = input
  const operation = work === 'create' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment'
  const target = { service: 'sso-admin', operation, account: accountId }
  const fault = call.immediate
    ? undefined
    : parts.faults.meet(['success-but-absent', 'stuck-in-progress', 'failed-assignment'], target, call.now)
  const asked = {
    kind: work === 'create' ? 'create-assignment' : 'delete-assignment',
    accountId,
    permissionSetArn,
    principalType,
    principalId,
  } as const
  if (fault?.kind === 'success-but-absent') return parts.engine.accept({ ...asked, hollow: true }, call)

  const permissionSet = getPermissionSet(world.permissionSets, permissionSetArn)
  demandAccount(world, accountId)
  demandOutsideManagement(world, call.caller, `sso:${operation}`, permissionSetArn, accountId)
  // What is on its way is not absent.
  if (!call.immediate) parts.engine.refuseRace(asked)
  const key = assignmentKey(asked)
  const doomed = work === 'create' ? fateOfCreate(world, asked) : fateOfDelete(world, key)
  const isManagement = accountId === world.home().managementAccountId
  const refusal = isManagement
    ? findManagementRefusal(world, parts.authorize, { caller: call.caller, permissionSet, work, key })
    : undefined
  return parts.engine.accept(
    {
      ...asked,
      fate: fault?.kind === 'failed-assignment' ? fault.reason : (doomed ?? refusal),
      extraMs: fault?.kind === 'stuck-in-progress' ? fault.ms : undefined,
    },
    call,
  )
}

/** @throws AwsError where the knobs say that AWS refuses at once. */
function fateOfCreate(world: World, asked: NewRequest): string | undefined {
  const { accountId = '', principalType, principalId = '' } = asked
  const exists = principalType === 'USER' ? world.users.has(principalId) : world.groups.has(principalId)
  if (!exists && world.knobs.unknownPrincipal === 'refuse')
    throw notFound(`Could not find ${principalType} with id ${principalId}`)
  if (!exists) return 'Received a 404 status error: Principal not found.'
  if (world.knobs.firstAssignmentFails && isUntouched(world, accountId)) return takesLongerThanUsual(accountId)
  return undefined
}

function fateOfDelete(world: World, key: string): string | undefined {
  if (world.assignments.has(key)) return undefined
  if (world.knobs.deleteOfAbsent === 'refuse') throw notFound('Received a 404 status error: Assignment not found.')
  return 'Received a 404 status error: Assignment not found.'
}

function isUntouched(world: World, accountId: string): boolean {
  const isNew = [...world.createAccountRequests.values()].some((request) => request.accountId === accountId)
  return isNew && ![...world.asyncRequests.values()].some((request) => request.accountId === accountId)
}

function demandMayListForPrincipal(world: World, call: Call) {
  const { managementAccountId } = world.home()
  if (world.knobs.delegatedAdminMayListForPrincipal || call.caller.kind === 'anonymous') return
  if (call.caller.accountId !== managementAccountId) {
    throw new AwsError(
      'AccessDeniedException',
      'Only the management account may call ListAccountAssignmentsForPrincipal.',
    )
  }
}

/** A user's list also has what the user gets through groups, each row with the group as its principal. */
function assignmentsOf(
  world: World,
  call: Call,
  { PrincipalId, PrincipalType }: { PrincipalId: string; PrincipalType: 'USER' | 'GROUP' },
): readonly AccountAssignment[] {
  const assignments = world.assignments.seen(call.view)
  const own = assignments.by('principal', PrincipalId).filter(({ principalType }) => principalType === PrincipalType)
  if (PrincipalType === 'GROUP' || world.knobs.principalListing === 'direct') return own
  const groups = world.memberships.seen(call.view).by('user', PrincipalId)
  return [...own, ...groups.flatMap(({ groupId }) => assignments.by('principal', groupId))]
}

function getRequest(world: World, call: Call, kind: AsyncRequest['kind'], id: string): AsyncRequest {
  const request = world.asyncRequests.get(id)
  if (request?.kind === kind && isKept(request, call.now)) return request
  throw notFound(`Could not find a request with id ${id}`)
}

function pageOfStatuses(world: World, call: Call, kind: AsyncRequest['kind'], input: StatusListInput) {
  const status = input.Filter?.Status
  const all = status === undefined ? [...world.asyncRequests.values()] : world.asyncRequests.by('status', status)
  const rows = all
    .filter((request) => request.kind === kind && isKept(request, call.now))
    .toSorted((a, b) => b.sequence - a.sequence)
  const page = pageHere(world, call, [`List ${kind}`, status], rows, ({ id }) => id, input)
  const presented = page.rows.map(({ id, acceptedAt, ...request }) => ({
    Status: request.status,
    RequestId: id,
    CreatedDate: new Date(acceptedAt),
  }))
  return { rows: presented, NextToken: page.NextToken }
}

function isKept(request: AsyncRequest, now: number): boolean {
  return request.acceptedAt > now - STATUS_KEPT_MS
}

function presentStatus(request: AsyncRequest) {
  return {
    Status: request.status,
    RequestId: request.id,
    FailureReason: request.failureReason,
    TargetId: request.accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: request.permissionSetArn,
    PrincipalType: request.principalType,
    PrincipalId: request.principalId,
    CreatedDate: new Date(request.acceptedAt),
  }
}

function presentAssignment(assignment: AccountAssignment) {
  return {
    AccountId: assignment.accountId,
    PermissionSetArn: assignment.permissionSetArn,
    PrincipalType: assignment.principalType,
    PrincipalId: assignment.principalId,
  }
}
