import { checkAuthnRequest, DomainError, minutes, plus, type ServiceProvider, shorten } from '@gatehouse/domain'
import { hashOfSecret } from '../sign-in/sign-in-ports.ts'
import type { SamlMessage } from '../ports/saml.ts'
import type { SamlAddresses, SamlPorts } from './saml-ports.ts'

export interface ReceiveRequestCommand {
  readonly message: SamlMessage
  readonly relayState?: string
  /** A secret that only the browser which brought the request has. */
  readonly browser: string
}

/** As long as somebody may take to sign in. */
const KEPT_FOR = minutes(15)
/** AWS sends long ones; what is longer is none of ours to carry around. */
const MAX_RELAY_STATE = 4096

/**
 * Checks a request of a service provider and keeps it until its user has signed in.
 * @returns the id under which it goes on
 * @throws DomainError `invalid-value`, `refused`
 */
export async function receiveSamlRequest(
  ports: Pick<SamlPorts, 'records' | 'clock' | 'ids' | 'saml' | 'samlRequests'>,
  command: ReceiveRequestCommand,
  addresses: SamlAddresses,
  signal: AbortSignal,
): Promise<string> {
  const { message, relayState } = command
  if (relayState !== undefined && relayState.length > MAX_RELAY_STATE)
    throw new DomainError({
      code: 'invalid-value',
      field: 'RelayState',
      text: relayState,
      expected: `at most ${MAX_RELAY_STATE} characters`,
    })
  const request = ports.saml.readRequest(message)
  const { serviceProviders } = await ports.records.read(signal)
  const provider = findByEntityId(serviceProviders, request.issuer)
  if (provider.metadata.signsRequests) ports.saml.verifyRequest(message, provider.metadata.signingCertificates)
  const now = ports.clock.now()
  const destination = addresses.singleSignOnUrl
  const assertionConsumerUrl = checkAuthnRequest(request, provider, { now, destination })
  const id = ports.ids.secret()
  const kept = {
    request,
    assertionConsumerUrl,
    ...(relayState === undefined ? {} : { relayState }),
    receivedAt: now,
    browserHash: hashOfSecret(command.browser),
  }
  await ports.samlRequests.keep(hashOfSecret(id), kept, plus(now, KEPT_FOR), signal)
  return id
}

/** @throws DomainError `refused` */
export function findByEntityId(providers: readonly ServiceProvider[], entityId: string): ServiceProvider {
  const provider = providers.find(({ metadata }) => metadata.entityId === entityId)
  if (provider) return provider
  throw new DomainError({
    code: 'refused',
    message: `No service provider has the entity id "${shorten(entityId)}".`,
    remedy: 'Ask an administrator to add it (tctl create, kind saml_idp_service_provider).',
  })
}
