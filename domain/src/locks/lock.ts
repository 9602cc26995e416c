import type { Instant } from '../kernel/instant.ts'
import type { AccessRequestId, LockId, RoleName, UserId } from '../kernel/names.ts'

/** Takes a user, a role or a request out of force at once, until it is removed or ends. */
export interface Lock {
  readonly id: LockId
  readonly target: LockTarget
  readonly message: string
  readonly createdAt: Instant
  readonly createdBy: string
  readonly expires?: Instant
  readonly revision: number
}

export type LockTarget =
  | { readonly kind: 'user'; readonly user: UserId }
  | { readonly kind: 'role'; readonly role: RoleName }
  | { readonly kind: 'access-request'; readonly request: AccessRequestId }

export const isLockInForce = (lock: Lock, now: Instant): boolean => lock.expires === undefined || now < lock.expires

export function lockTargetKey(target: LockTarget): string {
  switch (target.kind) {
    case 'user':
      return `user:${target.user}`
    case 'role':
      return `role:${target.role}`
    case 'access-request':
      return `access-request:${target.request}`
  }
}
