import {
  type AccountId,
  between,
  earliest,
  grantOfKey,
  type Instant,
  isReady,
  LANES,
  milliseconds,
  type Operation,
  operationKey,
  plus,
  principalKey,
  type OrganizationView,
} from '@gatehouse/domain'
import type { JournalEntry } from '../ports/store.ts'
import { BUSY_PAUSE, type CarryOutPorts, createCarryOut, laneOf } from './carry-out.ts'
import type { EngineState } from './engine-state.ts'
import type { AssignmentOperation } from './execute-assignment.ts'
import type { CreationOperation, MemberOperation } from './execute-directory.ts'
import { operationOf, postponed } from './journal.ts'
import type { WorkMeter } from './meter-work.ts'

/** AWS allows this many assignment requests in progress (IAM Identity Center User Guide, "Quotas"). */
export const MAX_IN_FLIGHT = 10
/**
 * What is not urgent takes at most half of them in one account. An account's roles may be changed one at a time: the
 * rest would only queue there, and what is urgent elsewhere would wait behind it.
 */
const MAX_IN_ONE_ACCOUNT = 5
/** Writes of users and groups at once; the gate decides how fast they go out. */
const MAX_DIRECTORY_WRITES = 4

export interface ExecutorPorts extends CarryOutPorts {
  readonly meter: WorkMeter
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

/** Decides what is written to AWS when, and how much at once. */
export interface Executor {
  /** Names this moment: a plan made from what is known now is submitted with it. */
  moment(): number
  /**
   * What is to be brought about; replaces what was submitted before. What has begun goes on to its end, and what has
   * ended since the moment at which the plan was begun is left to the next plan: this one does not know the outcome.
   */
  submit(operations: readonly Operation[], view: OrganizationView, plannedAt: number): void
  /** Goes on with what was begun and what nobody carries out: by an earlier process, or until the store failed. */
  resume(): Promise<void>
  running(): readonly Running[]
}

export function createExecutor(state: EngineState, ports: ExecutorPorts, signal: AbortSignal): Executor {
  const running = new Map<string, Running>()
  /** What has ended of late, and at which moment. */
  let ended: readonly { readonly operation: Operation; readonly at: number }[] = []
  let moment = 0
  let submitted: readonly Operation[] = []
  let view: OrganizationView | undefined
  let busyUntil: Instant | undefined
  /** Since when what is submitted has been planned: what waits for its turn waits, too. */
  let wantedSince: ReadonlyMap<string, Instant> = new Map()
  const carryOut = createCarryOut(
    state,
    ports,
    {
      sent(entry) {
        const known = running.get(entry.key)
        if (known) running.set(entry.key, { ...known, state: 'sent', ...requestOf(entry) })
      },
      busy: () => (busyUntil = plus(ports.clock.now(), BUSY_PAUSE)),
      confirmed({ kind }, { key, createdAt }) {
        ports.meter.confirmed(kind, earliest(createdAt, wantedSince.get(key) ?? createdAt))
      },
    },
    signal,
  )

  return {
    moment: () => moment,
    submit(operations, latest, plannedAt) {
      ended = ended.filter(({ at }) => at >= plannedAt)
      submitted = operations.filter((operation) => !ended.some((one) => outdates(one.operation, operation)))
      wantedSince = sinceWhen(submitted, wantedSince, ports.clock.now())
      view = latest
      pump()
    },
    async resume() {
      const now = ports.clock.now()
      const begun = [...state.journal.values()].filter(
        ({ key, state: is }) => (is === 'intended' || is === 'sent') && !running.has(key),
      )
      const isFollowed = (entry: JournalEntry): boolean => entry.state === 'sent' && isAssignment(operationOf(entry))
      for (const entry of begun) if (isFollowed(entry)) follow(entry)
      const message = 'What came of this could not be written down.'
      const unknown = begun
        .filter((entry) => !isFollowed(entry))
        .map((entry) => postponed(entry, 'unknown', message, milliseconds(0), now))
      if (unknown.length > 0) await ports.commit({ journal: unknown.map((entry) => ({ put: 'entry', entry })) })
    },
    running: () => [...running.values()],
  }

  function follow(entry: JournalEntry): void {
    const operation = operationOf(entry)
    if (!isAssignment(operation)) return
    running.set(entry.key, { key: entry.key, operation, since: entry.createdAt, state: 'sent', ...requestOf(entry) })
    ports.meter.inFlight(inFlight().length)
    track(carryOut.follow(operation, entry), [operation])
  }

  // Starting

  function pump(): void {
    if (signal.aborted || !view) return
    const now = ports.clock.now()
    const entries = new Map([...state.journal.values()].map((entry) => [entry.key, entry]))
    const waits = (operation: Operation): boolean => isPaused(entries.get(operationKey(operation)), now)
    const ready = submitted.filter(
      (operation) => isReady(operation) && !running.has(operationKey(operation)) && !waits(operation),
    )
    for (const lane of LANES)
      for (const operation of spread(ready.filter((one) => laneOf(one) === lane))) tryStart(operation, ready, view)
    lookForLost(view, now)
    const pauses = [...state.journal.values()].flatMap(({ notBefore }) => notBefore ?? [])
    wakeLater([...pauses, ...(busyUntil === undefined ? [] : [busyUntil])].filter((at) => at > now))
  }

  function tryStart(operation: Operation, ready: readonly Operation[], latest: OrganizationView): void {
    if (isAssignment(operation)) {
      if (isBusy(ports.clock.now())) return
      const isUrgent = operation.lane === 'revoke' || operation.lane === 'just-in-time'
      const isFull = inFlight().length >= MAX_IN_FLIGHT
      if (isFull || (!isUrgent && inFlight(accountOf(operation)).length >= MAX_IN_ONE_ACCOUNT)) return
      if (mustWait(operation)) return
      return begin([operation], () => carryOut.assignment(operation))
    }
    if (directoryWrites() >= MAX_DIRECTORY_WRITES || mustWait(operation)) return
    if (!isMember(operation)) return begin([operation], () => carryOut.directory(operation, latest))
    const others = ready.filter((other): other is MemberOperation => isMember(other) && other !== operation)
    const together = others.filter(({ group }) => group.group === operation.group.group)
    begin([operation, ...together], () => carryOut.members([operation, ...together], latest))
  }

  /** Nobody wants any more what an earlier write may have made: it becomes a record, so that it can go. */
  function lookForLost(latest: OrganizationView, now: Instant): void {
    const wanted = new Set(submitted.map(operationKey))
    for (const entry of state.journal.values()) {
      const operation = operationOf(entry)
      if (entry.state !== 'unknown' || !isCreation(operation) || isPaused(entry, now)) continue
      if (wanted.has(entry.key) || running.has(entry.key)) continue
      if (directoryWrites() >= MAX_DIRECTORY_WRITES) return
      begin([operation], () => carryOut.lookFor(operation, entry, latest))
    }
  }

  function begin(operations: readonly Operation[], run: () => Promise<void>): void {
    const since = ports.clock.now()
    for (const operation of operations) {
      const key = operationKey(operation)
      running.set(key, { key, operation, since, state: 'intended' })
    }
    ports.meter.inFlight(inFlight().length)
    track(run(), operations)
  }

  /** Every task ends by freeing its keys and letting the next one start; an unexpected error is logged, never lost. */
  function track(task: Promise<void>, operations: readonly Operation[]): void {
    const keys = operations.map(operationKey)
    void task
      .catch((error: unknown) => {
        if (!signal.aborted)
          ports.log.error('an operation stopped on an unexpected error', { keys, error: String(error) })
      })
      .finally(() => {
        for (const key of keys) running.delete(key)
        ports.meter.inFlight(inFlight().length)
        ended = [...ended, ...operations.map((operation) => ({ operation, at: moment }))]
        moment++
        submitted = submitted.filter((one) => !operations.some((operation) => outdates(operation, one)))
        pump()
        ports.wake()
      })
  }

  function mustWait(operation: Operation): boolean {
    return [...running.values()].some((one) => excludes(one.operation, operation))
  }

  /** Assignments in flight, in one account or in all. */
  function inFlight(account?: AccountId): readonly AssignmentOperation[] {
    const assignments = [...running.values()].map(({ operation }) => operation).filter(isAssignment)
    return account === undefined ? assignments : assignments.filter((one) => accountOf(one) === account)
  }

  /** Writes of users and groups in flight: all changes of one group's members are one. */
  function directoryWrites(): number {
    const others = [...running.values()].filter(({ operation }) => !isAssignment(operation))
    return new Set(others.map(({ operation, key }) => (isMember(operation) ? operation.group.group : key))).size
  }

  /** In turns over the accounts: first those with the least in flight and the most to come. */
  function spread(operations: readonly Operation[]): readonly Operation[] {
    const turns = new Map<AccountId, number>()
    const toCome = new Map<AccountId, number>()
    for (const one of operations.filter(isAssignment)) toCome.set(accountOf(one), (toCome.get(accountOf(one)) ?? 0) + 1)
    const placed = operations.map((operation) => {
      if (!isAssignment(operation)) return { operation, turn: 0, toCome: 0 }
      const account = accountOf(operation)
      const turn = turns.get(account) ?? inFlight(account).length
      turns.set(account, turn + 1)
      return { operation, turn, toCome: toCome.get(account) ?? 0 }
    })
    return placed.toSorted((a, b) => a.turn - b.turn || b.toCome - a.toCome).map(({ operation }) => operation)
  }

  /** A clock that was put back makes no pause longer. */
  function isBusy(now: Instant): boolean {
    return busyUntil !== undefined && now < busyUntil && between(now, busyUntil) <= BUSY_PAUSE
  }

  function wakeLater(instants: readonly Instant[]): void {
    const next = instants.toSorted((a, b) => a - b)[0]
    if (next === undefined) return
    ports.clock.waitUntil(next, signal).then(pump, () => undefined)
  }
}

function sinceWhen(
  operations: readonly Operation[],
  before: ReadonlyMap<string, Instant>,
  now: Instant,
): ReadonlyMap<string, Instant> {
  const keys = operations.filter(isAssignment).map(operationKey)
  return new Map(keys.map((key) => [key, before.get(key) ?? now]))
}

const requestOf = ({ requestId }: JournalEntry): Pick<Running, 'requestId'> =>
  requestId === undefined ? {} : { requestId }

/** A clock that was put back makes no pause longer: before its beginning there is none. */
const isPaused = (entry: JournalEntry | undefined, now: Instant): boolean =>
  entry?.notBefore !== undefined && entry.updatedAt <= now && now < entry.notBefore

const isAssignment = (operation: Operation): operation is AssignmentOperation =>
  operation.kind === 'create-assignment' || operation.kind === 'delete-assignment'

const accountOf = ({ grant }: AssignmentOperation): AccountId => grantOfKey(grant).account

const isMember = (operation: Operation): operation is MemberOperation =>
  operation.kind === 'add-member' || operation.kind === 'remove-member'

const isCreation = (operation: Operation): operation is CreationOperation =>
  operation.kind === 'create-user' || operation.kind === 'create-group'

/** Whether one has to wait for the other. */
function excludes(one: Operation, other: Operation): boolean {
  if (outdates(one, other)) return true
  if (isAssignment(one)) {
    // AWS answers parallel writes on one account and permission set with a conflict.
    return isAssignment(other) && one.grant === other.grant
  }
  return isMember(one) ? isMember(other) && one.group.group === other.group.group : false
}

/**
 * Whether what was planned without knowing the end of the one may no longer do the other. A principal is deleted alone: AWS would keep an assignment that is
 * made meanwhile, on a principal that is gone.
 */
function outdates(one: Operation, other: Operation): boolean {
  if (operationKey(one) === operationKey(other)) return true
  if (principalOf(one) !== principalOf(other)) return false
  const isOfPrincipal = ({ kind }: Operation): boolean => /-(user|group)$/.test(kind)
  const isDeletion = ({ kind }: Operation): boolean => kind === 'delete-user' || kind === 'delete-group'
  return (isOfPrincipal(one) && isOfPrincipal(other)) || isDeletion(one) || isDeletion(other)
}

/** The user or group that an operation is about, as `principalKey` has it. */
function principalOf(operation: Operation): string {
  switch (operation.kind) {
    case 'create-assignment':
    case 'delete-assignment':
      return principalKey(operation.principal)
    case 'create-group':
    case 'rename-group':
    case 'delete-group':
      return `group:${operation.group}`
    case 'add-member':
    case 'remove-member':
      return `group:${operation.group.group}`
    case 'create-user':
    case 'update-user':
    case 'delete-user':
      return `user:${operation.user}`
  }
}
