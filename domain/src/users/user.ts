import type { Instant } from '../kernel/instant.ts'
import type { Labels, Traits, UserId, UserName } from '../kernel/names.ts'
import type { RoleReference } from '../roles/role.ts'

/** A person of ours. What AWS knows of them is a link (`organizations/link.ts`). */
export interface User {
  readonly id: UserId
  readonly name: UserName
  readonly roles: readonly RoleReference[]
  readonly traits: Traits
  readonly labels: Labels
  readonly createdAt: Instant
  /** Counts up with every change; a save names the one it replaces. */
  readonly revision: number
}

/** What AWS is told of a person. */
export interface UserProfile {
  readonly userName: string
  readonly givenName: string
  readonly familyName: string
  readonly displayName: string
  readonly email: string
  readonly active: boolean
}
