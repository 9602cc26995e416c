import { randomUUID } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { xml } from '../pages/html.ts'
import { newSecret } from '../sso-oidc/new-secret.ts'
import type { AuthnRequest, IdentityProvider } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { ASSERTION, EMAIL_ADDRESS, POST_BINDING, PROTOCOL } from './names.ts'
import { describeServiceProvider } from './service-provider.ts'

/** How a browser brings the request to the identity provider. */
export type Journey =
  | { readonly binding: 'redirect'; readonly url: string }
  | { readonly binding: 'post'; readonly url: string; readonly fields: Readonly<Record<string, string>> }

/** Asks the identity provider who somebody is, and remembers where they wanted to go. */
export function requestSignIn(world: World, provider: IdentityProvider, returnTo: string, now: number): Journey {
  const request: AuthnRequest = {
    // An xs:ID starts with a letter.
    id: `aws_${randomUUID()}`,
    relayState: newSecret(24),
    returnTo,
    expiresAt: now + world.knobs.authnRequestLifetime,
  }
  forgetExpired(world, now)
  world.authnRequests.set(request.id, request)
  const message = formatRequest(world, provider, request, now)
  const { binding, signInUrl } = provider
  if (binding === 'post') {
    const SAMLRequest = Buffer.from(message).toString('base64')
    return { binding, url: signInUrl, fields: { SAMLRequest, RelayState: request.relayState } }
  }
  // SAML 2.0 Bindings, 3.4.4.1
  const url = new URL(signInUrl)
  url.searchParams.set('SAMLRequest', deflateRawSync(message).toString('base64'))
  url.searchParams.set('RelayState', request.relayState)
  return { binding, url: url.href }
}

function formatRequest(world: World, provider: IdentityProvider, { id }: AuthnRequest, now: number): string {
  const { entityId, acsUrl } = describeServiceProvider(world)
  const instant = new Date(now).toISOString()
  const { markup } = xml`<saml2p:AuthnRequest
    xmlns:saml2p="${PROTOCOL}"
    AssertionConsumerServiceURL="${acsUrl}"
    Destination="${provider.signInUrl}"
    ID="${id}"
    IssueInstant="${instant}"
    ProtocolBinding="${POST_BINDING}"
    Version="2.0"
    ><saml2:Issuer xmlns:saml2="${ASSERTION}">${entityId}</saml2:Issuer><saml2p:NameIDPolicy Format="${EMAIL_ADDRESS}"
  /></saml2p:AuthnRequest>`
  return markup
}

function forgetExpired(world: World, now: number) {
  const old = [...world.authnRequests.values()].filter(({ expiresAt }) => expiresAt <= now)
  for (const { id } of old) world.authnRequests.delete(id)
}
