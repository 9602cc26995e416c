import { DomainError, isContextMet, isFormatAcceptable, nameIdOf, shorten, type View } from '@gatehouse/domain'
import { readView } from '../governance/read-view.ts'
import type { KeptRequest, SamlRefusal } from '../ports/saml.ts'
import { hashOfSecret } from '../sign-in/sign-in-ports.ts'
import {
  type AnswerPlace,
  denialOf,
  eventOfDenial,
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
  const { forceAuthn, isPassive, subject } = kept.request
  const isFresh = somebody !== undefined && (!forceAuthn || somebody.session.createdAt >= kept.receivedAt)
  if (!isFresh && !isPassive) return { kind: 'sign-in', again: somebody !== undefined }
  const end = async (reason?: SamlRefusal['reason']): Promise<SamlAnswer> => {
    const { answer, event } =
      reason === undefined && somebody
        ? await signInTo(ports, place, somebody, reading, addresses, signal)
        : await refuseTo(ports, place, reason ?? 'NoPassive', somebody?.user, reading, addresses, signal)
    await ports.samlRequests.markAnswered(idHash, [event], signal)
    return answer
  }
  if (!isFresh) return end('NoPassive')
  if (!isContextMet(kept.request)) return end('NoAuthnContext')
  const { user } = somebody
  const nameId = nameIdOf(user, place.provider, reading.view)
  if (!isFormatAcceptable(kept.request.nameIdFormat, nameId)) return end('InvalidNameIDPolicy')
  if (subject !== undefined && subject !== nameId.value)
    throw new DomainError({
      code: 'refused',
      message: `The application asks for "${shorten(subject)}", and you are signed in as ${user.name}.`,
      remedy: 'Sign out here and sign in as that user, or start again from the application.',
    })
  const denial = denialOf(somebody, place.provider, reading)
  if (!denial) return end()
  await ports.store.commit({ events: [eventOfDenial(place, user, reading, denial)] }, signal)
  return { kind: 'denied', user, provider: place.provider, denial }
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
