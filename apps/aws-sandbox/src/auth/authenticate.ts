import { AwsError } from '../http/aws-error.ts'
import type { Caller } from '../world/caller.ts'
import type { Service } from '../world/operation.ts'
import type { AccessKey, Session } from '../world/records.ts'
import { iamKey, type World } from '../world/world.ts'
import { parseAuthorizationHeader, type AuthorizationHeader } from './authorization-header.ts'
import { findHeader, type SignedRequest } from './signed-request.ts'
import { findSignatureFault } from './verify-signature.ts'

/** The name by which requests to a service are signed, where it is not the service's own. */
const SIGNING_NAME: Record<Service, string> = {
  organizations: 'organizations',
  identitystore: 'identitystore',
  'sso-admin': 'sso',
  iam: 'iam',
  sts: 'sts',
  'sso-oidc': 'sso-oauth',
  sso: 'awsssoportal',
}

/**
 * Who sent this request, by its signature (AWS Signature Version 4, in the Authorization header).
 *
 * The date of the signature is held against the wall clock, because clients sign with theirs; the life of a session
 * runs on the sandbox's clock, which tests move.
 *
 * @throws AwsError 403 in the words of the protocol: no signature, a wrong one, an unknown key, an expired session.
 */
export function authenticate(world: World, request: SignedRequest, service: Service): Caller {
  const header = findHeader(request, 'authorization')
  if (header === undefined) {
    if (!world.knobs.requireSignatures) return rootOf(world.home().managementAccountId)
    throw refuse(service, 'missing', 'Request is missing Authentication Token')
  }
  const authorization = parseAuthorizationHeader(header)
  if (!authorization) throw refuse(service, 'incomplete', incompleteText(header))

  const credentials = findCredentials(world, request, authorization)
  if (!credentials) throw refuse(service, 'unknown', 'The security token included in the request is invalid.')
  const fault = findSignatureFault(request, {
    authorization,
    secretAccessKey: credentials.secret,
    service: SIGNING_NAME[service],
    wallClock: world.clock.wallNow(),
  })
  if (fault !== undefined) throw refuse(service, 'signature', fault)
  if (credentials.kind === 'session' && credentials.expiresAt <= world.clock.now()) {
    throw refuse(service, 'expired', 'The security token included in the request is expired')
  }
  return credentials.caller
}

/** The root of an account: whatever the control API and unsigned calls do, they may. */
export function rootOf(accountId: string): Caller {
  return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId }
}

type Credentials =
  | { kind: 'key'; secret: string; caller: Caller }
  | { kind: 'session'; secret: string; caller: Caller; expiresAt: number }

function findCredentials(
  world: World,
  request: SignedRequest,
  { accessKeyId }: AuthorizationHeader,
): Credentials | undefined {
  const token = findHeader(request, 'x-amz-security-token')
  const session = world.sessions.get(accessKeyId)
  if (session) return token === session.token ? credentialsOfSession(world, session) : undefined
  // A new access key takes a moment to be known everywhere, as everything in IAM does.
  const key = world.accessKeys.seen({ now: world.clock.now(), staleMs: 0 }).get(accessKeyId)
  return key && token === undefined ? credentialsOfKey(world, key) : undefined
}

function credentialsOfKey(world: World, key: AccessKey): Credentials | undefined {
  const user = world.iamUsers.get(iamKey(key.accountId, key.userName))
  if (!user || key.status === 'Inactive') return undefined
  const { accountId, arn, id: userId, name: userName } = user
  return {
    kind: 'key',
    secret: key.secret,
    caller: { kind: 'user', accountId, arn, userId, userName, accessKeyId: key.id },
  }
}

/**
 * A session ends with its role: its calls fail from then on (IAM User Guide, "Deleting roles"). A new role of the same
 * name is another role.
 */
function credentialsOfSession(world: World, session: Session): Credentials | undefined {
  const role = world.iamRoles.get(iamKey(session.accountId, session.roleName))
  if (!role || role.createdAt > session.createdAt) return undefined
  const caller: Caller = {
    kind: 'role',
    accountId: session.accountId,
    arn: `arn:aws:sts::${session.accountId}:assumed-role/${role.name}/${session.sessionName}`,
    userId: `${role.id}:${session.sessionName}`,
    roleName: role.name,
    sessionName: session.sessionName,
    accessKeyId: session.accessKeyId,
  }
  return { kind: 'session', secret: session.secret, caller, expiresAt: session.expiresAt }
}

type Refusal = 'missing' | 'incomplete' | 'signature' | 'unknown' | 'expired'
const JSON_CODES: Record<Refusal, string> = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  signature: 'InvalidSignatureException',
  unknown: 'UnrecognizedClientException',
  expired: 'ExpiredTokenException',
}
const QUERY_CODES: Record<Refusal, string> = {
  missing: 'MissingAuthenticationToken',
  incomplete: 'IncompleteSignature',
  signature: 'SignatureDoesNotMatch',
  unknown: 'InvalidClientTokenId',
  expired: 'ExpiredToken',
}

function refuse(service: Service, refusal: Refusal, message: string): AwsError {
  const codes = service === 'iam' || service === 'sts' ? QUERY_CODES : JSON_CODES
  return new AwsError(codes[refusal], message, { status: refusal === 'incomplete' ? 400 : 403 })
}

function incompleteText(header: string): string {
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !header.includes(`${name}=`))
  const wanted = missing.map((name) => `Authorization header requires '${name}' parameter.`)
  const text =
    wanted.length > 0 ? wanted.join(' ') : 'Authorization header is not a complete AWS4-HMAC-SHA256 signature.'
  return `${text} (Hashed with SHA-256 and encoded with Base64) Authorization=`
}
