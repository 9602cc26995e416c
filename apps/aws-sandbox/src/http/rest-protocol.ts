import type { Service } from '../world/operation.ts'
import type { AwsError } from './aws-error.ts'
import type { RawRequest } from './raw-exchange.ts'

export const REST_CONTENT_TYPE = 'application/json'

export interface RestCall {
  readonly service: Service
  readonly operation: string
  /** The model's members, wherever in the request they were; `undefined` when the body can't be read. */
  readonly input: unknown
}

interface RestRequest {
  readonly path: string
  readonly query: URLSearchParams
  readonly raw: RawRequest
}

interface Binding {
  readonly service: Service
  readonly operation: string
  readonly method: 'GET' | 'POST'
  /** The end of the path: clients may have a prefix in their endpoint. */
  readonly path: string
  readonly read: (request: RestRequest) => unknown
}

const BINDINGS: readonly Binding[] = [
  oidc('RegisterClient', '/client/register'),
  oidc('StartDeviceAuthorization', '/device_authorization'),
  oidc('CreateToken', '/token'),
  portal('ListAccounts', 'GET', '/assignment/accounts'),
  portal('ListAccountRoles', 'GET', '/assignment/roles'),
  portal('GetRoleCredentials', 'GET', '/federation/credentials'),
  portal('Logout', 'POST', '/logout'),
]

/** `undefined` when method and path are not those of an operation. */
export function parseRest(raw: RawRequest): RestCall | undefined {
  const [address = '', query = ''] = raw.url.split(/\?(.*)/s)
  const path = address.replace(/\/+$/, '')
  const searchParams = new URLSearchParams(query)
  const binding = BINDINGS.find((known) => known.method === raw.method && path.endsWith(known.path))
  if (binding === undefined || isForm(raw)) return undefined
  const { service } = binding
  const operation = searchParams.get('aws_iam') === 't' ? `${binding.operation}WithIAM` : binding.operation
  return { service, operation, input: binding.read({ path, query: searchParams, raw }) }
}

export function encodeRestAnswer(answer: object): string {
  return Object.keys(answer).length === 0 ? '' : JSON.stringify(answer)
}

export function encodeRestError(service: Service, error: AwsError): string {
  const described =
    service === 'sso-oidc'
      ? { error: oauthError(error), error_description: error.message === '' ? null : error.message }
      : { message: error.message }
  return JSON.stringify({ __type: error.code, ...described, ...error.members })
}

function oidc(operation: string, path: string): Binding {
  return { service: 'sso-oidc', operation, method: 'POST', path, read: readBody }
}

function portal(operation: string, method: Binding['method'], path: string): Binding {
  return { service: 'sso', operation, method, path, read: readPortalInput }
}

/** The body's members, and the Region if the path names one. */
function readBody({ path, raw }: RestRequest): unknown {
  try {
    const body: unknown = JSON.parse(raw.body.toString() || '{}')
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
    const members = Object.entries(body).filter(([, value]) => value !== null)
    return { ...Object.fromEntries(members), region: regionIn(path) }
  } catch {
    return undefined
  }
}

function readPortalInput({ path, query, raw }: RestRequest): unknown {
  const { 'x-amz-sso_bearer_token': accessToken } = raw.headers
  const most = query.get('max_result')
  return {
    accessToken,
    accountId: query.get('account_id') ?? undefined,
    roleName: query.get('role_name') ?? undefined,
    nextToken: query.get('next_token') ?? undefined,
    maxResults: most === null ? undefined : Number(most),
    region: regionIn(path),
  }
}

/** Endpoint rules may put the Region into the path, since all Regions share one host here. */
function regionIn(path: string): string | undefined {
  return /^\/([a-z]{2,4}(?:-[a-z]+)+-\d+)\//.exec(path)?.[1]
}

/** Query-protocol calls are forms, under whatever path. */
function isForm({ headers }: RawRequest): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && type.startsWith('application/x-www-form-urlencoded')
}

/** RFC 6749, 5.2 and RFC 8628, 3.5: `AuthorizationPendingException` is `authorization_pending`. */
function oauthError({ code, status }: AwsError): string {
  if (status >= 500) return 'server_error'
  if (code === 'InvalidRequestRegionException') return 'invalid_request'
  return code
    .replace(/Exception$/, '')
    .replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase()
}
