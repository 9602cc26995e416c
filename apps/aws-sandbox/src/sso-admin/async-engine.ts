import { randomUUID } from 'node:crypto'
import { AwsError } from '../http/aws-error.ts'
import type { CallLog } from '../control/call-log.ts'
import type { AsyncRequest } from '../world/records.ts'
import { provisioningKey, type World } from '../world/world.ts'
import { drawDuration, type Work } from './durations.ts'
import { finishRequest } from './finish-request.ts'

export type NewRequest = Pick<
  AsyncRequest,
  'kind' | 'permissionSetArn' | 'accountId' | 'principalType' | 'principalId' | 'fate' | 'extraMs' | 'hollow'
>

/** The asynchronous half of Identity Center: requests are accepted, wait their turn, take time and end. */
export interface AsyncEngine {
  /** @throws AwsError when one on the same thing is in progress, whatever that will come to. */
  refuseRace(request: NewRequest): void
  /** @throws AwsError when too many are in progress, or one on the same thing is. */
  accept(request: NewRequest, options: { readonly immediate: boolean }): AsyncRequest
  /** Goes on with what was in flight when the process ended. */
  resume(): void
  /** What counts against the cap, now. */
  inFlight(): number
}

export function createAsyncEngine(world: World, callLog: CallLog): AsyncEngine {
  const inProgress = () => world.asyncRequests.by('status', 'IN_PROGRESS').toSorted((a, b) => a.sequence - b.sequence)

  function inFlight() {
    return inProgress().filter((request) => countsAgainstCap(world, request)).length
  }

  function startWhatCan() {
    const before: AsyncRequest[] = []
    for (const request of inProgress()) {
      const started =
        request.startedAt !== undefined || before.some((other) => excludes(other, request, world))
          ? request
          : start(request)
      before.push(started)
    }
  }

  function start(request: AsyncRequest): AsyncRequest {
    const startedAt = world.clock.now()
    const work = workOf(world, request)
    const dueAt = startedAt + drawDuration(world.knobs, request.sequence, work) + (request.extraMs ?? 0)
    const started = { ...request, startedAt, dueAt, changesRole: work !== 'assign' && changesRole(world, request) }
    world.asyncRequests.set(request.id, started)
    finishAt(started, dueAt)
    return started
  }

  function finishAt(request: AsyncRequest, dueAt: number) {
    world.clock.at(dueAt, () => {
      finish(request)
      startWhatCan()
      world.commit().catch(reportLostWrite)
    })
  }

  function finish(request: AsyncRequest) {
    const failureReason = finishRequest(world, request)
    const endedAt = world.clock.now()
    const status = failureReason === undefined ? 'SUCCEEDED' : 'FAILED'
    world.asyncRequests.set(request.id, { ...request, status, failureReason, endedAt })
  }

  return {
    inFlight,
    refuseRace: (asked) => refuseRace(world, asked, inProgress()),
    accept(asked, { immediate }) {
      if (!immediate) refuseTooMany(world, asked, inFlight())
      if (!immediate) refuseRace(world, asked, inProgress())
      const home = world.home()
      const sequence = home.acceptedRequests + 1
      world.setHome({ ...home, acceptedRequests: sequence })
      const acceptedAt = world.clock.now()
      const request: AsyncRequest = { ...asked, id: randomUUID(), sequence, status: 'IN_PROGRESS', acceptedAt }
      world.asyncRequests.set(request.id, request)
      if (immediate) finish(request)
      callLog.inFlight(inFlight())
      startWhatCan()
      return world.asyncRequests.get(request.id) ?? request
    },
    resume() {
      for (const request of inProgress()) if (request.dueAt !== undefined) finishAt(request, request.dueAt)
      startWhatCan()
    },
  }
}

/** "Cannot be raised" (IAM Identity Center User Guide, "Quotas"); the text as captured. */
function refuseTooMany(world: World, asked: NewRequest, inFlight: number) {
  if (!countsAgainstCap(world, asked) || inFlight < world.knobs.asyncCap) return
  throw new AwsError('ThrottlingException', 'There are too many requests processing. Please try again later.')
}

function countsAgainstCap(world: World, request: NewRequest): boolean {
  switch (request.kind) {
    case 'create-assignment':
      return true
    case 'delete-assignment':
      return world.knobs.deletesShareCap
    case 'provision':
      return world.knobs.provisionsShareCap
  }
}

/** A write on the same five-part key as one in flight is refused; another principal's waits, or is refused, by knob. */
function refuseRace(world: World, asked: NewRequest, inProgress: readonly AsyncRequest[]) {
  const isSameKey = (other: AsyncRequest) =>
    isSamePair(other, asked) && other.principalType === asked.principalType && other.principalId === asked.principalId
  const isRace =
    world.knobs.samePairWrites === 'conflict' ? (other: AsyncRequest) => isSamePair(other, asked) : isSameKey
  if (!inProgress.some(isRace)) return
  throw new AwsError(
    'ConflictException',
    'There is a conflicting operation in process for this resource. Please try again.',
  )
}

/** Whether the earlier request keeps the later one waiting. */
function excludes(earlier: AsyncRequest, later: AsyncRequest, world: World): boolean {
  if (isSamePair(earlier, later)) return true
  // One role of an account is updated at a time (IAM Identity Center User Guide, "Quotas").
  const isRunningRoleChange = earlier.startedAt !== undefined && earlier.changesRole === true
  return isRunningRoleChange && earlier.accountId === later.accountId && changesRole(world, later)
}

/** A set that is provisioned to all its accounts meets every one of them. */
function isSamePair(one: NewRequest, other: NewRequest): boolean {
  if (one.permissionSetArn !== other.permissionSetArn) return false
  return one.accountId === other.accountId || one.accountId === undefined || other.accountId === undefined
}

function changesRole(world: World, request: NewRequest): boolean {
  if (request.accountId === undefined) return false
  const pair = provisioningKey(request.accountId, request.permissionSetArn)
  switch (request.kind) {
    case 'create-assignment':
      return !world.provisionings.has(pair)
    case 'delete-assignment':
      return world.assignments.by('pair', pair).length <= 1
    case 'provision':
      return true
  }
}

function workOf(world: World, request: AsyncRequest): Work {
  switch (request.kind) {
    case 'create-assignment':
      return changesRole(world, request) ? 'provision' : 'assign'
    case 'delete-assignment':
      return 'delete'
    case 'provision':
      return 'reprovision'
  }
}

function reportLostWrite(error: unknown) {
  console.error('The outcome of an asynchronous request could not be saved.', error)
}
