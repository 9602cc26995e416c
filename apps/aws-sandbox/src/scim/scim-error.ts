import { AwsError } from '../http/aws-error.ts'

/** What AWS says to nearly everything that it does not take; it never names the attribute. */
const UNREADABLE = 'Request is unparsable, syntactically incorrect, or violates schema.'
const PATHLESS =
  'Current PATCH support allows omitting "path" attribute only for Add and Replace operations modifying a single attribute.'
const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error'

export const invalidRequest = (detail = UNREADABLE) => new AwsError('ValidationException', detail)
export const pathMissing = () => invalidRequest(PATHLESS)
export const duplicate = () =>
  new AwsError('ConflictException', 'Refused to create a new, duplicate resource.', { status: 409 })
export const notFound = (what: string) =>
  new AwsError('ResourceNotFoundException', `${what} was not found.`, { status: 404 })
export const unauthorized = () =>
  new AwsError('UnauthorizedException', 'The access token or the tenant is not valid.', { status: 401 })

/** The body of a refusal. The list of schemas comes twice: AWS first misspelt its name, and keeps both. */
export function encodeScimError(error: AwsError, requestId: string, now: number): string {
  return JSON.stringify({
    schema: [ERROR_SCHEMA],
    schemas: [ERROR_SCHEMA],
    detail: error.message,
    status: String(error.status),
    exceptionRequestId: requestId,
    timeStamp: formatTimestamp(now),
  })
}

/** `2024-12-10 19:50:00.53`: zeros at the end are dropped, but for a lone one. */
export function formatTimestamp(now: number): string {
  return new Date(now)
    .toISOString()
    .replace('T', ' ')
    .replace('Z', '')
    .replace(/(\.\d+?)0+$/, '$1')
}
