import { DomainError, isContextMet, isFormatAcceptable, nameIdOf, shorten, type View } from '@gatehouse/domain'
import { type Reading, readView } from '../governance/read-view.ts'
import type { KeptRequest } from '../ports/saml.ts'
import { hashOfSecret } from '../sign-in/sign-in-ports.ts'
import {
  type AnswerPlace,
  denialOf,
  denyTo,
  type RecordedAnswer,
  recordingRefusals,
  refuseTo,
  type SamlAnswer,
  signInTo,
  type Somebody,
} from './answer.ts'
import { findByEntityId } from './receive-request.ts'
import type { SamlAddresses, SamlPorts } from './saml-ports.ts'

export interface ContinueRequestCommand {
  /** What `receiveSamlRequest` gave. */
  readonly id: string
  /** The secret of the browser, if it has one. */
  readonly browser: string | undefined
  /** Who is signed in there now. */
  readonly somebody: Somebody | undefined
}

/**
 * Answers a request that was kept. Everything that may have changed meanwhile is looked at again: the service provider,
 * the user, his roles and locks. The event is saved before the answer leaves, and no request is answered twice.
 * @throws DomainError `refused`
 */
export async function continueSamlRequest(
  ports: SamlPorts,
  { id, browser, somebody }: ContinueRequestCommand,
  addresses: SamlAddresses,
  signal: AbortSignal,
): Promise<SamlAnswer> {
  const idHash = hashOfSecret(id)
  const kept = await ports.samlRequests.find(idHash, ports.clock.now(), signal)
  if (!kept) throw notThere('This request to sign in has ended, or was answered already.')
  if (browser === undefined || hashOfSecret(browser) !== kept.browserHash)
    throw notThere('This request to sign in was begun in another browser.')
  const reading = await readView(ports, signal)
  const place = placeOf(kept, reading.view)
  const { forceAuthn, isPassive } = kept.request
  const isFresh = somebody !== undefined && (!forceAuthn || somebody.session.createdAt >= kept.receivedAt)
  if (!isFresh && !isPassive) return { kind: 'sign-in', again: somebody !== undefined }
  const { answer, event } = await recordingRefusals(
    ports,
    { place, user: somebody?.user, now: reading.now },
    () => answerTo(ports, { kept, place, somebody: isFresh ? somebody : undefined }, reading, addresses, signal),
    signal,
  )
  // Who was denied may come back when an administrator has mended it.
  if (answer.kind === 'denied') await ports.store.commit({ events: [event] }, signal)
  else await ports.samlRequests.markAnswered(idHash, [event], signal)
  return answer
}

interface Asked {
  readonly kept: KeptRequest
  readonly place: AnswerPlace
  /** Nobody, when the request wants a fresh sign-in and there is none. */
  readonly somebody: Somebody | undefined
}

/** @throws DomainError `refused` */
async function answerTo(
  ports: SamlPorts,
  { kept: { request }, place, somebody }: Asked,
  reading: Reading,
  addresses: SamlAddresses,
  signal: AbortSignal,
): Promise<RecordedAnswer> {
  const tell = (reason: Parameters<typeof refuseTo>[2]) =>
    refuseTo(ports, place, reason, somebody?.user, reading, addresses, signal)
  if (!somebody) return tell('NoPassive')
  if (!isContextMet(request)) return tell('NoAuthnContext')
  const { user } = somebody
  const denial = denialOf(somebody, place.provider, reading)
  if (denial) {
    const denied = denyTo(place, user, reading, denial)
    // A passive request may not show anything, so the application is told instead.
    return request.isPassive ? { ...(await tell('RequestDenied')), event: denied.event } : denied
  }
  const nameId = nameIdOf(user, place.provider, reading.view)
  if (!isFormatAcceptable(request.nameIdFormat, nameId)) return tell('InvalidNameIDPolicy')
  if (request.subject !== undefined && request.subject !== nameId.value)
    throw new DomainError({
      code: 'refused',
      message: `The application asks for "${shorten(request.subject)}", and you are signed in as ${user.name}.`,
      remedy: 'Sign out here and sign in as that user, or start again from the application.',
    })
  return signInTo(ports, place, somebody, reading, addresses, signal)
}

/** An address that is registered no more gets no answer, although it was right when the request came. */
function placeOf({ request, assertionConsumerUrl, relayState }: KeptRequest, view: View): AnswerPlace {
  const provider = findByEntityId(view.serviceProviders, request.issuer)
  if (provider.metadata.assertionConsumers.every(({ url }) => url !== assertionConsumerUrl))
    throw notThere('The application has changed meanwhile.')
  return { provider, assertionConsumerUrl, requestId: request.id, ...(relayState === undefined ? {} : { relayState }) }
}

const notThere = (message: string): DomainError =>
  new DomainError({ code: 'refused', message, remedy: 'Start again from the application.' })
