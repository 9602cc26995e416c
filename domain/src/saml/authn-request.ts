import { type Instant, minus, minutes, plus } from '../kernel/instant.ts'
import { DomainError, shorten } from '../kernel/problems.ts'
import type { ServiceProvider } from './service-provider.ts'

/** How the sign-in is to compare with the kinds that are named (SAML 2.0 Core, 3.3.2.2.1). */
export const CONTEXT_COMPARISONS = ['exact', 'minimum', 'maximum', 'better'] as const

/** What a service provider asks for (SAML 2.0 Core, 3.4.1). Nothing in it is believed before it was checked. */
export interface AuthnRequest {
  readonly id: string
  readonly issuer: string
  readonly issuedAt: Instant
  readonly destination?: string
  readonly assertionConsumerUrl?: string
  readonly assertionConsumerIndex?: number
  readonly nameIdFormat?: string
  readonly forceAuthn: boolean
  readonly isPassive: boolean
  /** The kinds of sign-in that it would take; empty takes any. */
  readonly contextClasses: readonly string[]
  readonly contextComparison?: (typeof CONTEXT_COMPARISONS)[number]
  /** Whom it wants signed in: the user decides that, not the request. */
  readonly subject?: string
}

/** Design: a sign-in page that was left open for a while still works, a recorded request does not for long. */
const REQUEST_LIFETIME = minutes(5)
/** The service provider's clock may be ahead of ours. */
const SKEW = minutes(1)

/**
 * Checks what a request says about itself and says where its answer goes: only to an address that the service provider
 * has registered, compared character by character. @throws DomainError `refused`
 */
export function checkAuthnRequest(
  request: AuthnRequest,
  provider: ServiceProvider,
  { now, destination }: { readonly now: Instant; readonly destination: string },
): string {
  if (request.destination !== undefined && request.destination !== destination)
    throw refused(
      `The request is for "${shorten(request.destination)}".`,
      `Set the sign-in address in the application to ${destination}.`,
    )
  if (request.issuedAt < minus(now, REQUEST_LIFETIME))
    throw refused('The request is too old.', 'Start again from the application.')
  if (request.issuedAt > plus(now, SKEW))
    throw refused('The request comes from the future.', 'Set the clock of the application or of this server right.')
  return consumerOf(request, provider)
}

function consumerOf(
  { assertionConsumerUrl: url, assertionConsumerIndex: index }: AuthnRequest,
  provider: ServiceProvider,
) {
  const { assertionConsumers } = provider.metadata
  const asked =
    url === undefined && index === undefined
      ? assertionConsumers[0]
      : assertionConsumers.find((one) => (url === undefined ? one.index === index : one.url === url))
  if (asked) return asked.url
  throw refused(
    url === undefined
      ? `The application has no address number ${index ?? 0} for answers.`
      : `"${shorten(url)}" is no address that the application has registered for answers.`,
    `Ask an administrator to bring the metadata of "${provider.name}" up to date.`,
  )
}

/** A person's password over a protected connection; a request that asks for less is content with it too. */
export const CONTEXT_CLASS = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
const WEAKER_CLASSES: ReadonlySet<string> = new Set([
  'urn:oasis:names:tc:SAML:2.0:ac:classes:Password',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified',
])
export function isContextMet({
  contextClasses,
  contextComparison,
}: Pick<AuthnRequest, 'contextClasses' | 'contextComparison'>): boolean {
  if (contextComparison === 'better') return contextClasses.every((asked) => WEAKER_CLASSES.has(asked))
  return (
    contextClasses.length === 0 || contextClasses.some((asked) => asked === CONTEXT_CLASS || WEAKER_CLASSES.has(asked))
  )
}

function refused(message: string, remedy: string): DomainError {
  return new DomainError({ code: 'refused', message, remedy })
}
