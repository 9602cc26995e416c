import type { View } from '../desired-state/view.ts'
import type { GrantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { UserName } from '../kernel/names.ts'
import { whyAccess } from './why-access.ts'

/** Somebody's access to one account with one permission set. */
export interface HeldAccess {
  readonly user: UserName
  readonly grant: GrantKey
}

/** What a change gives and takes, in whatever way: another way to the same access is no difference. */
export interface AccessDifference {
  readonly gained: readonly HeldAccess[]
  readonly lost: readonly HeldAccess[]
}

/** Compares what people have before and after a change, at the same instant; by name. */
export function accessDifference(before: View, after: View, now: Instant): AccessDifference {
  const [had, has] = [accessIn(before, now), accessIn(after, now)]
  return { gained: without(has, had), lost: without(had, has) }
}

function accessIn(view: View, now: Instant): ReadonlyMap<string, HeldAccess> {
  const held = new Map<string, HeldAccess>()
  for (const user of view.users)
    for (const { grant } of whyAccess(user, view, now).paths)
      held.set(`${user.id} ${grant}`, { user: user.name, grant })
  return held
}

const without = (some: ReadonlyMap<string, HeldAccess>, others: ReadonlyMap<string, HeldAccess>) =>
  [...some].flatMap(([key, access]) => (others.has(key) ? [] : [access])).toSorted(byNameAndGrant)

const byNameAndGrant = (a: HeldAccess, b: HeldAccess): number =>
  `${a.user} ${a.grant}` < `${b.user} ${b.grant}` ? -1 : 1
