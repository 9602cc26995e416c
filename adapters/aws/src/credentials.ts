import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { IdentityCenterError, withDeadline } from '@gatehouse/application'
import { classifyError, toIdentityCenterError } from './classify-error.ts'

/** What requests are signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Where they come from; made once for all callers. */
export interface CredentialSource {
  /** The same object as long as it is good. @throws IdentityCenterError */
  get(signal: AbortSignal): Promise<AwsCredentials>
  /** AWS called these expired: they are not given out again. */
  discard(used: AwsCredentials): void
}

/** Credentials that never change, for tools and tests. */
export const fixedCredentials = (credentials: AwsCredentials): CredentialSource => ({
  get: () => Promise.resolve(credentials),
  discard() {},
})

/** Credentials of a role that trusts our OIDC issuer. `token` makes a fresh web-identity token. */
export function webIdentityCredentials(options: {
  roleArn: string
  sessionName: string
  token: () => Promise<string>
  region: string
}): CredentialSource {
  const sts = new STSClient({ region: options.region, maxAttempts: 1, requestHandler: { connectionTimeout: 5_000 } })
  return rememberCredentials('AssumeRoleWithWebIdentity', async (abortSignal) => {
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: options.roleArn,
      RoleSessionName: sessionNameOf(options.sessionName),
      WebIdentityToken: await options.token(),
    })
    return (await sts.send(command, { abortSignal })).Credentials
  })
}

/** Credentials of a role assumed from wherever the SDK finds some: environment, instance profile, container. */
export function systemCredentials(options: {
  roleArn: string
  externalId?: string
  sessionName?: string
  region: string
}): CredentialSource {
  const sts = new STSClient({ region: options.region, maxAttempts: 1, requestHandler: { connectionTimeout: 5_000 } })
  return rememberCredentials('AssumeRole', async (abortSignal) => {
    const command = new AssumeRoleCommand({
      RoleArn: options.roleArn,
      RoleSessionName: sessionNameOf(options.sessionName ?? 'gatehouse'),
      ...(options.externalId === undefined ? {} : { ExternalId: options.externalId }),
    })
    return (await sts.send(command, { abortSignal })).Credentials
  })
}

/** STS's own alphabet and length (AWS STS API Reference, "AssumeRoleWithWebIdentity", RoleSessionName). */
const sessionNameOf = (name: string): string =>
  name
    .replaceAll(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-')

interface StsCredentials {
  readonly AccessKeyId?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SessionToken?: string | undefined
  readonly Expiration?: Date | undefined
}

/** Made anew so long before their end, so that a call signed now is still good when it arrives. */
const RENEW_BEFORE = 5 * 60_000
/** STS's clock may run behind ours, and then its credentials look ended when they are new. */
const KEEP_AT_LEAST = 60_000
const REQUEST_TIMEOUT = 20_000
const ATTEMPTS = 3

/** The wall clock, because AWS's expiry runs on it; where it does not, `ExpiredToken` tells. */
function rememberCredentials(
  operation: string,
  assume: (signal: AbortSignal) => Promise<StsCredentials | undefined>,
): CredentialSource {
  let current: { credentials: AwsCredentials; until: number } | undefined
  let underWay: Promise<AwsCredentials> | undefined

  async function make(): Promise<AwsCredentials> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const made = await withDeadline(new AbortController().signal, REQUEST_TIMEOUT, assume)
        const credentials = parseCredentials(operation, made)
        const now = Date.now()
        const end = made?.Expiration instanceof Date ? made.Expiration.getTime() : Number.NaN
        current = { credentials, until: Math.max(now + KEEP_AT_LEAST, Number.isNaN(end) ? 0 : end - RENEW_BEFORE) }
        return credentials
      } catch (error) {
        // Assuming a role changes nothing; the next attempt also carries a new token.
        const { failure } = classifyError(error)
        const isPassing = failure === 'unavailable' || failure === 'throttled' || failure === 'expired-credentials'
        if (attempt >= ATTEMPTS || !isPassing || error instanceof IdentityCenterError)
          throw toIdentityCenterError(operation, error)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200 * 2 ** attempt))
      }
    }
  }

  return {
    get(signal) {
      if (signal.aborted) return Promise.reject(signal.reason)
      if (current && Date.now() < current.until) return Promise.resolve(current.credentials)
      underWay ??= make().finally(() => {
        underWay = undefined
      })
      const making = underWay
      // Whoever gives up leaves; the others go on waiting for the same answer.
      return withDeadline(signal, ATTEMPTS * REQUEST_TIMEOUT + 10_000, () => making)
    },
    discard(used) {
      if (current?.credentials === used) current = undefined
    },
  }
}

function parseCredentials(operation: string, made: StsCredentials | undefined): AwsCredentials {
  if (!made?.AccessKeyId || !made.SecretAccessKey)
    throw new IdentityCenterError('unavailable', operation, `${operation}: the answer holds no credentials`)
  return {
    accessKeyId: made.AccessKeyId,
    secretAccessKey: made.SecretAccessKey,
    ...(made.SessionToken ? { sessionToken: made.SessionToken } : {}),
  }
}
