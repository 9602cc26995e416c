import { AwsError } from '../http/aws-error.ts'
import type { IamRole } from '../world/records.ts'
import { iamKey, type World } from '../world/world.ts'
import { noSuchEntity } from './iam-error.ts'

/** @throws AwsError NoSuchEntity */
export function getRole(world: World, account: string, name: string): IamRole {
  const role = world.iamRoles.get(iamKey(account, name))
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`)
  return role
}

/** A role that its account may change; those of Identity Center it may not. @throws AwsError UnmodifiableEntity */
export function getModifiableRole(world: World, account: string, name: string): IamRole {
  const role = getRole(world, account, name)
  if (role.isProtected) {
    throw new AwsError(
      'UnmodifiableEntity',
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    )
  }
  return role
}

export function saveRole(world: World, role: IamRole): void {
  world.iamRoles.set(iamKey(role.accountId, role.name), role)
}

/** The ARN to authorize on: the role's own, or for a role that is not there the one it would have at the root path. */
export function roleArn(world: World, account: string, name: string, path = '/'): string {
  return world.iamRoles.get(iamKey(account, name))?.arn ?? `arn:aws:iam::${account}:role${path}${name}`
}
