import {
  type Duration,
  type Instant,
  isReady,
  type Lane,
  LANES,
  milliseconds,
  type Operation,
  operationKey,
  plus,
  removalOf,
  seconds,
  thingsOf,
  type View,
} from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'
import type { Directory } from '../ports/directory.ts'
import type { Ids } from '../ports/ids.ts'
import { type CallOptions, type IdentityCenter, IdentityCenterError } from '../ports/identity-center.ts'
import type { Log } from '../ports/log.ts'
import type { Commit, JournalEntry, MemoryChange } from '../ports/store.ts'
import { backoff } from './backoff.ts'
import type { EngineState } from './engine-state.ts'
import { assignmentOutcome, type AssignmentOperation, sendAssignment } from './execute-assignment.ts'
import {
  type DirectoryOperation,
  executeDirectoryOperation,
  executeMemberOperations,
  type MemberOperation,
  type Outcome,
} from './execute-directory.ts'
import { createPoller, type Poller } from './poller.ts'

/** AWS allows this many assignment requests in progress (IAM Identity Center User Guide, "Quotas"). */
export const MAX_IN_FLIGHT = 10
/** Writes of users and groups at once; the gate decides how fast they go out. */
const MAX_DIRECTORY_WRITES = 4
/** When others use up the requests in progress, or hold a thing we want to write. */
const BUSY_PAUSE = seconds(2)

export interface ExecutorPorts {
  readonly identityCenter: IdentityCenter
  readonly directory: Directory
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Saves and applies to the engine's state; rejects when somebody else leads by now. */
  readonly commit: (commit: Commit) => Promise<void>
  /** Reads a principal's assignments afresh, because the effect of a write is unknown. */
  readonly reread: (operation: AssignmentOperation) => Promise<void>
  /** Something has changed that a round should look at. */
  readonly wake: () => void
}

export interface Running {
  readonly key: string
  readonly operation: Operation
  readonly since: Instant
  readonly state: 'intended' | 'sent'
  readonly requestId?: string
}

/** Carries out operations: the one place that writes to AWS. */
export interface Executor {
  /** Names this moment: a plan made from what is known now is submitted with it. */
  moment(): number
  /**
   * What is to be brought about; replaces what was submitted before. What has begun goes on to its end, and what has
   * ended since the moment at which the plan was begun is left to the next plan: this one does not know the outcome.
   */
  submit(operations: readonly Operation[], view: View, plannedAt: number): void
  /** Goes on with what an earlier process had begun. */
  resume(): Promise<void>
  running(): readonly Running[]
  /** Resolves when nothing is running; nothing new is begun from now on. */
  drain(): Promise<void>
}

export function createExecutor(state: EngineState, ports: ExecutorPorts, signal: AbortSignal): Executor {
  const running = new Map<string, Running>()
  const tasks = new Set<Promise<void>>()
  /** When each key last ended, in moments. */
  const endedAt = new Map<string, number>()
  let moment = 0
  let submitted: readonly Operation[] = []
  let view: View | undefined
  let busyUntil: Instant | undefined
  let stopped = false
  const poller: Poller = createPoller(ports.identityCenter, signal)

  return {
    moment: () => moment,
    submit(operations, latest, plannedAt) {
      submitted = operations.filter((operation) => (endedAt.get(operationKey(operation)) ?? -1) < plannedAt)
      for (const [key, at] of endedAt) if (at < plannedAt) endedAt.delete(key)
      view = latest
      pump()
    },
    async resume() {
      for (const entry of state.journal.values()) await resumeEntry(entry)
    },
    running: () => [...running.values()],
    async drain() {
      stopped = true
      await Promise.allSettled(tasks)
    },
  }

  function pump(): void {
    if (stopped || signal.aborted || !view) return
    const now = ports.clock.now()
    const open = openByKey(state)
    const waits = (operation: Operation): boolean => {
      const entry = open.get(operationKey(operation))
      return entry?.notBefore !== undefined && entry.notBefore > now
    }
    const ready = submitted.filter(
      (operation) => isReady(operation) && !running.has(operationKey(operation)) && !waits(operation),
    )
    for (const lane of LANES)
      for (const operation of ready) if (laneOf(operation) === lane) tryStart(operation, ready, now)
    wakeLater(
      submitted.flatMap((operation) => open.get(operationKey(operation))?.notBefore ?? []).filter((at) => at > now),
    )
  }

  function tryStart(operation: Operation, ready: readonly Operation[], now: Instant): void {
    switch (operation.kind) {
      case 'create-assignment':
      case 'delete-assignment':
        if (busyUntil !== undefined && now < busyUntil) return wakeLater([busyUntil])
        if (countOf(isAssignment) >= MAX_IN_FLIGHT || isBusy(operation)) return
        return begin(operation, () => runAssignment(operation))
      case 'add-member':
      case 'remove-member': {
        if (countOf((one) => !isAssignment(one)) >= MAX_DIRECTORY_WRITES || isGroupBusy(operation)) return
        const together = ready.filter(
          (other): other is MemberOperation =>
            isMember(other) && other.group.group === operation.group.group && isReady(other),
        )
        if (!together.some((other) => running.has(operationKey(other)))) beginMembers(together)
        return
      }
      case 'create-user':
      case 'update-user':
      case 'delete-user':
      case 'create-group':
      case 'rename-group':
      case 'delete-group':
        if (countOf((one) => !isAssignment(one)) >= MAX_DIRECTORY_WRITES) return
        return begin(operation, () => runDirectory(operation))
    }
  }

  function countOf(predicate: (operation: Operation) => boolean): number {
    const groups = new Set(
      [...running.values()]
        .filter(({ operation }) => predicate(operation))
        .map(({ operation, key }) => (isMember(operation) ? operation.group.group : key)),
    )
    return groups.size
  }

  /** Writes on one account and permission set queue behind each other: AWS answers parallel ones with a conflict. */
  function isBusy(operation: AssignmentOperation): boolean {
    return [...running.values()].some(({ operation: other }) => isAssignment(other) && other.grant === operation.grant)
  }

  function isGroupBusy(operation: MemberOperation): boolean {
    return [...running.values()].some(
      ({ operation: other }) => isMember(other) && other.group.group === operation.group.group,
    )
  }

  function begin(operation: Operation, run: () => Promise<void>): void {
    const key = operationKey(operation)
    running.set(key, { key, operation, since: ports.clock.now(), state: 'intended' })
    track(run(), [key])
  }

  function beginMembers(operations: readonly MemberOperation[]): void {
    const since = ports.clock.now()
    const keys = operations.map(operationKey)
    for (const [index, operation] of operations.entries()) {
      const key = keys[index]
      if (key !== undefined) running.set(key, { key, operation, since, state: 'intended' })
    }
    track(runMembers(operations), keys)
  }

  /** Every task ends by freeing its keys and letting the next one start; an unexpected error is logged, never lost. */
  function track(task: Promise<void>, keys: readonly string[]): void {
    const owned = task
      .catch((error: unknown) => {
        if (!signal.aborted)
          ports.log.error('an operation stopped on an unexpected error', { keys, error: String(error) })
      })
      .finally(() => {
        for (const key of keys) {
          running.delete(key)
          endedAt.set(key, moment)
        }
        moment++
        submitted = submitted.filter((operation) => !keys.includes(operationKey(operation)))
        tasks.delete(owned)
        pump()
        ports.wake()
      })
    tasks.add(owned)
  }

  async function runAssignment(operation: AssignmentOperation): Promise<void> {
    const entry = await intend(operation)
    const call: CallOptions = { lane: operation.lane, signal }
    try {
      const status = await sendAssignment(operation, ports.identityCenter, call)
      if (status.status !== 'in-progress')
        return await settle(operation, entry, status.status === 'failed' ? status.reason : undefined)
      const sent: JournalEntry = { ...entry, state: 'sent', requestId: status.requestId, updatedAt: ports.clock.now() }
      running.set(entry.key, {
        key: entry.key,
        operation,
        since: entry.createdAt,
        state: 'sent',
        requestId: status.requestId,
      })
      await ports.commit({ journal: [{ put: 'entry', entry: sent }] })
      await follow(operation, sent)
    } catch (error) {
      await assignmentFailed(operation, entry, error)
    }
  }

  /** Waits for AWS's final word. */
  async function follow(operation: AssignmentOperation, entry: JournalEntry): Promise<void> {
    const kind = operation.kind === 'create-assignment' ? 'creation' : 'deletion'
    const final = await poller.wait(kind, entry.requestId ?? '', operation.lane)
    await settle(operation, entry, final.status === 'failed' ? final.reason : undefined)
  }

  async function settle(
    operation: AssignmentOperation,
    entry: JournalEntry,
    failure: string | undefined,
  ): Promise<void> {
    const now = ports.clock.now()
    const outcome = assignmentOutcome(operation, now, failure)
    if (failure === undefined) {
      await ports.commit({ ...outcome, memory: spent(operation, now), journal: [{ delete: 'entry', id: entry.id }] })
      return
    }
    ports.log.warn('AWS refused an account assignment', { key: entry.key, reason: failure })
    await ports.commit({
      ...outcome,
      journal: [{ put: 'entry', entry: failed(entry, failure, backoff(entry.attempts + 1), now) }],
    })
  }

  async function assignmentFailed(operation: AssignmentOperation, entry: JournalEntry, error: unknown): Promise<void> {
    if (!(error instanceof IdentityCenterError) || signal.aborted) throw error
    const now = ports.clock.now()
    switch (error.failure) {
      case 'busy':
      case 'throttled': // known not to have happened
        busyUntil = plus(now, BUSY_PAUSE)
        await ports.commit({ journal: [{ delete: 'entry', id: entry.id }] })
        return
      case 'conflict':
        await ports.commit({
          journal: [{ put: 'entry', entry: failed(entry, error.message, jittered(BUSY_PAUSE), now) }],
        })
        return
      case 'unavailable':
      case 'not-found': {
        const attempts = entry.attempts + 1
        await ports.commit({ journal: [{ put: 'entry', entry: failed(entry, error.message, backoff(attempts), now) }] })
        await ports.reread(operation)
        return
      }
      case 'access-denied':
      case 'expired-credentials':
      case 'invalid':
      case 'name-taken':
        ports.log.warn('AWS refused a call', { key: entry.key, failure: error.failure, reason: error.message })
        await ports.commit({
          events: assignmentOutcome(operation, now, error.message).events,
          journal: [{ put: 'entry', entry: failed(entry, error.message, backoff(entry.attempts + 3), now) }],
        })
    }
  }

  async function runDirectory(operation: DirectoryOperation): Promise<void> {
    const entry = await intend(operation)
    await saving(entry, [operation], (context) =>
      executeDirectoryOperation(operation, context, { lane: laneOf(operation), signal }),
    )
  }

  async function runMembers(operations: readonly MemberOperation[]): Promise<void> {
    const [first] = operations
    if (!first) return
    const entry = await intend(first, operations)
    const lane: Lane = operations.some(({ kind }) => kind === 'remove-member') ? 'revoke' : 'just-in-time'
    await saving(entry, operations, (context) => executeMemberOperations(operations, context, { lane, signal }))
  }

  async function saving(
    entry: JournalEntry,
    operations: readonly Operation[],
    run: (context: {
      directory: Directory
      organization: View['organization']['id']
      view: View
      now: Instant
    }) => Promise<Outcome>,
  ): Promise<void> {
    if (!view) return
    try {
      const outcome = await run({
        directory: ports.directory,
        organization: view.organization.id,
        view,
        now: ports.clock.now(),
      })
      const memory = operations.flatMap((operation) => spent(operation, ports.clock.now()))
      await ports.commit({ ...outcome, memory, journal: [{ delete: 'entry', id: entry.id }] })
    } catch (error) {
      if (!(error instanceof IdentityCenterError) || signal.aborted) throw error
      ports.log.warn('a write to the directory failed', {
        key: entry.key,
        failure: error.failure,
        reason: error.message,
      })
      const pause =
        error.failure === 'throttled' || error.failure === 'conflict'
          ? jittered(BUSY_PAUSE)
          : backoff(entry.attempts + 1)
      await ports.commit({ journal: [{ put: 'entry', entry: failed(entry, error.message, pause, ports.clock.now()) }] })
    }
  }

  /** Written before AWS is called, so that a crash in between is known to have left an unknown effect. */
  async function intend(operation: Operation, all: readonly Operation[] = [operation]): Promise<JournalEntry> {
    const key = operationKey(operation)
    const known = openByKey(state).get(key)
    const now = ports.clock.now()
    const entry: JournalEntry = {
      id: known?.id ?? ports.ids.uuid(),
      key,
      kind: operation.kind,
      state: 'intended',
      payload: operation,
      things: all.flatMap(thingsOf),
      attempts: known?.attempts ?? 0,
      createdAt: known?.createdAt ?? now,
      updatedAt: now,
      ...(known?.error === undefined ? {} : { error: known.error }),
    }
    await ports.commit({ journal: [{ put: 'entry', entry }] })
    return entry
  }

  async function resumeEntry(entry: JournalEntry): Promise<void> {
    if (entry.state === 'failed') return
    const operation = entry.payload as Operation // written by `intend`; our own JSON
    if (entry.state === 'sent' && isAssignment(operation)) {
      running.set(entry.key, {
        key: entry.key,
        operation,
        since: entry.createdAt,
        state: 'sent',
        ...(entry.requestId === undefined ? {} : { requestId: entry.requestId }),
      })
      track(
        follow(operation, entry).catch((error: unknown) => assignmentFailed(operation, entry, error)),
        [entry.key],
      )
      return
    }
    // Begun and not known to be sent: what AWS holds now decides, and repeating is harmless.
    await ports.commit({
      journal: [
        {
          put: 'entry',
          entry: failed(entry, 'The server stopped while this was being sent.', milliseconds(0), ports.clock.now()),
        },
      ],
    })
    if (isAssignment(operation)) await ports.reread(operation).catch(() => undefined) // the next sweep reads it otherwise
  }

  function wakeLater(instants: readonly Instant[]): void {
    const next = instants.toSorted((a, b) => a - b)[0]
    if (next === undefined) return
    ports.clock.waitUntil(next, signal).then(pump, () => undefined)
  }
}

/** Counts an undecided removal against the budget, and uses up its release. */
function spent(operation: Operation, at: Instant): MemoryChange[] {
  const removal = removalOf(operation)
  if (!removal || removal.cause.kind === 'expired' || removal.cause.kind === 'decided') return []
  return [
    { put: 'removal', kind: removal.kind, at },
    { delete: 'released', key: operationKey(operation) },
  ]
}

const failed = (entry: JournalEntry, error: string, pause: Duration, now: Instant): JournalEntry => {
  const { requestId: _, ...rest } = entry
  return { ...rest, state: 'failed', error, attempts: entry.attempts + 1, notBefore: plus(now, pause), updatedAt: now }
}

const jittered = (duration: Duration): Duration => milliseconds(Math.round(duration * (0.5 + Math.random())))

const openByKey = (state: EngineState): ReadonlyMap<string, JournalEntry> =>
  new Map([...state.journal.values()].map((entry) => [entry.key, entry]))

const isAssignment = (operation: Operation): operation is AssignmentOperation =>
  operation.kind === 'create-assignment' || operation.kind === 'delete-assignment'

const isMember = (operation: Operation): operation is MemberOperation =>
  operation.kind === 'add-member' || operation.kind === 'remove-member'

/** Users and groups come first, because assignments wait for them; what takes access away comes before everything. */
export function laneOf(operation: Operation): Lane {
  switch (operation.kind) {
    case 'create-assignment':
    case 'delete-assignment':
      return operation.lane
    case 'remove-member':
    case 'delete-group':
    case 'delete-user':
      return 'revoke'
    case 'update-user':
      return operation.changes.active === false ? 'revoke' : 'just-in-time'
    case 'create-user':
    case 'create-group':
    case 'rename-group':
    case 'add-member':
      return 'just-in-time'
  }
}
