import type { AwsGroupId, AwsPrincipalKey, AwsUserId, GrantKey } from '../identity-center/account-assignment.ts'

/** What AWS held when we looked, corrected by the outcome of every write of ours since. */
export interface ObservedState {
  readonly users: ReadonlyMap<AwsUserId, ObservedUser>
  readonly groups: ReadonlyMap<AwsGroupId, ObservedGroup>
  /** Direct assignments by principal. A principal that is absent was never read: nothing is concluded about it. */
  readonly assignments: ReadonlyMap<AwsPrincipalKey, ReadonlySet<GrantKey>>
}

export interface ObservedUser {
  readonly id: AwsUserId
  readonly userName: string
  readonly displayName: string
  readonly email: string
  /** The SCIM `externalId`, where there is one. */
  readonly externalId?: string
  /** Absent where the server does not say. */
  readonly active?: boolean
}

export interface ObservedGroup {
  readonly id: AwsGroupId
  readonly displayName: string
  readonly externalId?: string
  readonly members: ReadonlySet<AwsUserId>
}
