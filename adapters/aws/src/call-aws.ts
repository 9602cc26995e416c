import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { type AwsService, type CallOptions, type Gate, sleep, withDeadline } from '@gatehouse/application'
import { type AwsFault, classifyError, toIdentityCenterError } from './classify-error.ts'
import type { AwsCredentials, CredentialSource } from './credentials.ts'

export interface AwsClients {
  readonly ssoAdmin: SSOAdminClient
  readonly identitystore: IdentitystoreClient
  readonly organizations: OrganizationsClient
}

/** One operation of AWS: which quota it spends, and whether it may be sent again when nobody knows what it did. */
export interface AwsOperation {
  readonly service: AwsService
  readonly name: string
  readonly effect: 'read' | 'write'
}

/** Sends one operation, again where that is safe. @throws IdentityCenterError, or the signal's reason once aborted. */
export type CallAws = <T>(
  operation: AwsOperation,
  call: CallOptions,
  send: (clients: AwsClients, options: { abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T>

const CONNECT_TIMEOUT = 5_000
const REQUEST_TIMEOUT = 20_000
const ATTEMPTS = 5
const FIRST_PAUSE = 200
const LONGEST_PAUSE = 5_000

/**
 * The SDK makes one attempt and the retries are ours, so that each attempt waits its turn at the gate. Endpoints come
 * from the SDK's own `AWS_ENDPOINT_URL…` variables or the region, from nowhere else.
 */
export function createCallAws(options: { region: string; credentials: CredentialSource; gate: Gate }): CallAws {
  const { credentials, gate } = options
  const clientsFor = rememberClients(options.region)

  return async (operation, call, send) => {
    let renewed = false
    let corrected = false
    for (let attempt = 1; ; attempt += 1) {
      await gate.take(operation.service, call)
      const signed = await credentials.get(call.signal)
      try {
        const answer = await withDeadline(call.signal, REQUEST_TIMEOUT, (abortSignal) =>
          send(clientsFor(signed), { abortSignal }),
        )
        gate.report(operation.service, 'ok')
        return answer
      } catch (error) {
        call.signal.throwIfAborted()
        const fault = classifyError(error)
        gate.report(operation.service, fault.failure === 'throttled' ? 'throttled' : 'ok')
        if (fault.failure === 'expired-credentials' && !renewed) {
          renewed = true
          credentials.discard(signed)
        } else if (fault.isClockCorrected && fault.failure === 'access-denied' && !corrected) {
          corrected = true
        } else if (attempt < ATTEMPTS && isRepeatable(operation, fault)) {
          await sleep(backoff(attempt), call.signal)
        } else {
          throw toIdentityCenterError(operation.name, error)
        }
      }
    }
  }
}

/** A throttled call is known not to have happened. The cap on operations in flight is for the caller to wait out. */
function isRepeatable(operation: AwsOperation, fault: AwsFault): boolean {
  if (fault.failure === 'throttled') return true
  return fault.failure === 'unavailable' && operation.effect === 'read'
}

/** Full jitter: callers that were refused together don't come back together. */
const backoff = (attempt: number): number => Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt)

/** Clients live as long as the credentials they sign with, their sockets for ever. */
function rememberClients(region: string): (credentials: AwsCredentials) => AwsClients {
  let last: { credentials: AwsCredentials; clients: AwsClients } | undefined
  return (credentials) => {
    if (last?.credentials === credentials) return last.clients
    const requestHandler = last?.clients.ssoAdmin.config.requestHandler ?? { connectionTimeout: CONNECT_TIMEOUT }
    const ssoAdmin = new SSOAdminClient({ region, maxAttempts: 1, credentials, requestHandler })
    const shared = { region, maxAttempts: 1, credentials, requestHandler: ssoAdmin.config.requestHandler }
    const clients = {
      ssoAdmin,
      identitystore: new IdentitystoreClient(shared),
      organizations: new OrganizationsClient(shared),
    }
    last = { credentials, clients }
    return clients
  }
}
