import { AwsError } from '../http/aws-error.ts'
import type { Caller } from '../world/caller.ts'
import type { World } from '../world/world.ts'

/** Reads are open to the management account and to a delegated administrator of any service, writes to the former. */
export function demandOrganizationReader(world: World, caller: Caller) {
  if (isManagement(world, caller)) return
  const delegated = [...world.delegatedAdministrators.values()]
  if (caller.kind !== 'anonymous' && delegated.some(({ accountId }) => accountId === caller.accountId)) return
  throw noAccess()
}

export function demandManagementAccount(world: World, caller: Caller) {
  if (!isManagement(world, caller)) throw noAccess()
}

function isManagement(world: World, caller: Caller): boolean {
  return caller.kind !== 'anonymous' && caller.accountId === world.home().managementAccountId
}

function noAccess(): AwsError {
  return new AwsError('AccessDeniedException', "You don't have permissions to access this resource.")
}
