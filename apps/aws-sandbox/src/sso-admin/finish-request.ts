import { assertNever } from '../world/assert-never.ts'
import type { AccountAssignment, AsyncRequest, PermissionSet } from '../world/records.ts'
import { assignmentKey, provisioningKey, type World } from '../world/world.ts'
import { customerPolicyArn, provisionRole, removeRole } from './reserved-roles.ts'

/**
 * Does what an asynchronous request was for.
 * @returns why it fails, in AWS's words; `undefined` when it succeeded.
 */
export function finishRequest(world: World, request: AsyncRequest): string | undefined {
  if (request.fate !== undefined) return request.fate
  if (request.hollow === true) return undefined
  switch (request.kind) {
    case 'create-assignment':
      return finishCreate(world, assignmentOf(world, request))
    case 'delete-assignment':
      return finishDelete(world, assignmentOf(world, request))
    case 'provision':
      return finishProvision(world, request)
    default:
      return assertNever(request.kind)
  }
}

/** Captured for a suspended account; AWS says the same of one that is new. */
export function takesLongerThanUsual(accountId: string): string {
  return (
    'AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account ' +
    `'${accountId}' takes longer than usual. Please try again in a few minutes. If this problem continues, contact AWS Support.`
  )
}

export function assignmentOf(world: World, request: AsyncRequest): AccountAssignment {
  const { accountId, permissionSetArn, principalType, principalId } = request
  if (accountId === undefined || principalType === undefined || principalId === undefined) {
    throw new Error(`Request ${request.id} is not about an account assignment.`)
  }
  return { accountId, permissionSetArn, principalType, principalId, createdAt: world.clock.now() }
}

function finishCreate(world: World, assignment: AccountAssignment): string | undefined {
  const { accountId, permissionSetArn } = assignment
  if (world.accounts.get(accountId)?.state !== 'ACTIVE') return takesLongerThanUsual(accountId)
  const permissionSet = world.permissionSets.get(permissionSetArn)
  if (permissionSet === undefined) return 'Received a 404 status error: Permission set not found.'
  if (!world.provisionings.has(provisioningKey(accountId, permissionSetArn))) {
    const obstacle = findObstacle(world, accountId, permissionSet)
    if (obstacle !== undefined) return obstacle
    provisionRole(world, accountId, permissionSet)
  }
  const key = assignmentKey(assignment)
  // A duplicate is accepted, succeeds and changes nothing.
  if (!world.assignments.has(key)) world.assignments.set(key, assignment)
  return undefined
}

function finishDelete(world: World, assignment: AccountAssignment): string | undefined {
  const { accountId, permissionSetArn } = assignment
  const account = world.accounts.get(accountId)
  if (account !== undefined && account.state !== 'ACTIVE') return takesLongerThanUsual(accountId)
  if (!world.assignments.delete(assignmentKey(assignment))) return 'Received a 404 status error: Assignment not found.'
  const rest = world.assignments.by('pair', provisioningKey(accountId, permissionSetArn))
  if (rest.length === 0) removeRole(world, accountId, permissionSetArn)
  return undefined
}

function finishProvision(world: World, request: AsyncRequest): string | undefined {
  const permissionSet = world.permissionSets.get(request.permissionSetArn)
  if (permissionSet === undefined) return 'Received a 404 status error: Permission set not found.'
  const everywhere = world.provisionings.by('permissionSet', permissionSet.arn).map(({ accountId }) => accountId)
  for (const accountId of request.accountId === undefined ? everywhere : [request.accountId]) {
    if (!everywhere.includes(accountId)) {
      return `Received a 404 status error: Permission set provision not found in AWS account ${accountId}.`
    }
    const obstacle = findMissingPolicy(world, accountId, permissionSet)
    if (obstacle !== undefined) return obstacle
    provisionRole(world, accountId, permissionSet)
  }
  return undefined
}

function findObstacle(world: World, accountId: string, permissionSet: PermissionSet): string | undefined {
  const roles = world.iamRoles.by('account', accountId)
  if (roles.length >= world.knobs.roleQuota) {
    return `Received a 409 status error: Cannot exceed quota for RolesPerAccount: ${world.knobs.roleQuota}`
  }
  return findMissingPolicy(world, accountId, permissionSet)
}

function findMissingPolicy(world: World, accountId: string, permissionSet: PermissionSet): string | undefined {
  const missing = permissionSet.customerManagedPolicies.find(
    (policy) => !world.iamPolicies.has(customerPolicyArn(accountId, policy)),
  )
  if (missing === undefined) return undefined
  const arn = customerPolicyArn(accountId, missing)
  return `Received a 404 status error: Not supported policy ${arn}. Policy ${arn} does not exist or is not attachable.`
}
