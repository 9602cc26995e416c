import type { AwsGroupId, AwsUserId, UserProfile } from '@gatehouse/domain'
import type { CallOptions } from './identity-center.ts'

/**
 * Users and groups of Identity Center, written by SCIM. Every write may be repeated. @throws IdentityCenterError:
 * `name-taken` when a user or group of that name exists, `not-found` when the one meant is gone.
 */
export interface Directory {
  /** Proves address and token. */
  check(call: CallOptions): Promise<void>
  findUser(userName: string, call: CallOptions): Promise<{ id: AwsUserId; externalId?: string } | undefined>
  createUser(profile: UserProfile, externalId: string, call: CallOptions): Promise<AwsUserId>
  changeUser(id: AwsUserId, changes: Partial<UserProfile>, call: CallOptions): Promise<void>
  deleteUser(id: AwsUserId, call: CallOptions): Promise<void>
  findGroup(displayName: string, call: CallOptions): Promise<{ id: AwsGroupId; externalId?: string } | undefined>
  createGroup(displayName: string, externalId: string, call: CallOptions): Promise<AwsGroupId>
  renameGroup(id: AwsGroupId, displayName: string, call: CallOptions): Promise<void>
  deleteGroup(id: AwsGroupId, call: CallOptions): Promise<void>
  /** At most 100 changes a request, so a large one is several and may stop half-way; what is there already is no error. */
  changeMembers(group: AwsGroupId, change: MembershipChange, call: CallOptions): Promise<void>
}

export interface MembershipChange {
  readonly add: readonly AwsUserId[]
  readonly remove: readonly AwsUserId[]
}
