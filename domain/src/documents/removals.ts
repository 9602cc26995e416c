import { type AccessList, memberKey } from '../access-lists/access-list.ts'
import { membershipsOf } from '../access-lists/memberships.ts'
import { isGroupWanted } from '../desired-state/desired-for.ts'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { withRecords } from '../desired-state/join-views.ts'
import type { OrganizationView, View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { budgetFor } from '../plan/guard.ts'

/** What a command would take away: people out of lists, and assignments from people and groups, of every organization. */
export interface Removals {
  readonly memberships: number
  readonly assignments: number
  /** The number that has to be given with it; absent where so little goes without. */
  readonly confirm?: number
}

/**
 * Holds back a command that takes away more than a budget's worth, until the number is given with it. Locks are left
 * out: whoever locks in an emergency must not be asked twice. `any` only counts, for a dry run.
 * @throws DomainError `too-many-removals`
 */
export function confirmRemovals(
  before: View,
  after: View,
  now: Instant,
  confirmed: number | 'any' | undefined,
): Removals {
  const unlocked = withRecords(after, { locks: before.locks })
  const [was, will] = [membershipsIn(before, now), membershipsIn(unlocked, now)]
  const gone = was.difference(will)
  const lists = before.byOrganization.map((one) => {
    const isTheirs = judgesOf(one, before)
    const known = [...was].filter(isTheirs).length
    return { removed: [...gone].filter(isTheirs).length, limit: budgetFor(one.organization.removalBudget, known) }
  })
  const accounts = before.byOrganization.map((one, index) => {
    const [has, keeps] = [one, unlocked.byOrganization[index]].map((view) => view && assignmentsIn(view, now))
    const removed = has && keeps ? has.difference(keeps).size : 0
    return { removed, limit: budgetFor(one.organization.removalBudget, has?.size ?? 0) }
  })
  const removals = {
    memberships: gone.size,
    assignments: accounts.reduce((sum, { removed }) => sum + removed, 0),
  }
  const planned = removals.memberships + removals.assignments
  const exceeded = [...lists, ...accounts].find(({ removed, limit }) => removed > limit)
  if (!exceeded) return removals
  if (confirmed !== planned && confirmed !== 'any')
    throw new DomainError({ code: 'too-many-removals', planned, limit: exceeded.limit, confirm: planned })
  return { ...removals, confirm: planned }
}

/** Whose budget a membership counts against: that of each organization in which the list may give something. */
function judgesOf(view: OrganizationView, { byOrganization }: View): (membership: string) => boolean {
  if (byOrganization.length === 1) return () => true
  const others = byOrganization.filter((one) => one !== view)
  const isWanted = (list: AccessList, one: OrganizationView): boolean =>
    (['members', 'owners'] as const).some((side) => isGroupWanted(list, side, one))
  const theirs = new Set<string>(
    view.lists
      .filter((list) => isWanted(list, view) || !others.some((other) => isWanted(list, other)))
      .map(({ id }) => id),
  )
  return (membership) => theirs.has(membership.slice(0, membership.lastIndexOf(' ')))
}

function membershipsIn(view: View, now: Instant): ReadonlySet<string> {
  const memberships = new Set<string>()
  for (const user of view.users)
    for (const list of membershipsOf(user, view, now).keys()) memberships.add(`${list} ${user.id}`)
  for (const list of view.lists)
    for (const member of list.members)
      if (member.kind === 'aws-only') memberships.add(`${list.id} ${memberKey(member)}`)
  return memberships
}

function assignmentsIn(view: OrganizationView, now: Instant): ReadonlySet<string> {
  const desired = computeDesiredState(view, now)
  const assignments = new Set<string>()
  for (const user of desired.users.values())
    for (const grant of user.assignments.keys()) assignments.add(`${user.user} ${grant}`)
  for (const group of desired.groups.values())
    for (const grant of group.assignments.keys()) assignments.add(`${group.group} ${grant}`)
  return assignments
}
