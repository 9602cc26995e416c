import type { Branded } from '../kernel/branded.ts'
import type { Grant } from '../roles/role.ts'

/** The id that the identity store gave a user; opaque. */
export type AwsUserId = Branded<string, 'AwsUserId'>
/** The id that the identity store gave a group; opaque. */
export type AwsGroupId = Branded<string, 'AwsGroupId'>

/** Who holds an assignment in AWS, by AWS's own id. */
export type AwsPrincipal =
  | { readonly type: 'USER'; readonly id: AwsUserId }
  | { readonly type: 'GROUP'; readonly id: AwsGroupId }

/** Account × permission set × principal, as AWS stores it. */
export interface AccountAssignment extends Grant {
  readonly principal: AwsPrincipal
}

/** `<account>|<permission set ARN>` */
export type GrantKey = Branded<string, 'GrantKey'>
export const grantKey = (grant: Grant): GrantKey => `${grant.account}|${grant.permissionSet}` as GrantKey

/** The inverse of `grantKey`. An account id never holds a bar, so the first one separates. */
export function grantOfKey(key: GrantKey): Grant {
  const bar = key.indexOf('|')
  return { account: key.slice(0, bar) as Grant['account'], permissionSet: key.slice(bar + 1) as Grant['permissionSet'] }
}

export const accountOfKey = (key: GrantKey): Grant['account'] => key.slice(0, key.indexOf('|')) as Grant['account']

/** `USER:<id>` or `GROUP:<id>` */
export type AwsPrincipalKey = Branded<string, 'AwsPrincipalKey'>
export const awsPrincipalKey = (principal: AwsPrincipal): AwsPrincipalKey =>
  `${principal.type}:${principal.id}` as AwsPrincipalKey
