import { memberKey } from '../access-lists/access-list.ts'
import { membershipsOf } from '../access-lists/memberships.ts'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { createView, type View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { budgetFor } from '../plan/guard.ts'

/** What a command would take away: people out of lists, and assignments from people and groups. */
export interface Removals {
  readonly memberships: number
  readonly assignments: number
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
  const was = heldIn(before, now)
  const will = heldIn(createView({ ...after, locks: before.locks }), now)
  const removals = {
    memberships: was.memberships.difference(will.memberships).size,
    assignments: was.assignments.difference(will.assignments).size,
  }
  const planned = removals.memberships + removals.assignments
  for (const kind of ['memberships', 'assignments'] as const) {
    const limit = budgetFor(before.organization.removalBudget, was[kind].size)
    if (removals[kind] > limit && confirmed !== planned && confirmed !== 'any')
      throw new DomainError({ code: 'too-many-removals', planned, limit, confirm: planned })
  }
  return removals
}

function heldIn(view: View, now: Instant): { memberships: ReadonlySet<string>; assignments: ReadonlySet<string> } {
  const memberships = new Set<string>()
  for (const user of view.users)
    for (const list of membershipsOf(user, view, now).keys()) memberships.add(`${list} ${user.id}`)
  for (const list of view.lists)
    for (const member of list.members)
      if (member.kind === 'aws-only') memberships.add(`${list.id} ${memberKey(member)}`)
  const desired = computeDesiredState(view, now)
  const assignments = new Set<string>()
  for (const user of desired.users.values())
    for (const grant of user.assignments.keys()) assignments.add(`${user.user} ${grant}`)
  for (const group of desired.groups.values())
    for (const grant of group.assignments.keys()) assignments.add(`${group.group} ${grant}`)
  return { memberships, assignments }
}
