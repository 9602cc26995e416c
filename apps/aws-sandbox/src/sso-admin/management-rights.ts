import type { Caller, Decision } from '../world/caller.ts'
import type { PermissionSet } from '../world/records.ts'
import { assignmentKey, provisioningKey, type World } from '../world/world.ts'
import { findReservedProvider, reservedPath } from './reserved-roles.ts'

export type Authorize = (world: World, question: { caller: Caller; action: string; resource: string }) => Decision

interface Need {
  readonly action: string
  readonly resource: string
}

/**
 * Why work in the management account will fail. Identity Center's own role has no power there, so it acts with the
 * caller's rights (IAM Identity Center User Guide, "Using service-linked roles"); what is missing shows only in the status.
 */
export function findManagementRefusal(
  world: World,
  authorize: Authorize,
  question: { caller: Caller; permissionSet: PermissionSet; work: 'create' | 'delete'; key: string },
): string | undefined {
  const { caller, permissionSet } = question
  if (caller.kind === 'anonymous') return undefined
  const needs =
    question.work === 'create' ? needsOfCreate(world, permissionSet) : needsOfDelete(world, permissionSet, question.key)
  const missing = needs.find((need) => !authorize(world, { caller, ...need }).allowed)
  if (missing === undefined) return undefined
  return (
    'Received a 403 status error: Access denied by IAM. Please check your policy, or wait for role propagation to complete. ' +
    `IAM Error: User: ${caller.arn} is not authorized to perform: ${missing.action} on resource: ${missing.resource}`
  )
}

function needsOfCreate(world: World, permissionSet: PermissionSet): readonly Need[] {
  const { managementAccountId: accountId } = world.home()
  const provider = findReservedProvider(world, accountId)
  const providerArn = provider?.arn ?? `arn:aws:iam::${accountId}:saml-provider/AWSSSO_0000000000000000_DO_NOT_DELETE`
  const resource = roleArn(world, permissionSet)
  const isProvisioned = world.provisionings.has(provisioningKey(accountId, permissionSet.arn))
  const { managedPolicies, customerManagedPolicies, inlinePolicy } = permissionSet
  const attaches = managedPolicies.length + customerManagedPolicies.length > 0
  const ofProvider = ['iam:GetSAMLProvider', ...(provider === undefined ? ['iam:CreateSAMLProvider'] : [])]
  const ofRole = [
    'iam:GetRole',
    'iam:ListRolePolicies',
    'iam:ListAttachedRolePolicies',
    ...(isProvisioned ? [] : ['iam:CreateRole']),
    ...(!isProvisioned && attaches ? ['iam:AttachRolePolicy'] : []),
    ...(!isProvisioned && inlinePolicy !== undefined ? ['iam:PutRolePolicy'] : []),
  ]
  return [
    ...ofProvider.map((action) => ({ action, resource: providerArn })),
    ...ofRole.map((action) => ({ action, resource })),
  ]
}

/** Only the last assignment of a set takes the role away. */
function needsOfDelete(world: World, permissionSet: PermissionSet, key: string): readonly Need[] {
  const { managementAccountId: accountId } = world.home()
  const others = world.assignments.by('pair', provisioningKey(accountId, permissionSet.arn))
  if (others.some((other) => assignmentKey(other) !== key)) return []
  const actions = [
    'iam:GetRole',
    'iam:ListRolePolicies',
    'iam:ListAttachedRolePolicies',
    'iam:DetachRolePolicy',
    'iam:DeleteRole',
  ]
  const inline = permissionSet.inlinePolicy === undefined ? [] : ['iam:DeleteRolePolicy']
  return [...actions, ...inline].map((action) => ({ action, resource: roleArn(world, permissionSet) }))
}

function roleArn(world: World, permissionSet: PermissionSet): string {
  const home = world.home()
  const { managementAccountId: accountId } = home
  const provisioning = world.provisionings.get(provisioningKey(accountId, permissionSet.arn))
  const roleName = provisioning?.roleName ?? `AWSReservedSSO_${permissionSet.name}_0000000000000000`
  return `arn:aws:iam::${accountId}:role${reservedPath(home)}${roleName}`
}
