import { AwsError } from '../http/aws-error.ts'
import { pageOf, type PageRequest } from '../http/page.ts'
import type { Caller } from '../world/caller.ts'
import { accountIdSchema, oneOf, paging, text } from '../world/input.ts'
import type { Call } from '../world/operation.ts'
import type { PermissionSet } from '../world/records.ts'
import { provisioningKey, type World } from '../world/world.ts'

/** SSO Admin API Reference: pages hold 100 rows at most. */
const ROWS_PER_PAGE = 100
export const pageMembers = paging(ROWS_PER_PAGE, 2_048)

const INSTANCE = String.raw`arn:aws(-[a-z]{1,5}){0,3}:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}`
const PERMISSION_SET = String.raw`arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-.\/]{16}`
const UUID = '[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}'

export const instanceArnSchema = text(10, 1_224, new RegExp(`^${INSTANCE}$`))
export const permissionSetArnSchema = text(10, 1_224, new RegExp(`^${PERMISSION_SET}$`))
export const taggableArnSchema = text(10, 2_048, new RegExp(`^(${INSTANCE}|${PERMISSION_SET})$`))
export const principalIdSchema = text(1, 47, new RegExp(`^([0-9a-f]{10}-|)${UUID}$`))
export const principalTypeSchema = oneOf('USER', 'GROUP')
export const requestIdSchema = text(36, 36, new RegExp(`^${UUID}$`))
export const statusSchema = oneOf('IN_PROGRESS', 'FAILED', 'SUCCEEDED')

export const instanceMember = { InstanceArn: instanceArnSchema }
export const permissionSetMembers = { InstanceArn: instanceArnSchema, PermissionSetArn: permissionSetArnSchema }
export const assignmentMembers = {
  ...permissionSetMembers,
  TargetId: accountIdSchema,
  TargetType: oneOf('AWS_ACCOUNT'),
  PrincipalType: principalTypeSchema,
  PrincipalId: principalIdSchema,
}

/** What policies name when they speak of an account in Identity Center. */
export const accountResource = (accountId: string) => `arn:aws:sso:::account/${accountId}`

/** The instance exists, and the caller is of the management account or its delegated administrator. */
export function demandInstance(world: World, caller: Caller, instanceArn: string) {
  const { managementAccountId, instanceArn: ours } = world.home()
  if (instanceArn !== ours) throw notFound(`Could not find Instance with arn ${instanceArn}`)
  if (caller.kind === 'anonymous') throw new AwsError('AccessDeniedException', 'Access denied.')
  if (caller.accountId === managementAccountId || isDelegated(world, caller.accountId)) return
  throw denied(caller, 'sso:*', instanceArn)
}

/**
 * A delegated administrator can't touch the management account, nor a permission set that is provisioned there (IAM
 * Identity Center User Guide, "Delegated administration").
 */
export function demandOutsideManagement(
  world: World,
  caller: Caller,
  action: string,
  permissionSetArn: string,
  accountId?: string,
) {
  const { managementAccountId } = world.home()
  if (caller.kind === 'anonymous' || caller.accountId === managementAccountId) return
  const isProvisionedThere = world.provisionings.has(provisioningKey(managementAccountId, permissionSetArn))
  if (accountId === managementAccountId || isProvisionedThere) throw denied(caller, action, permissionSetArn)
}

export function isDelegated(world: World, accountId: string): boolean {
  return world.delegatedAdministrators.has(`${accountId}/sso.amazonaws.com`)
}

export function getPermissionSet(
  permissionSets: { get(arn: string): PermissionSet | undefined },
  arn: string,
): PermissionSet {
  const permissionSet = permissionSets.get(arn)
  if (permissionSet === undefined) throw notFound(`Could not find PermissionSet with id ${idOf(arn)}`)
  return permissionSet
}

export function demandAccount(world: World, accountId: string) {
  if (!world.accounts.has(accountId)) throw notFound(`Could not find AWS account with id ${accountId}`)
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message)
}

export function denied(caller: Caller, action: string, resource: string): AwsError {
  const arn = caller.kind === 'anonymous' ? 'anonymous' : caller.arn
  return new AwsError(
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`,
  )
}

/** `ps-…`, the last part of a permission set's ARN. */
export function idOf(permissionSetArn: string): string {
  return permissionSetArn.split('/').at(-1) ?? permissionSetArn
}

export function pageHere<Row>(
  world: World,
  call: Call,
  scope: readonly (string | undefined)[],
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  input: PageRequest,
) {
  return pageOf(world, call, rows, input, { service: 'sso-admin', scope, keyOf, usual: ROWS_PER_PAGE })
}
