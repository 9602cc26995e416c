import { randomUUID } from 'node:crypto'
import { authenticate } from '../auth/authenticate.ts'
import { assertAuthorized } from '../auth/authorize.ts'
import type { CallLog } from '../control/call-log.ts'
import type { Faults, FaultTarget } from '../faults/faults.ts'
import { meetFaultsBefore } from '../faults/meet-faults-before.ts'
import { LIST_FAULTS, spoilAnswer, type TokenNames } from '../faults/spoil-answer.ts'
import type { SignInLog } from '../sign-in/sign-in-log.ts'
import type { Throttle } from '../throttle/throttle.ts'
import type { Caller } from '../world/caller.ts'
import type { Call, Operation, PreparedCall } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import { AwsError } from './aws-error.ts'
import { encodeJsonAnswer, encodeJsonError, JSON_CONTENT_TYPE } from './json-protocol.ts'
import { encodeQueryAnswer, encodeQueryError, XML_CONTENT_TYPE } from './query-protocol.ts'
import type { RawAnswer, RawRequest } from './raw-exchange.ts'
import { encodeRestAnswer, encodeRestError, REST_CONTENT_TYPE } from './rest-protocol.ts'
import { accountOf, parseCall, tokenOf, type SpokenCall } from './spoken-call.ts'

/** What it takes to answer for AWS. */
export interface AwsSide {
  readonly world: World
  /** By `service.name`. */
  readonly operations: ReadonlyMap<string, Operation>
  readonly throttle: Throttle
  readonly faults: Faults
  readonly callLog: CallLog
  readonly signInLog: SignInLog
}

/** One call of any AWS service, and its line in the call log. */
export async function answerAwsCall(side: AwsSide, request: RawRequest): Promise<RawAnswer> {
  const requestId = randomUUID()
  const spoken = parseCall(request)
  if (spoken === undefined) return refuseUnrecognised(requestId)
  const at = performance.timeOrigin + performance.now()
  side.callLog.started()
  let outcome = 'ok'
  let caller: string | undefined
  try {
    const result = await perform(side, request, spoken, requestId, (identified) => (caller = identified))
    outcome = result.mishap ?? 'ok'
    return { status: 200, headers: answerHeaders(spoken, requestId), ...result }
  } catch (error) {
    const refusal = toAwsError(error)
    outcome = refusal.code
    return encodeRefusal(spoken, refusal, requestId)
  } finally {
    const durationMs = performance.timeOrigin + performance.now() - at
    const { service, operation } = spoken
    side.callLog.ended({ at, durationMs, service, operation, account: accountOf(spoken.input), caller, outcome })
  }
}

/** Who, may they, is it too fast, what goes wrong today, what is the answer. */
async function perform(
  side: AwsSide,
  request: RawRequest,
  spoken: SpokenCall,
  requestId: string,
  onIdentified: (caller: string | undefined) => void,
): Promise<Pick<RawAnswer, 'body' | 'mishap'>> {
  const { world } = side
  const operation = side.operations.get(`${spoken.service}.${spoken.operation}`)
  if (operation === undefined) throw unknownOperation(spoken)
  const token = tokenOf(spoken.input)
  const target = { service: spoken.service, operation: spoken.operation, account: accountOf(spoken.input), token }

  const mishap = await meetFaultsBefore(side.faults, world.clock, target)
  if (mishap !== undefined) return { body: '', mishap }

  const caller: Caller = operation.unsigned ? { kind: 'anonymous' } : authenticate(world, request, operation.service)
  const holder = operation.holder(world, spoken.input)
  onIdentified(arnOf(caller) ?? holder)
  side.throttle.admit(spoken.service, spoken.operation, world.clock.now(), holder)
  if (spoken.input === undefined) throw new AwsError('SerializationException', 'The request body is not valid JSON.')
  const prepared = operation.prepare(spoken.input)
  demandPermission(world, operation, prepared, caller)

  const now = world.clock.now()
  const staleMs = side.faults.meet(['stale-read'], target, now)?.ms ?? 0
  const call: Call = { requestId, caller, now, view: { now, staleMs }, immediate: false }
  const answer = await prepared.run(world, call)
  // Nothing is acknowledged, not even by showing it, before it would survive a crash.
  await world.commit()
  const body = encodeAnswer(spoken, spoil(side.faults, spoken, answer, { target, token, now }), requestId)
  const after = side.faults.meet(['timeout-after-effect', 'reset-mid-body'], target, now)
  if (after === undefined) return { body }
  return { body, mishap: after.kind === 'reset-mid-body' ? 'reset-mid-body' : 'no-answer' }
}

function demandPermission(world: World, operation: Operation, prepared: PreparedCall, caller: Caller) {
  if (operation.unsigned || operation.action === 'none') return
  for (const resource of prepared.resources(world, caller)) {
    assertAuthorized(world, operation.service, { caller, action: operation.action, resource })
  }
}

function spoil(
  faults: Faults,
  spoken: SpokenCall,
  answer: object,
  { target, token, now }: { target: FaultTarget; token: string | undefined; now: number },
): object {
  if (!spoken.operation.startsWith('List')) return answer
  const fault = faults.meet(LIST_FAULTS, target, now)
  return fault === undefined ? answer : spoilAnswer(answer, fault, { token, names: tokenNames(spoken), now })
}

function tokenNames(spoken: SpokenCall): TokenNames {
  switch (spoken.protocol) {
    case 'json':
      return { next: 'NextToken' }
    case 'rest':
      return { next: 'nextToken' }
    case 'query':
      return { next: 'Marker', more: 'IsTruncated' }
  }
}

function encodeAnswer(spoken: SpokenCall, answer: object, requestId: string): string {
  switch (spoken.protocol) {
    case 'json':
      return encodeJsonAnswer(answer)
    case 'rest':
      return encodeRestAnswer(answer)
    case 'query':
      return encodeQueryAnswer(spoken.service, spoken.operation, answer, requestId)
  }
}

function encodeRefusal(spoken: SpokenCall, error: AwsError, requestId: string): RawAnswer {
  const { status } = error
  const headers = answerHeaders(spoken, requestId)
  const named = { ...headers, 'x-amzn-errortype': error.code }
  switch (spoken.protocol) {
    case 'json':
      return { status, headers: named, body: encodeJsonError(error) }
    case 'rest':
      return { status, headers: named, body: encodeRestError(spoken.service, error) }
    case 'query':
      return { status, headers, body: encodeQueryError(spoken.service, error, requestId) }
  }
}

const CONTENT_TYPE: Record<SpokenCall['protocol'], string> = {
  json: JSON_CONTENT_TYPE,
  rest: REST_CONTENT_TYPE,
  query: XML_CONTENT_TYPE,
}

function answerHeaders(spoken: SpokenCall, requestId: string): Record<string, string> {
  return { 'content-type': CONTENT_TYPE[spoken.protocol], 'x-amzn-requestid': requestId }
}

function refuseUnrecognised(requestId: string): RawAnswer {
  const message = 'Neither X-Amz-Target nor the path nor Action and Version name an operation.'
  const body = encodeJsonError(new AwsError('UnknownOperationException', message))
  return { status: 404, headers: { 'content-type': JSON_CONTENT_TYPE, 'x-amzn-requestid': requestId }, body }
}

function unknownOperation(spoken: SpokenCall): AwsError {
  return spoken.protocol === 'query'
    ? new AwsError('InvalidAction', `Could not find operation ${spoken.operation}.`)
    : new AwsError('UnknownOperationException', 'The operation is not known here.')
}

function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  console.error(error)
  return new AwsError('InternalServerException', 'The sandbox has a bug; see its log.', { status: 500, cause: error })
}

function arnOf(caller: Caller): string | undefined {
  return caller.kind === 'anonymous' ? undefined : caller.arn
}
