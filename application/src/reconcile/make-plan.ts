import {
  type Account,
  applyGuard,
  between,
  createDesiredStateTracker,
  createPlanTracker,
  type DesiredState,
  desiredStateInSteps,
  type DriftFinding,
  hours,
  type HeldOperation,
  type Instant,
  judgeBy,
  type Linked,
  type Operation,
  type Organization,
  type OrganizationId,
  type Plan,
  type PlanInput,
  planInSteps,
  planWithdrawal,
  type RemovalKind,
  splitDrift,
  type Steps,
  type Subject,
  type Thing,
  type OrganizationView,
} from '@gatehouse/domain'
import type { Finding, Records } from '../ports/store.ts'
import { type EngineState, nothingChanged } from './engine-state.ts'
import { addUnremembered, type Unremembered } from './unremembered.ts'

/** A plan after the guard, with what it was made from. */
export interface MadePlan {
  readonly input: PlanInput
  /** Whose users and groups in AWS are. */
  readonly linked: Linked
  readonly plan: Plan
  readonly allowed: readonly Operation[]
  readonly held: readonly HeldOperation[]
  /** What changed in AWS and waits for a person, less what somebody takes back. */
  readonly drift: readonly DriftFinding[]
}

/** @throws Error when the organization is not enrolled */
export function viewOfEngine(records: Records, state: EngineState, id: OrganizationId): OrganizationView {
  const organization = records.organizations.find((one) => one.id === id)
  if (!organization) throw new Error(`organization ${id} is not enrolled`)
  return state.views.of(records, organization, state.mirror.catalogue)
}

/**
 * The plan that there would be with other settings; nothing is kept of it, and everything is worked out anew, a little at
 * a time. Accounts that a wider filter would let in are not known before they are read, and what they hold is adopted
 * first.
 * @throws Error when the organization is not enrolled
 */
export function* planWith(
  { records, state, decidedSince, now }: Omit<Making, 'view'> & { readonly records: Records },
  id: OrganizationId,
  change: (organization: Organization) => Organization,
): Steps<Omit<MadePlan, 'linked'> & { readonly view: OrganizationView }> {
  const organization = change(viewOfEngine(records, state, id).organization)
  const { catalogue } = state.mirror
  // As a sweep does: what is managed stays while nobody can say whether the filter means it.
  const judge = judgeBy(organization.accountFilter)
  const stays = (account: Account): boolean => judge(account).answer !== 'no'
  const accounts = new Map([...catalogue.accounts].filter(([, account]) => stays(account)))
  // What was worked out of the same catalogue is known.
  const isSame = accounts.size === catalogue.accounts.size
  const view = state.views.tryOut(records, organization, isSame ? catalogue : { ...catalogue, accounts })
  const desired = yield* desiredStateInSteps(view, now)
  const input = inputOf({ view, state, decidedSince, now }, desired)
  return { ...guarded(input, yield* planInSteps(input), state), view }
}

/** Makes one plan after the other, each from the one before. */
export interface PlanMaker {
  make(view: OrganizationView, decidedSince: ReadonlyMap<Subject, string>, now: Instant): MadePlan
  /** What memory has to be compared with since it last was. */
  unremembered(): ToRemember
  /** It was, as of the plan that was the latest then. */
  remembered(what: ToRemember): void
}

export interface ToRemember {
  /** Absent: everything. */
  readonly only: Unremembered | undefined
}

export function createPlanMaker(state: EngineState): PlanMaker {
  let [states, plans] = [createDesiredStateTracker(), createPlanTracker()]
  let unremembered: ToRemember = { only: undefined }
  return {
    make(view, decidedSince, now) {
      try {
        const { desired, changes } = states.advance(view, now)
        const input = inputOf({ view, state, decidedSince, now }, desired)
        const plan = plans.advance(input, changes && { desired: changes, ...state.changed })
        const { only } = unremembered
        const step = changes && { input, linked: plans.linked(), changes, changed: state.changed }
        unremembered = { only: step && only && addUnremembered(only, step) }
        state.changed = nothingChanged()
        return { ...guarded(input, plan, state), linked: plans.linked() }
      } catch (error) {
        // Half a step was made: the next one starts from nothing, as after a restart.
        ;[states, plans, unremembered] = [createDesiredStateTracker(), createPlanTracker(), { only: undefined }]
        throw error
      }
    },
    unremembered: () => unremembered,
    remembered(what) {
      if (what === unremembered) unremembered = { only: { assignments: new Set(), members: new Set() } }
    },
  }
}

interface Making {
  readonly view: OrganizationView
  readonly state: EngineState
  readonly decidedSince: ReadonlyMap<Subject, string>
  readonly now: Instant
}

function inputOf({ view, state, decidedSince, now }: Making, desired: DesiredState): PlanInput {
  const { memory, mirror } = state
  return {
    view,
    desired,
    observed: mirror.observed,
    memory: { assignments: memory.assignments, members: memory.members, decidedSince },
    adoptedAccounts: mirror.adoptedAccounts,
    uncertain: uncertainThings(state),
    now,
  }
}

function guarded(input: PlanInput, whole: Plan, state: EngineState): Omit<MadePlan, 'linked'> {
  const { view, now } = input
  const { memory, mirror } = state
  const doubtful = doubtfulKinds(mirror.findings.values())
  const withdrawing = { plan: whole, made: memory.made, isDoubtful: doubtful.size > 0 }
  const plan = view.organization.withdrawal ? planWithdrawal(input, withdrawing) : whole
  const { takenBack, left } = splitDrift(plan.drift, memory.released)
  const guard = applyGuard([...plan.operations, ...takenBack], {
    budget: view.organization.removalBudget,
    managed: {
      assignment: memory.assignments.size,
      member: memory.members.size,
      group: view.groupLinkByKey.size,
      user: view.userLinkByUser.size,
    },
    used: usedBudget(state, now),
    released: memory.released,
    doubtful,
  })
  return { input, plan, drift: left, ...guard }
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
