import {
  applyGuard,
  between,
  computeDesiredState,
  hours,
  type HeldOperation,
  type Instant,
  type Operation,
  type OrganizationId,
  type Plan,
  planChanges,
  type PlanInput,
  type RemovalKind,
  type Subject,
  type Thing,
  type View,
} from '@gatehouse/domain'
import type { Finding, Records } from '../ports/store.ts'
import { viewOf } from '../governance/view-of.ts'
import type { EngineState } from './engine-state.ts'

/** A plan after the guard, with what it was made from. */
export interface MadePlan {
  readonly input: PlanInput
  readonly plan: Plan
  readonly allowed: readonly Operation[]
  readonly held: readonly HeldOperation[]
}

/** @throws Error when the organization is not enrolled */
export function viewOfEngine(records: Records, state: EngineState, id: OrganizationId): View {
  const organization = records.organizations.find((one) => one.id === id)
  if (!organization) throw new Error(`organization ${id} is not enrolled`)
  return viewOf(records, organization, state.mirror.catalogue)
}

export function makePlan(
  view: View,
  state: EngineState,
  decidedSince: ReadonlyMap<Subject, string>,
  now: Instant,
): MadePlan {
  const { memory, mirror } = state
  const input: PlanInput = {
    view,
    desired: computeDesiredState(view, now),
    observed: mirror.observed,
    memory: { assignments: memory.assignments, members: memory.members, decidedSince },
    adoptedAccounts: mirror.adoptedAccounts,
    uncertain: uncertainThings(state),
    now,
  }
  const plan = planChanges(input)
  const guarded = applyGuard(plan.operations, {
    budget: view.organization.removalBudget,
    managed: {
      assignment: memory.assignments.size,
      member: memory.members.size,
      group: view.groupLinks.length,
      user: view.userLinks.length,
    },
    used: usedBudget(state, now),
    released: memory.released,
    doubtful: doubtfulKinds(mirror.findings.values()),
  })
  return { input, plan, ...guarded }
}

/** What writes with an unknown effect were about; those in flight will still tell. */
const uncertainThings = ({ journal }: EngineState): ReadonlySet<Thing> =>
  new Set([...journal.values()].flatMap(({ state, things }) => (state === 'unknown' ? things : [])))

function usedBudget({ memory }: EngineState, now: Instant): Record<RemovalKind, number> {
  const used: Record<RemovalKind, number> = { assignment: 0, member: 0, group: 0, user: 0 }
  for (const { kind, at } of memory.removals) if (between(at, now) < hours(24)) used[kind]++
  return used
}

/** The finding of a read that failed as a whole. */
export const READ_FAILED = 'read-failed'

const KINDS: readonly RemovalKind[] = ['assignment', 'member', 'group', 'user']

/** Nothing undecided is removed of a kind that was last read badly. */
function doubtfulKinds(findings: Iterable<Finding>): ReadonlySet<RemovalKind> {
  const doubtful = new Set<RemovalKind>()
  for (const { id, kind } of findings) {
    if (id === READ_FAILED || kind === 'account' || kind === 'permission-set')
      for (const one of KINDS) doubtful.add(one)
    else if (id.startsWith('read-')) doubtful.add(kind)
  }
  return doubtful
}
