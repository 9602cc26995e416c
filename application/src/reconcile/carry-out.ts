import {
  type AwsGroupId,
  DomainError,
  isAssignmentKey,
  thingsOf,
  type Duration,
  type Instant,
  type Lane,
  milliseconds,
  minutes,
  type Operation,
  operationKey,
  plus,
  isUndecided,
  removalOf,
  seconds,
  type OrganizationId,
  type OrganizationView,
} from '@gatehouse/domain'
import type { RecordsCache } from '../governance/records-cache.ts'
import type { Clock } from '../ports/clock.ts'
import type { Directory } from '../ports/directory.ts'
import type { Ids } from '../ports/ids.ts'
import {
  type CallOptions,
  type IdentityCenter,
  IdentityCenterError,
  type IdentityCenterFailure,
} from '../ports/identity-center.ts'
import type { Log } from '../ports/log.ts'
import type { Commit, JournalEntry, MemoryChange } from '../ports/store.ts'
import { backoff } from './backoff.ts'
import { refusedDeletion } from './directory-events.ts'
import type { EngineState } from './engine-state.ts'
import { assignmentOutcome, type AssignmentOperation, sendAssignment } from './execute-assignment.ts'
import {
  type CreationOperation,
  type DirectoryContext,
  type DirectoryOperation,
  executeDirectoryOperation,
  executeMemberOperations,
  findCreated,
  type MemberOperation,
  type Outcome,
} from './execute-directory.ts'
import { entryOf, intend, overtaken, postponed } from './journal.ts'
import { createPoller } from './poller.ts'
import type { GroupContents } from './sweep.ts'
import { demandOurs, inheritedBy, madeBy } from './who-made-it.ts'

/** When others use up the requests in progress, or hold a thing we want to write. */
export const BUSY_PAUSE = seconds(2)
/** AWS may show late what it has made, though not later than this. */
const SHOWN_AFTER = minutes(1)
const LOOK_AGAIN_AFTER = seconds(5)
/** Others change the records meanwhile; more than this many in a row is not chance. */
const MAX_ATTEMPTS = 5

export interface CarryOutPorts {
  readonly organization: OrganizationId
  readonly identityCenter: IdentityCenter
  readonly directory: Directory
  readonly records: RecordsCache
  readonly clock: Clock
  /** Now, and never behind the latest instant that was acted on, which budgets are counted by. */
  readonly actedOn: () => Instant
  readonly ids: Ids
  readonly log: Log
  /** Saves and applies to the engine's state; rejects when somebody else leads by now. */
  readonly commit: (commit: Commit) => Promise<void>
  /** Reads a principal's assignments afresh, because AWS contradicts what was observed. */
  readonly reread: (operation: AssignmentOperation) => Promise<void>
  /** Reads a group afresh before it goes. */
  readonly readGroup: (group: AwsGroupId) => Promise<GroupContents>
}

/** Carries operations out one by one, each with its entry in the journal from before the first call to its end. */
export interface CarryOut {
  assignment(operation: AssignmentOperation): Promise<void>
  directory(operation: DirectoryOperation, view: OrganizationView): Promise<void>
  members(operations: readonly [MemberOperation, ...MemberOperation[]], view: OrganizationView): Promise<void>
  /** Waits for the end of a request that an earlier process had sent. */
  follow(operation: AssignmentOperation, entry: JournalEntry): Promise<void>
  /** Makes a record of the user or group that a write with an unknown effect has made, if it did. */
  lookFor(operation: CreationOperation, entry: JournalEntry, view: OrganizationView): Promise<void>
}

export interface CarryOutEvents {
  /** AWS has taken a request and will carry it out. */
  sent(entry: JournalEntry): void
  /** AWS takes no further requests for now. */
  busy(): void
  /** AWS has confirmed it. */
  confirmed(operation: AssignmentOperation, entry: JournalEntry): void
}

export function createCarryOut(
  state: EngineState,
  ports: CarryOutPorts,
  tell: CarryOutEvents,
  signal: AbortSignal,
): CarryOut {
  const { commit, clock, log, organization } = ports
  const poller = createPoller(ports.identityCenter, signal)

  return {
    async assignment(operation) {
      const [entry, before] = await begin([operation], madeBy(operation, state))
      try {
        const status = await sendAssignment(operation, ports.identityCenter, { lane: operation.lane, signal })
        if (status.status !== 'in-progress')
          return await settle(operation, entry, before, status.status === 'failed' ? status.reason : undefined)
        const sent: JournalEntry = { ...entry, state: 'sent', requestId: status.requestId, updatedAt: clock.now() }
        tell.sent(sent)
        await commit({ journal: [{ put: 'entry', entry: sent }] })
        await follow(operation, sent, before)
      } catch (error) {
        await assignmentFailed(operation, entry, before, error)
      }
    },
    async directory(operation, view) {
      const call: CallOptions = { lane: laneOf(operation), signal }
      const run = async (context: DirectoryContext): Promise<Outcome> => {
        if (operation.kind === 'delete-group' && operation.onlyIfOurs) await demandOurs(operation, state, ports)
        return executeDirectoryOperation(operation, context, call)
      }
      await writing([operation], run, view)
    },
    async members(operations, view) {
      const lane: Lane = operations.some(({ kind }) => kind === 'remove-member') ? 'revoke' : 'just-in-time'
      await writing(operations, (context) => executeMemberOperations(operations, context, { lane, signal }), view)
    },
    follow,
    async lookFor(operation, entry, view) {
      const now = clock.now()
      const context: DirectoryContext = { directory: ports.directory, organization: view.organization.id, now }
      try {
        const found = await findCreated(operation, context, { lane: 'repair', signal })
        if (found) {
          const memory = inheritedBy(operation, found, state)
          return await commit({ ...found, memory, journal: [{ delete: 'entry', id: entry.id }] })
        }
        if (now > plus(entry.updatedAt, SHOWN_AFTER))
          return await commit({ journal: [{ delete: 'entry', id: entry.id }] })
      } catch (error) {
        if (!(error instanceof IdentityCenterError) || signal.aborted) throw error
      }
      await commit({ journal: [{ put: 'entry', entry: { ...entry, notBefore: plus(now, LOOK_AGAIN_AFTER) } }] })
    },
  }

  /** The entry as it is from now on, and as it was if an earlier attempt failed. */
  async function begin(operations: readonly [Operation, ...Operation[]], memory: readonly MemoryChange[] = []) {
    const before = entryOf(state, operations[0])
    const entry = intend(operations, before, ports.ids.uuid(), clock.now())
    await commit({ journal: [{ put: 'entry', entry }], memory })
    return [entry, before] as const
  }

  // Assignments

  /** Waits for AWS's final word. Of what an earlier process had sent, it is not known what went before. */
  async function follow(
    operation: AssignmentOperation,
    entry: JournalEntry,
    before: JournalEntry | undefined = entry.attempts > 0 ? { ...entry, state: 'unknown' } : undefined,
  ): Promise<void> {
    const kind = operation.kind === 'create-assignment' ? 'creation' : 'deletion'
    try {
      const final = await poller.wait(kind, entry.requestId ?? '', operation.lane)
      await settle(operation, entry, before, final.status === 'failed' ? final.reason : undefined)
    } catch (error) {
      if (!(error instanceof IdentityCenterError) || signal.aborted) throw error
      await postpone(entry, 'unknown', error.message, backoff(entry.attempts + 1)) // AWS no longer knows the request
    }
  }

  /** A failure says that this request has changed nothing; what earlier ones have done is as unknown as before. */
  async function settle(
    operation: AssignmentOperation,
    entry: JournalEntry,
    before: JournalEntry | undefined,
    failure: string | undefined,
  ): Promise<void> {
    const sentAt = entry.state === 'sent' ? entry.updatedAt : undefined
    const outcome = assignmentOutcome(operation, { organization, now: clock.now(), failure, sentAt })
    if (failure === undefined) {
      const journal = [{ delete: 'entry', id: entry.id } as const, ...overtaken(state, entry)]
      await commit({ ...outcome, memory: spent(operation, ports.actedOn()), journal })
      return tell.confirmed(operation, entry)
    }
    log.warn('AWS refused an account assignment', { key: entry.key, reason: failure })
    await postpone(entry, doubtOf(before), failure, backoff(entry.attempts + 1), {
      events: outcome.events,
      ...withoutEffect(operation, before),
    })
  }

  async function assignmentFailed(
    operation: AssignmentOperation,
    entry: JournalEntry,
    before: JournalEntry | undefined,
    error: unknown,
  ): Promise<void> {
    if (!(error instanceof IdentityCenterError) || signal.aborted) throw error
    const asBefore = doubtOf(before)
    switch (error.failure) {
      case 'busy':
      case 'throttled': // known not to have happened
        tell.busy()
        return commit({
          journal: [before ? { put: 'entry', entry: before } : { delete: 'entry', id: entry.id }],
          ...withoutEffect(operation, before),
        })
      case 'conflict':
        return postpone(entry, asBefore, error.message, jittered(BUSY_PAUSE), withoutEffect(operation, before))
      case 'unavailable':
        return postpone(entry, 'unknown', error.message, backoff(entry.attempts + 1))
      case 'not-found':
        await postpone(entry, asBefore, error.message, backoff(entry.attempts + 1), withoutEffect(operation, before))
        return ports.reread(operation)
      case 'access-denied':
      case 'expired-credentials':
      case 'invalid':
      case 'name-taken': {
        log.warn('AWS refused a call', { key: entry.key, failure: error.failure, reason: error.message })
        const ending = { organization, now: clock.now(), failure: error.message }
        const { events } = assignmentOutcome(operation, ending)
        const without = withoutEffect(operation, before)
        return postpone(entry, asBefore, error.message, backoff(entry.attempts + 3), { events, ...without })
      }
    }
  }

  // Users, groups, members

  async function writing(
    operations: readonly [Operation, ...Operation[]],
    run: (context: DirectoryContext) => Promise<Outcome>,
    view: OrganizationView,
  ): Promise<void> {
    const [entry, before] = await begin(operations)
    try {
      const now = clock.now()
      const outcome = await run({ directory: ports.directory, organization: view.organization.id, now })
      const memory = operations.flatMap((operation) => [
        ...spent(operation, ports.actedOn()),
        ...inheritedBy(operation, outcome, state),
      ])
      const journal = [{ delete: 'entry', id: entry.id } as const, ...overtaken(state, entry)]
      await commitOutcome(outcome, { memory, journal })
    } catch (error) {
      if (!(error instanceof IdentityCenterError) || signal.aborted) throw error
      const { failure, message } = error
      log.warn('a write to the directory failed', { key: entry.key, failure, reason: message })
      // Of several changes some may have been made.
      const isUnknown = failure === 'unavailable' || before?.state === 'unknown' || operations.length > 1
      const pause =
        failure === 'throttled' || failure === 'conflict' ? jittered(BUSY_PAUSE) : backoff(entry.attempts + 1)
      const isNews = REFUSALS.has(failure) && before?.error !== message // it is tried again and again
      const refused = { organization, now: clock.now(), failure: message }
      const events = isNews ? operations.flatMap((operation) => refusedDeletion(refused, operation)) : []
      await postpone(entry, isUnknown ? 'unknown' : 'failed', message, pause, { events })
    }
  }

  /** Links are changed as they are now, never as they were when the write was planned. */
  async function commitOutcome({ relink, ...outcome }: Outcome, more: Pick<Commit, 'memory' | 'journal'>) {
    if (!relink) return commit({ ...outcome, ...more })
    for (let attempt = 1; ; attempt++) {
      const known = await ports.records.read(signal)
      const records = [...outcome.records, ...relink(known)]
      try {
        return await commit({ ...outcome, ...more, expecting: known.version, records })
      } catch (error) {
        const isStale =
          error instanceof DomainError && error.problem.code === 'stale' && error.problem.kind === 'records'
        if (!isStale || attempt >= MAX_ATTEMPTS) throw error
      }
    }
  }

  async function postpone(
    entry: JournalEntry,
    to: 'failed' | 'unknown',
    error: string,
    pause: Duration,
    more: Pick<Commit, 'events' | 'memory'> = {},
  ): Promise<void> {
    await commit({ ...more, journal: [{ put: 'entry', entry: postponed(entry, to, error, pause, clock.now()) }] })
  }
}

/** What does not pass by itself. */
const REFUSALS: ReadonlySet<IdentityCenterFailure> = new Set([
  'access-denied',
  'expired-credentials',
  'invalid',
  'name-taken',
])

/** What an attempt without an effect leaves: the doubt of an earlier one stays. */
const doubtOf = (before: JournalEntry | undefined): 'failed' | 'unknown' =>
  before?.state === 'unknown' ? 'unknown' : 'failed'

/** An attempt that is known to have made nothing, and no earlier one may have. */
const withoutEffect = (operation: AssignmentOperation, before: JournalEntry | undefined): Pick<Commit, 'memory'> =>
  doubtOf(before) === 'unknown' || operation.kind !== 'create-assignment'
    ? {}
    : {
        memory: thingsOf(operation)
          .filter(isAssignmentKey)
          .map((key) => ({ delete: 'made', key })),
      }

/** Counts an undecided removal against the budget, and uses up its release. */
function spent(operation: Operation, at: Instant): MemoryChange[] {
  const removal = removalOf(operation)
  if (!removal || !isUndecided(removal.cause)) return []
  return [
    { put: 'removal', kind: removal.kind, at },
    { delete: 'released', key: operationKey(operation) },
  ]
}

const jittered = (duration: Duration): Duration => milliseconds(Math.round(duration * (0.5 + Math.random())))

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
