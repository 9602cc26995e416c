import { IdentityCenterError, type IdentityCenterFailure } from '@gatehouse/application'

/** What an SDK error tells, as far as we decide on it. */
export interface AwsFault {
  readonly failure: IdentityCenterFailure
  /** The error's own name, such as `AccessDeniedException`. */
  readonly name: string
  readonly message: string
  readonly status: number | undefined
  /** The server does not know this operation, which is normal for an AWS-compatible one. */
  readonly isUnknownOperation: boolean
  /** The SDK has learnt the server's time from this refusal; the next attempt is signed with it. */
  readonly isClockCorrected: boolean
}

/** Never thrown at a caller without going through here: SDK errors carry requests and answers. */
export function classifyError(error: unknown): AwsFault {
  const name = textOf(error, 'name')
  const message = shorten(textOf(error, 'message'))
  const metadata = fieldOf(error, '$metadata')
  const status = numberOf(metadata, 'httpStatusCode')
  const isUnknownOperation = UNKNOWN_OPERATION.has(name) || status === 501 || isPageForPeople(name, status)
  const isClockCorrected = fieldOf(metadata, 'clockSkewCorrected') === true
  const failure = failureOf(name, message, status)
  return { failure, name, message, status, isUnknownOperation, isClockCorrected }
}

/** The cause is what we understood of the error, never the SDK's own object: that one carries the answer's body. */
export function toIdentityCenterError(operation: string, error: unknown): IdentityCenterError {
  if (error instanceof IdentityCenterError) return error
  const fault = classifyError(error)
  const text = fault.name && fault.name !== 'Error' ? `${fault.name}: ${fault.message}` : fault.message
  return new IdentityCenterError(fault.failure, operation, `${operation}: ${text || 'no answer'}`, { cause: fault })
}

/** Says whether a call failed because the server does not have the operation. */
export const isUnknownOperation = (error: unknown): boolean =>
  error instanceof IdentityCenterError && fieldOf(error.cause, 'isUnknownOperation') === true

/** A permission given later is noticed after this long; asking costs a call. */
export const REMEMBER_MISSING_PERMISSION = 15 * 60_000

/** Says whether an optional operation can't be used: nobody permitted it, or the server lacks it. */
export const isNotAvailable = (error: unknown): boolean =>
  isUnknownOperation(error) || (error instanceof IdentityCenterError && error.failure === 'access-denied')

/**
 * Both throttles have one name and are told apart by their texts: "Rate exceeded" is the calls a second, the other the
 * cap on operations in flight (hashicorp/terraform-provider-aws#25552).
 */
const IN_FLIGHT_CAP = /too many requests processing/i

const UNKNOWN_OPERATION = new Set(['UnknownOperationException', 'UnknownOperation', 'InvalidAction', 'NotImplemented'])

const FAILURES: ReadonlyMap<string, IdentityCenterFailure> = new Map([
  ['ThrottlingException', 'throttled'],
  ['Throttling', 'throttled'],
  ['ThrottledException', 'throttled'],
  ['RequestThrottled', 'throttled'],
  ['RequestThrottledException', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['SlowDown', 'throttled'],
  ['ConflictException', 'conflict'],
  ['ConcurrentModificationException', 'conflict'],
  ['ExpiredToken', 'expired-credentials'],
  ['ExpiredTokenException', 'expired-credentials'],
  ['TokenRefreshRequired', 'expired-credentials'],
  ['AccessDenied', 'access-denied'],
  ['AccessDeniedException', 'access-denied'],
  ['UnauthorizedException', 'access-denied'],
  ['UnrecognizedClientException', 'access-denied'],
  ['InvalidClientTokenId', 'access-denied'],
  ['InvalidSignatureException', 'access-denied'],
  ['SignatureDoesNotMatch', 'access-denied'],
  ['RequestTimeTooSkewed', 'access-denied'],
  ['RequestExpired', 'access-denied'],
  ['MissingAuthenticationTokenException', 'access-denied'],
  ['IncompleteSignatureException', 'access-denied'],
  ['InvalidIdentityToken', 'access-denied'],
  ['InvalidIdentityTokenException', 'access-denied'],
  ['IDPRejectedClaim', 'access-denied'],
  ['IDPRejectedClaimException', 'access-denied'],
  ['CredentialsProviderError', 'access-denied'],
  ['RegionDisabledException', 'access-denied'],
  ['ResourceNotFoundException', 'not-found'],
  ['AccountNotFoundException', 'not-found'],
  ['AWSOrganizationsNotInUseException', 'not-found'],
  ['ParentNotFoundException', 'not-found'],
  ['TargetNotFoundException', 'not-found'],
  ['ValidationException', 'invalid'],
  ['InvalidInputException', 'invalid'],
  ['ServiceQuotaExceededException', 'invalid'],
  ['IDPCommunicationError', 'unavailable'],
  ['IDPCommunicationErrorException', 'unavailable'],
])

function failureOf(name: string, message: string, status: number | undefined): IdentityCenterFailure {
  const known = FAILURES.get(name)
  if (known === 'throttled' && IN_FLIGHT_CAP.test(message)) return 'busy'
  if (known) return known
  if (status === 429) return IN_FLIGHT_CAP.test(message) ? 'busy' : 'throttled'
  // An answer that can't be read says nothing of what was done, whatever its status.
  if (status === 501) return 'invalid'
  if (status === undefined || status < 400 || status >= 500 || name === 'SyntaxError') return 'unavailable'
  if (status === 401 || status === 403) return 'access-denied'
  return status === 404 ? 'not-found' : 'invalid'
}

/** Some servers answer what they lack with a page that is no JSON (moto 5.2.1: 500 and HTML). Gateways say 502 to 504. */
const isPageForPeople = (name: string, status: number | undefined): boolean =>
  name === 'SyntaxError' && (status === 404 || status === 405 || status === 500)

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value
    ? (value as Record<string, unknown>)[key]
    : undefined // a foreign error is anything
}

function textOf(value: unknown, key: string): string {
  const field = fieldOf(value, key)
  return typeof field === 'string' ? field : ''
}

function numberOf(value: unknown, key: string): number | undefined {
  const field = fieldOf(value, key)
  return typeof field === 'number' ? field : undefined
}

const LONGEST_MESSAGE = 1_000

/** One line of bounded length: what the SDK appends for developers, and control characters, are left out. */
function shorten(message: string): string {
  const line = message.split('\n  Deserialization error')[0] ?? ''
  return line.replaceAll(/\p{Cc}+/gu, ' ').slice(0, LONGEST_MESSAGE)
}
