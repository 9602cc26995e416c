import {
  type Account,
  type AwsPrincipal,
  awsPrincipalKey,
  awsPrincipalOf,
  auditEvent,
  findingKey,
  type Instant,
  isFollowKey,
  isOperationKey,
  parseFollowKey,
  latest,
  milliseconds,
  minus,
  minutes,
  type ObservedState,
  type Operation,
  operationKey,
  type Organization,
  type OrganizationId,
  plus,
  type PlanNote,
  seconds,
  type Subject,
  type Thing,
  thingsOf,
  type OrganizationView,
} from '@gatehouse/domain'
import type { RecordsCache } from '../governance/records-cache.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { Clock } from '../ports/clock.ts'
import type { Directory } from '../ports/directory.ts'
import type { IdentityCenter } from '../ports/identity-center.ts'
import type { Ids } from '../ports/ids.ts'
import type { Log } from '../ports/log.ts'
import type { Commit, JournalEntry, MemoryChange, Store } from '../ports/store.ts'
import { parseDoubtKey } from './believed-loss.ts'
import { createAlarm } from './alarm.ts'
import { applyCommit, createEngineState } from './engine-state.ts'
import type { EngineMetrics, EngineStatus } from './engine-status.ts'
import { createExecutor, type Executor } from './executor.ts'
import { createFreshness } from './freshness.ts'
import { createPlanMaker, type MadePlan, planWith, READ_FAILED, viewOfEngine } from './make-plan.ts'
import type { ServiceUsage } from './meter-calls.ts'
import { createWaitingReport } from './report-waiting.ts'
import { createWorkMeter } from './meter-work.ts'
import { createDescriptions } from './read-aws.ts'
import { remember } from './remember.ts'
import { adopt, sweep, type SweepContext, type SweepPorts, visit, visitGroup } from './sweep.ts'
import { createSweepProgress } from './sweep-progress.ts'
import { createTurns } from '../waiting/create-turns.ts'
import { inSlices } from '../waiting/in-slices.ts'
import { sleep } from './visit-gate.ts'
import { notingLost, notMadeBy } from './who-made-it.ts'

/** The paced read of AWS, and how much later it comes by chance so that replicas and restarts spread out. */
const SWEEP_EVERY = minutes(5)
const SWEEP_JITTER_MS = 10_000
/** A sweep that failed is repeated sooner. */
const SWEEP_AGAIN_AFTER = seconds(30)
/** `now` is written down at least this often, and with everything that is acted on. */
const CLOCK_FLOOR_EVERY = minutes(1)
/** How long a write with an unknown effect is remembered when nothing is planned on what it was about. */
const UNKNOWN_KEPT_FOR = minutes(2)

export interface OrganizationEnginePorts {
  readonly store: Store
  readonly records: RecordsCache
  readonly auditLog: AuditLog
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly identityCenter: IdentityCenter
  /** The same behind the turnstile of visits. */
  readonly visitor: IdentityCenter
  readonly directory: Directory
  /** What was called of AWS. */
  readonly usage: () => readonly ServiceUsage[]
  /** The fencing token of this process's leadership. */
  readonly fence: () => number | undefined
}

export interface OrganizationEngine {
  /** Works until the signal is aborted or leadership is lost. */
  run(signal: AbortSignal): Promise<void>
  wake(): void
  /** A plan from what is known now; `refresh` reads AWS first. */
  plan(options: { refresh: boolean }, signal: AbortSignal): Promise<MadePlan & { readonly view: OrganizationView }>
  /** The plan that there would be with other settings, from what is known now. */
  planWith(
    change: (organization: Organization) => Organization,
    signal: AbortSignal,
  ): Promise<Omit<MadePlan, 'linked'> & { readonly view: OrganizationView }>
  status(): EngineStatus
  metrics(): EngineMetrics
  /** Sets what somebody has released, and looks again. */
  release(keys: readonly string[], commit: Pick<Commit, 'events'>): Promise<void>
  /** Keys of what somebody has let go ahead and that is not done yet. */
  released(): ReadonlySet<string>
  sweepNow(signal: AbortSignal): Promise<void>
  observed(): ObservedState
  /** Those that are managed, and those that the filter keeps out as of the last look of this process. */
  accounts(): { readonly inside: readonly Account[]; readonly outside: readonly Account[] }
  /** Reads one principal, a group with its members, whether or not sweeps read it. @throws IdentityCenterError */
  readPrincipal(principal: AwsPrincipal, signal: AbortSignal): Promise<void>
  /** Adopts what the mirror shows; says how many assignments became records. */
  adoptNow(signal: AbortSignal): Promise<number>
}

export async function createOrganizationEngine(
  ports: OrganizationEnginePorts,
  id: OrganizationId,
  signal: AbortSignal,
): Promise<OrganizationEngine> {
  const { store, clock, log } = ports
  const state = createEngineState(
    await store.readMirror(id, signal),
    await store.readMemory(id, signal),
    await store.readJournal(id, signal),
  )
  const plans = createPlanMaker(state)
  // However many ask what other settings would do, one answer is in memory and one thread is not all theirs.
  const oneAtATime = createTurns()
  const freshness = createFreshness()
  const alarm = createAlarm(clock)
  const sweepAlarm = createAlarm(clock)
  const descriptions = createDescriptions()
  const meter = createWorkMeter(clock)
  const startedAt = clock.now()
  let executor: Executor | undefined
  let lastPlan: MadePlan | undefined
  let sweeping: Promise<void> | undefined
  let sweepNotes: readonly PlanNote[] = []
  let nextSweepAt: Instant | undefined
  let sweepError: string | undefined
  let roundError: string | undefined
  let lastRoundAt: Instant | undefined
  let begun: { readonly since: Instant; readonly event: string } | undefined
  const reportWaiting = createWaitingReport({ log, commit }, id)

  /** Never behind the latest instant that was acted on: an ended lease stays ended. */
  const now = (): Instant =>
    state.memory.clockFloor === undefined ? clock.now() : latest(clock.now(), state.memory.clockFloor)
  const isClockBehind = (): boolean =>
    state.memory.clockFloor !== undefined && clock.now() < minus(state.memory.clockFloor, seconds(1))

  /** One at a time, so that the copy sees changes in the order of the store. */
  let queue: Promise<void> = Promise.resolve()
  function commit(change: Commit, by: 'reading' | 'us' = 'us'): Promise<void> {
    const turn = queue.then(async () => {
      const fence = ports.fence()
      const whole = notingLost(change, state, by)
      await store.commit({ ...whole, organization: id, ...(fence === undefined ? {} : { fence }) }, signal)
      applyCommit(state, whole)
    })
    queue = turn.catch(() => undefined)
    return turn
  }

  const whileReading: SweepPorts['whileReading'] = (read) =>
    freshness.whileReading((isFresh) => read((key) => isFresh(key) || isBeingWritten(key, executor)))
  const sweepPorts: SweepPorts = {
    identityCenter: ports.identityCenter,
    records: ports.records,
    commit: (change) => commit(change, 'reading'),
    whileReading,
  }
  const progress = createSweepProgress(() => clock.now())
  const context: SweepContext = { organization: id, state, descriptions, now, report: progress.report }

  return {
    run,
    wake: () => alarm.wake(),
    async plan({ refresh }, within) {
      if (refresh) await sweepNow(within)
      const view = viewOfEngine(await ports.records.read(within), state, id)
      const made = plans.make(view, await ports.auditLog.latestDecisions(state.memory.roundSeq, within), now())
      return { ...made, plan: { ...made.plan, notes: [...made.plan.notes, ...sweepNotes] }, view }
    },
    async planWith(change, within) {
      return oneAtATime(async () => {
        const records = await ports.records.read(within)
        const decidedSince = await ports.auditLog.latestDecisions(state.memory.roundSeq, within)
        return inSlices(planWith({ records, state, decidedSince, now: now() }, id, change), within)
      })
    },
    status,
    metrics: () => ({ now: clock.now(), startedAt, services: ports.usage(), ...meter.usage() }),
    async release(keys, { events }) {
      const memory = keys.map((key): MemoryChange => ({ put: 'released', key }))
      await commit({ memory, ...(events ? { events } : {}) })
      if (keys.some((key) => parseDoubtKey(key) !== undefined || isFollowKey(key))) sweepAlarm.wake()
      alarm.wake()
    },
    released: () => state.memory.released,
    sweepNow,
    observed: () => state.mirror.observed,
    accounts: () => ({ inside: [...state.mirror.catalogue.accounts.values()], outside: descriptions.outside }),
    async readPrincipal(principal, within) {
      await visit(sweepPorts, context, principal, within)
      if (principal.type === 'USER') return
      const members = await ports.identityCenter.listGroupMembers(principal.id, {
        lane: 'just-in-time',
        signal: within,
      })
      await commit({ mirror: members.map((user) => ({ put: 'member', group: principal.id, user })) })
    },
    async adoptNow(within) {
      const before = state.memory.assignments.size
      sweepNotes = await adopt(sweepPorts, context, new Set(), within)
      await round(within)
      return state.memory.assignments.size - before
    },
  }

  async function run(within: AbortSignal): Promise<void> {
    executor = createExecutor(
      state,
      {
        organization: id,
        identityCenter: ports.identityCenter,
        directory: ports.directory,
        records: ports.records,
        clock,
        actedOn: now,
        ids: ports.ids,
        log,
        async commit(change) {
          await commit(change)
          freshness.note(change.mirror ?? [])
        },
        async reread(operation) {
          const principal = awsPrincipalOf(operation.principal)
          if (principal) await visit(sweepPorts, context, principal, within)
        },
        readGroup: (group) => visitGroup(sweepPorts, context, group, within),
        wake: () => alarm.wake(),
        meter,
      },
      within,
    )
    await executor.resume()
    await Promise.all([sweeps(within), rounds(within), visits(within)])
  }

  // Sweeps

  async function sweeps(within: AbortSignal): Promise<void> {
    while (!within.aborted) {
      const failed = await sweepNow(within).then(
        () => false,
        () => true,
      )
      if (within.aborted) return
      nextSweepAt = plus(
        clock.now(),
        failed ? SWEEP_AGAIN_AFTER : milliseconds(SWEEP_EVERY + Math.random() * SWEEP_JITTER_MS),
      )
      await sweepAlarm.wait(nextSweepAt, within).catch(() => undefined)
    }
  }

  /** Joins a sweep that is running. @throws IdentityCenterError */
  function sweepNow(within: AbortSignal): Promise<void> {
    sweeping ??= sweepOnce(within).finally(() => (sweeping = undefined))
    return sweeping
  }

  async function sweepOnce(within: AbortSignal): Promise<void> {
    try {
      sweepNotes = await sweep(sweepPorts, context, within)
      sweepError = undefined
    } catch (error) {
      if (!within.aborted) await sweepFailed(error instanceof Error ? error.message : String(error))
      throw error
    } finally {
      progress.clear()
      alarm.wake()
    }
  }

  async function sweepFailed(message: string): Promise<void> {
    sweepError = message
    log.warn('a sweep of AWS failed', { organization: id, reason: message })
    const finding = {
      id: READ_FAILED,
      kind: 'account',
      message: `AWS could not be read: ${message}`,
      foundAt: now(),
    } as const
    await commit({
      mirror: [{ put: 'finding', finding }],
      events: [
        auditEvent('aws_identity_center.resource_sync.failed', {
          time: now(),
          success: false,
          subjects: [`organization:${id}`],
          fields: {
            organization: id,
            total_accounts: 0,
            total_permission_sets: 0,
            total_account_assignments: 0,
            total_user_groups: 0,
            success: false,
            message,
          },
        }),
      ],
    }).catch((error: unknown) => log.error('a failed sweep could not be recorded', { reason: String(error) }))
  }

  // Visits

  /** Goes round everybody whom sweeps leave out, the longest unread first. */
  async function visits(within: AbortSignal): Promise<void> {
    while (!within.aborted) {
      const user = state.mirror.sweptAt === undefined ? undefined : longestUnread()
      try {
        if (user) await visit({ ...sweepPorts, identityCenter: ports.visitor }, context, user, within)
        else await sleep(1_000, within)
        if (user) alarm.wake()
      } catch (error) {
        if (within.aborted) return
        log.warn('a visit failed', { organization: id, reason: String(error) })
        await sleep(5_000, within).catch(() => undefined)
      }
    }
  }

  function longestUnread(): AwsPrincipal | undefined {
    const readAt = ({ id: user }: { id: AwsPrincipal['id'] }): number =>
      state.mirror.assignmentsReadAt.get(awsPrincipalKey({ type: 'USER', id: user } as AwsPrincipal)) ?? 0
    let oldest: { id: AwsPrincipal['id'] } | undefined
    for (const user of state.mirror.observed.users.values()) if (!oldest || readAt(user) < readAt(oldest)) oldest = user
    if (!oldest || readAt(oldest) > minus(now(), seconds(30))) return undefined
    return { type: 'USER', id: oldest.id } as AwsPrincipal // a user's id, as the mirror has it
  }

  // Rounds

  async function rounds(within: AbortSignal): Promise<void> {
    let until: Instant | undefined
    while (!within.aborted) {
      try {
        until = state.mirror.sweptAt === undefined ? undefined : await round(within)
        roundError = undefined
      } catch (error) {
        if (within.aborted) return
        roundError = error instanceof Error ? error.message : String(error)
        log.error('a round failed', { organization: id, reason: roundError })
        await sleep(1_000, within).catch(() => undefined)
        continue
      }
      await alarm.wait(until, within).catch(() => undefined)
    }
  }

  /** Takes no hint of what changed; says when time alone will change the answer. */
  async function round(within: AbortSignal): Promise<Instant | undefined> {
    const plannedAt = executor?.moment() ?? 0 // first: what ends from here on may be unknown to the plan
    await executor?.resume()
    const records = await ports.records.read(within)
    const decided = await ports.auditLog.latestDecisions(state.memory.roundSeq, within)
    const at = now()
    const view = viewOfEngine(records, state, id)
    const made = plans.make(view, await withRemoval(decided, view, within), at)
    await commitMemory(made, at)
    await reportWaiting(made, at)
    lastPlan = made
    lastRoundAt = at
    if (view.organization.mode === 'active')
      executor?.submit(isClockBehind() ? made.allowed.filter(takesAway) : made.allowed, view, plannedAt)
    return made.input.desired.nextChangeAt
  }

  /** What goes with a removed organization goes by the decision to remove it, also after rounds that have seen that. */
  async function withRemoval(
    decided: ReadonlyMap<Subject, string>,
    { organization }: OrganizationView,
    within: AbortSignal,
  ): Promise<ReadonlyMap<Subject, string>> {
    const { withdrawal } = organization
    if (!withdrawal) return decided
    if (begun?.since !== withdrawal.since) {
      const query = { event: 'plugin.removal.begin', subject: `organization:${id}`, limit: 1 } as const
      const [event] = await ports.auditLog.list(query, within)
      begun = event && { since: withdrawal.since, event: event.uid }
    }
    return begun ? new Map<Subject, string>([...decided, [`organization:${id}`, begun.event]]) : decided
  }

  async function commitMemory(made: MadePlan, at: Instant): Promise<void> {
    const { input, allowed, held, drift } = made
    const { view } = input
    const toRemember = plans.unremembered()
    const operations = [...allowed, ...held.map(({ operation }) => operation)]
    const planned = new Set(operations.map(operationKey))
    const writing = new Set(executor?.running().map(({ key }) => key))
    const things = new Set<string>(operations.flatMap(thingsOf))
    const isOver = (entry: JournalEntry): boolean => {
      if (planned.has(entry.key) || writing.has(entry.key)) return false
      if (entry.state === 'failed') return true
      // Nothing is planned on what it was about: AWS has had the time to show its effect.
      const isUnplanned = entry.things.length > 0 && !entry.things.some((thing) => things.has(thing))
      return entry.state === 'unknown' && isUnplanned && entry.updatedAt < minus(at, UNKNOWN_KEPT_FOR)
    }
    const done = [...state.journal.values()].filter(isOver)
    const memory: MemoryChange[] = [
      ...remember(made, state, toRemember.only),
      ...done.flatMap((entry) => notMadeBy(entry, state)),
    ]
    // A release is for what somebody has looked at: it is not kept for the same thing at another time.
    const open = new Set([...planned, ...writing])
    const found = new Set(drift.map(findingKey))
    const isOpen = (key: string): boolean => found.has(parseFollowKey(key)?.finding ?? '') || open.has(key)
    for (const key of state.memory.released)
      if ((isOperationKey(key) || isFollowKey(key)) && !isOpen(key)) memory.push({ delete: 'released', key })
    if (view.auditSeq > state.memory.roundSeq) memory.push({ put: 'round', seq: view.auditSeq })
    const floor = state.memory.clockFloor
    if (memory.length > 0 || planned.size > 0 || floor === undefined || at >= plus(floor, CLOCK_FLOOR_EVERY))
      memory.push({ put: 'clock-floor', at })
    if (memory.length > 1 || floor === undefined || at > floor || done.length > 0) {
      await commit({ memory, journal: done.map((entry) => ({ delete: 'entry', id: entry.id })) })
    }
    plans.remembered(toRemember)
  }

  function status(): EngineStatus {
    const { mirror, memory } = state
    const oldest = [...mirror.observed.users.keys()].map((user) =>
      mirror.assignmentsReadAt.get(awsPrincipalKey({ type: 'USER', id: user })),
    )
    const times = oldest.filter((at) => at !== undefined)
    const sweepProgress = progress.latest()
    const isAdopted =
      mirror.sweptAt !== undefined &&
      [...mirror.catalogue.accounts.keys()].every((account) => mirror.adoptedAccounts.has(account))
    return {
      sweep: {
        running: sweeping !== undefined,
        ...(sweepProgress ? { progress: sweepProgress } : {}),
        ...(mirror.sweptAt === undefined ? {} : { lastAt: mirror.sweptAt }),
        ...(nextSweepAt === undefined ? {} : { nextAt: nextSweepAt }),
        ...(sweepError === undefined ? {} : { error: sweepError }),
      },
      round: {
        ...(lastRoundAt === undefined ? {} : { lastAt: lastRoundAt }),
        ...(roundError === undefined ? {} : { error: roundError }),
      },
      ...(times.length === 0 || times.length < oldest.length
        ? {}
        : { oldestVisitAt: times.reduce((a, b) => (a < b ? a : b)) }),
      adopted: isAdopted,
      managed: {
        users: lastPlan?.input.view.userLinkByUser.size ?? 0,
        groups: lastPlan?.input.view.groupLinkByKey.size ?? 0,
        members: memory.members.size,
        assignments: memory.assignments.size,
      },
      running: executor?.running() ?? [],
      waiting: [...state.journal.values()].filter((entry) => entry.state === 'failed' || entry.state === 'unknown'),
      held: lastPlan?.held ?? [],
      drift: lastPlan?.drift ?? [],
      findings: mirror.findings,
      notes: [...(lastPlan?.plan.notes ?? []), ...sweepNotes],
      clockBehind: isClockBehind(),
      ...(mirror.accountsSeen?.lastMoves ? { accountMoves: mirror.accountsSeen.lastMoves } : {}),
    }
  }
}

/** A reading that was taken while we write says nothing about what we write. */
const isBeingWritten = (key: Thing, executor: Executor | undefined): boolean =>
  executor?.running().some(({ operation }) => thingsOf(operation).includes(key)) ?? false

const takesAway = (operation: Operation): boolean =>
  operation.kind === 'delete-assignment' ||
  operation.kind === 'remove-member' ||
  (operation.kind === 'update-user' && operation.changes.active === false)
