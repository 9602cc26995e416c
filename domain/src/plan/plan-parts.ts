import type { UserId } from '../kernel/names.ts'
import type { GroupKey } from '../organizations/link.ts'
import type { DriftFinding } from './drift.ts'
import type { Operation } from './operation.ts'
import { planAssignmentsOfGroup, planAssignmentsOfUser } from './plan-assignments.ts'
import { planGroupOf } from './plan-groups.ts'
import { planMemberOf, type Who } from './plan-members.ts'
import { planUserOf } from './plan-users.ts'
import type { Plan, Planner, PlanNote } from './planner.ts'

/** What is planned about one user, group or member; of most there is nothing to plan. */
interface Part {
  readonly operations: readonly Operation[]
  readonly notes: readonly PlanNote[]
  readonly drift: readonly DriftFinding[]
}

/** A plan by what it is about. Only parts with something in them are kept. */
export class PlanParts {
  readonly #users = new Map<UserId, Part>()
  readonly #groups = new Map<GroupKey, Part>()
  readonly #members = new Map<GroupKey, Map<Who, Part>>()
  readonly #userAssignments = new Map<UserId, Part>()
  readonly #groupAssignments = new Map<GroupKey, Part>()

  planUser(planner: Planner, user: UserId): void {
    keep(
      this.#users,
      user,
      partOf(planner, (part) => planUserOf(part, user)),
    )
    keep(
      this.#userAssignments,
      user,
      partOf(planner, (part) => planAssignmentsOfUser(part, user)),
    )
  }

  planGroup(planner: Planner, group: GroupKey): void {
    keep(
      this.#groups,
      group,
      partOf(planner, (part) => planGroupOf(part, group)),
    )
    keep(
      this.#groupAssignments,
      group,
      partOf(planner, (part) => planAssignmentsOfGroup(part, group)),
    )
  }

  planMember(planner: Planner, group: GroupKey, who: Who): void {
    const part = partOf(planner, (one) => planMemberOf(one, group, who))
    const members = this.#members.get(group)
    if (members) {
      keep(members, who, part)
      if (members.size === 0) this.#members.delete(group)
    } else if (part) this.#members.set(group, new Map([[who, part]]))
  }

  /** Those of whom something is planned now: causes of removals, names and notes may be others at any time. */
  users(): Iterable<UserId> {
    return new Set([...this.#users.keys(), ...this.#userAssignments.keys()])
  }

  groups(): Iterable<GroupKey> {
    return new Set([...this.#groups.keys(), ...this.#groupAssignments.keys()])
  }

  members(): readonly (readonly [GroupKey, Who])[] {
    return [...this.#members].flatMap(([group, members]) => [...members.keys()].map((who) => [group, who] as const))
  }

  /** In an order that does not depend on how the parts came together: users, groups, members, assignments. */
  plan(): Plan {
    const parts = [
      ...inOrder(this.#users),
      ...inOrder(this.#groups),
      ...inOrder(this.#members).flatMap((members) => inOrder(members)),
      ...inOrder(this.#userAssignments),
      ...inOrder(this.#groupAssignments),
    ]
    return {
      operations: parts.flatMap(({ operations }) => operations),
      notes: parts.flatMap(({ notes }) => notes),
      drift: parts.flatMap(({ drift }) => drift),
    }
  }
}

function partOf(planner: Planner, work: (planner: Planner) => void): Part | undefined {
  const part: Planner = { ...planner, operations: [], notes: [], drift: [], isOpen: false }
  work(part)
  const { operations, notes, drift } = part
  const isEmpty = operations.length + notes.length + drift.length === 0 && !part.isOpen
  return isEmpty ? undefined : { operations, notes, drift }
}

function keep<K>(parts: Map<K, Part>, key: K, part: Part | undefined): void {
  if (part) parts.set(key, part)
  else parts.delete(key)
}

const inOrder = <K extends string, V>(parts: ReadonlyMap<K, V>): readonly V[] =>
  [...parts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part)
