import { randomUUID } from 'node:crypto'
import type { CallLog } from '../control/call-log.ts'
import type { FaultDescription } from '../faults/fault.ts'
import type { Faults, FaultTarget } from '../faults/faults.ts'
import { LIST_FAULTS, spoilAnswer, type TokenNames } from '../faults/spoil-answer.ts'
import { throttled, type Throttle } from '../throttle/throttle.ts'
import type { Caller, ConditionContext, Decision } from '../world/caller.ts'
import type { Call, Operation, PreparedCall, Service } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import { AwsError } from './aws-error.ts'
import {
  encodeJsonAnswer,
  encodeJsonError,
  JSON_CONTENT_TYPE,
  parseTarget,
} from './json-protocol.ts'
import { invalidToken } from './page.ts'
import { encodeQueryAnswer, encodeQueryError, parseQuery, XML_CONTENT_TYPE } from './query-protocol.ts'

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string
  /** Path and query, as received. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
}
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What happens to the answer on its way: it is lost, or the connection breaks before or inside it. */
  readonly mishap?: 'no-answer' | 'reset' | 'reset-mid-body' | undefined
}

export interface AwsSide {
  readonly world: World
  /** By `service.name`. */
  readonly operations: ReadonlyMap<string, Operation>
  readonly throttle: Throttle
  readonly faults: Faults
  readonly callLog: CallLog
  readonly authenticate: (world: World, request: RawRequest, service: Service) => Caller
  readonly authorize: (
    world: World,
    question: { caller: Caller; action: string; resource: string; context?: ConditionContext },
  ) => Decision
}

interface Spoken {
  readonly service: Service
  readonly operation: string
  readonly readInput: () => unknown
  readonly protocol: 'json' | 'query'
}

/** One call of any AWS service: who, may they, is it too fast, what goes wrong today, what is the answer. */
export async function answerAwsCall(side: AwsSide, request: RawRequest): Promise<RawAnswer> {
  const requestId = randomUUID()
  const spoken = recognise(request)
  if (spoken === undefined) return refuseUnrecognised(requestId)
  const startedAt = performance.timeOrigin + performance.now()
  side.callLog.started()
  const input = readInput(spoken)
  const account = accountOf(input)
  let outcome = 'ok'
  let caller: Caller | undefined
  try {
    const result = await perform(side, request, spoken, { input, account, requestId }, (known) => (caller = known))
    if (result.mishap !== undefined) outcome = result.mishap
    return { status: 200, headers: answerHeaders(spoken, requestId), ...result }
  } catch (error) {
    const refusal = toAwsError(error)
    outcome = refusal.code
    return encodeRefusal(spoken, refusal, requestId)
  } finally {
    const durationMs = performance.timeOrigin + performance.now() - startedAt
    const arn = caller === undefined || caller.kind === 'anonymous' ? undefined : caller.arn
    const { service, operation } = spoken
    side.callLog.ended({ at: startedAt, durationMs, service, operation, account, caller: arn, outcome })
  }
}

interface Received {
  readonly input: unknown
  readonly account: string | undefined
  readonly requestId: string
}

async function perform(
  side: AwsSide,
  request: RawRequest,
  spoken: Spoken,
  received: Received,
  identified: (caller: Caller) => void,
): Promise<Pick<RawAnswer, 'body' | 'mishap'>> {
  const { world } = side
  const operation = side.operations.get(`${spoken.service}.${spoken.operation}`)
  if (operation === undefined) throw unknownOperation(spoken)
  const target: FaultTarget = { ...spoken, account: received.account }

  const before = await meetFaultsBefore(side, target, tokenOf(received.input))
  if (before !== undefined) return { body: '', mishap: before }

  const caller = identify(side, request, operation)
  identified(caller)
  side.throttle.admit(spoken.service, spoken.operation, world.clock.now())
  if (received.input === undefined) throw new AwsError('SerializationException', 'The request body is not valid JSON.')
  const prepared = operation.prepare(received.input)
  demandPermission(side, operation, prepared, caller)

  const now = world.clock.now()
  const stale = side.faults.meet(['stale-read'], target, now)
  const view = { now, staleMs: stale?.ms ?? 0 }
  const call: Call = { requestId: received.requestId, caller, now, view, immediate: false }
  const answer = await prepared.run(world, call)
  await world.commit()

  const listFault = side.faults.meet(isList(spoken) ? LIST_FAULTS : [], target, now)
  const names = tokenNames(spoken)
  const token = tokenOf(received.input)
  const spoiled = listFault === undefined ? answer : spoilAnswer(answer, listFault, { token, names, now })
  const body =
    spoken.protocol === 'json'
      ? encodeJsonAnswer(spoiled)
      : encodeQueryAnswer(spoken.service, spoken.operation, spoiled, received.requestId)
  const after = side.faults.meet(['timeout-after-effect', 'reset-mid-body'], target, now)
  if (after === undefined) return { body }
  return { body, mishap: after.kind === 'reset-mid-body' ? 'reset-mid-body' : 'no-answer' }
}

/** Runs an operation as the root of the management account, past throttles and faults, its asynchronous work included. */
export async function performAsRoot(side: AwsSide, service: string, name: string, input: unknown): Promise<object> {
  const operation = side.operations.get(`${service}.${name}`)
  if (operation === undefined) throw new AwsError('UnknownOperationException', `There is no ${service}.${name} here.`)
  const { managementAccountId } = side.world.home()
  const now = side.world.clock.now()
  // Sees the truth: no lag is longer than this.
  const view = { now: Number.MAX_SAFE_INTEGER, staleMs: 0 }
  const caller = rootOf(managementAccountId)
  const call: Call = { requestId: randomUUID(), caller, now, view, immediate: true }
  const answer = await operation.prepare(input).run(side.world, call)
  await side.world.commit()
  return answer
}

/** What calls meet before anything happened. Also used for SCIM, which has a listener of its own. */
export async function meetFaultsBefore(
  side: Pick<AwsSide, 'faults' | 'world'>,
  target: FaultTarget,
  token: string | undefined,
): Promise<'no-answer' | 'reset' | undefined> {
  const { clock } = side.world
  const slow = side.faults.meet(['latency'], target, clock.now())
  if (slow !== undefined) await new Promise<void>((resolve) => clock.at(clock.now() + slow.ms, resolve))
  const now = clock.now()
  const kinds = ['error', 'throttle', 'access-denied', 'timeout-before-effect', 'reset-before-effect'] as const
  const fault = side.faults.meet(kinds, target, now)
  if (fault !== undefined) return refuseByFault(fault, target)
  const expired = token === undefined ? undefined : side.faults.meet(['expired-page-token'], target, now)
  if (expired !== undefined) throw invalidToken(target.service, 'The pagination token has expired.')
  return undefined
}

function refuseByFault(fault: FaultDescription, target: FaultTarget): 'no-answer' | 'reset' | undefined {
  switch (fault.kind) {
    case 'error':
      throw new AwsError(fault.code, fault.message, { status: fault.status })
    case 'throttle':
      throw throttled(toService(target.service))
    case 'access-denied':
      throw target.service === 'scim'
        ? new AwsError('AccessDeniedException', 'Access denied.', { status: 403 })
        : accessDenied(toService(target.service), 'an explicit deny in a service control policy', target.operation)
    case 'timeout-before-effect':
      return 'no-answer'
    case 'reset-before-effect':
      return 'reset'
    default:
      return undefined
  }
}

function toService(name: string): Service | 'scim' {
  switch (name) {
    case 'organizations':
    case 'identitystore':
    case 'sso-admin':
    case 'iam':
    case 'sts':
    case 'scim':
      return name
    default:
      throw new Error(`There is no service ${name}.`)
  }
}

function accessDenied(service: Service | 'scim', because: string, operation: string): AwsError {
  const text = `User is not authorized to perform: ${service}:${operation} with ${because}`
  return isQuery(service)
    ? new AwsError('AccessDenied', text, { status: 403 })
    : new AwsError('AccessDeniedException', text)
}

function isQuery(service: Service | 'scim'): boolean {
  return service === 'iam' || service === 'sts'
}

function identify(side: AwsSide, request: RawRequest, operation: Operation): Caller {
  if (operation.unsigned) return { kind: 'anonymous' }
  const isSigned = request.headers['authorization'] !== undefined
  if (!isSigned && !side.world.knobs.requireSignatures) return rootOf(side.world.home().managementAccountId)
  return side.authenticate(side.world, request, operation.service)
}

function rootOf(accountId: string): Caller {
  return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId }
}

function demandPermission(side: AwsSide, operation: Operation, prepared: PreparedCall, caller: Caller) {
  if (operation.unsigned || operation.action === 'none' || caller.kind === 'anonymous') return
  for (const resource of prepared.resources(side.world, caller)) {
    const decision = side.authorize(side.world, { caller, action: operation.action, resource })
    if (decision.allowed) continue
    const text = `User: ${caller.arn} is not authorized to perform: ${operation.action} on resource: ${resource} ${decision.because}`
    throw isQuery(operation.service)
      ? new AwsError('AccessDenied', text, { status: 403 })
      : new AwsError('AccessDeniedException', text)
  }
}

function recognise(request: RawRequest): Spoken | undefined {
  const target = request.headers['x-amz-target']
  if (typeof target === 'string') {
    const named = parseTarget(target)
    if (named === undefined) return undefined
    return { ...named, protocol: 'json', readInput: () => JSON.parse(request.body.toString() || '{}') }
  }
  const query = parseQuery(request.body.toString())
  return query === undefined ? undefined : { ...query, protocol: 'query', readInput: () => query.input }
}

/** `undefined` when the body can't be read: that is said only after the caller was authenticated. */
function readInput(spoken: Spoken): unknown {
  try {
    return spoken.readInput() ?? {}
  } catch {
    return undefined
  }
}

function accountOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  const members = new Map<string, unknown>(Object.entries(input))
  for (const name of ['AccountId', 'TargetId']) {
    const value = members.get(name)
    if (typeof value === 'string') return value
  }
  return accountOf(members.get('Filter'))
}

function tokenOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  const token: unknown = 'NextToken' in input ? input.NextToken : 'Marker' in input ? input.Marker : undefined
  return typeof token === 'string' ? token : undefined
}

function tokenNames(spoken: Spoken): TokenNames {
  return spoken.protocol === 'json' ? { next: 'NextToken' } : { next: 'Marker', more: 'IsTruncated' }
}

function isList(spoken: Spoken): boolean {
  return spoken.operation.startsWith('List')
}

function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  console.error(error)
  return new AwsError('InternalServerException', 'The sandbox has a bug; see its log.', { status: 500, cause: error })
}

function unknownOperation(spoken: Spoken): AwsError {
  return spoken.protocol === 'json'
    ? new AwsError('UnknownOperationException', 'The operation is not known here.')
    : new AwsError('InvalidAction', `Could not find operation ${spoken.operation}.`)
}

function refuseUnrecognised(requestId: string): RawAnswer {
  const error = new AwsError('UnknownOperationException', 'Neither X-Amz-Target nor Action and Version name an operation.')
  return {
    status: 404,
    headers: { 'content-type': JSON_CONTENT_TYPE, 'x-amzn-requestid': requestId },
    body: encodeJsonError(error),
  }
}

function encodeRefusal(spoken: Spoken, error: AwsError, requestId: string): RawAnswer {
  const body =
    spoken.protocol === 'json' ? encodeJsonError(error) : encodeQueryError(spoken.service, error, requestId)
  return { status: error.status, headers: { ...answerHeaders(spoken, requestId), ...errorHeader(spoken, error) }, body }
}

function errorHeader(spoken: Spoken, error: AwsError): Record<string, string> {
  return spoken.protocol === 'json' ? { 'x-amzn-errortype': error.code } : {}
}

function answerHeaders(spoken: Spoken, requestId: string): Record<string, string> {
  const contentType = spoken.protocol === 'json' ? JSON_CONTENT_TYPE : XML_CONTENT_TYPE
  return { 'content-type': contentType, 'x-amzn-requestid': requestId }
}
