import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import type { TestServer } from './start-test-server.ts'

export const SP_ENTITY_ID = 'https://eu-west-1.signin.aws.amazon.com/platform/saml/d-0123456789'
export const ACS = 'https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/0f7a5c1e'

interface Options {
  readonly forceAuthn?: boolean
  readonly passive?: boolean
  readonly authnContext?: readonly string[]
  readonly identifierFormat?: string
  readonly issuer?: string
  readonly callbackUrl?: string
}

/** A service provider of another project, on the test server's clock. */
export async function createServiceProvider(server: TestServer, options: Options = {}) {
  const { entityID, ssoURL, x509PEM } = (await (await fetch(`${server.url}/saml/metadata-values`)).json()) as Record<
    'entityID' | 'ssoURL' | 'x509PEM',
    string
  >
  const requests = new Map<string, { value: string; createdAt: number }>()
  const saml = new SAML({
    idpCert: x509PEM,
    issuer: options.issuer ?? SP_ENTITY_ID,
    callbackUrl: options.callbackUrl ?? ACS,
    entryPoint: ssoURL,
    audience: SP_ENTITY_ID,
    idpIssuer: entityID,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.ifPresent,
    acceptedClockSkewMs: -1, // the clock of the test is not the machine's: times are looked at by hand
    identifierFormat: options.identifierFormat ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    forceAuthn: options.forceAuthn ?? false,
    passive: options.passive ?? false,
    ...(options.authnContext ? { authnContext: [...options.authnContext] } : { disableRequestedAuthnContext: true }),
    cacheProvider: {
      getAsync: async (key) => requests.get(key)?.value ?? null,
      saveAsync: async (key, value) => {
        const item = { value, createdAt: Date.now() }
        requests.set(key, item)
        return item
      },
      removeAsync: async (key) => (key !== null && requests.delete(key) ? key : null),
    },
  })
  return {
    /** The address that a browser is sent to, on the test server's clock. */
    async redirect(relayState = 'from-aws'): Promise<string> {
      const url = new URL(await saml.getAuthorizeUrlAsync(relayState, undefined, {}))
      url.searchParams.set('SAMLRequest', onClock(server, url.searchParams.get('SAMLRequest') ?? '').deflated)
      return `${url.pathname}${url.search}`
    },
    /** What a browser posts instead. */
    async form(relayState = 'from-aws'): Promise<Record<string, string>> {
      const url = new URL(await saml.getAuthorizeUrlAsync(relayState, undefined, {}))
      return {
        SAMLRequest: onClock(server, url.searchParams.get('SAMLRequest') ?? '').plain,
        RelayState: relayState,
      }
    },
    /** Takes an answer as the application would. @throws when it would not */
    accept: async (samlResponse: string) => {
      const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: samlResponse })
      return profile
    },
  }
}

/** The library puts the machine's time into its requests. */
function onClock(server: TestServer, deflated: string): { readonly deflated: string; readonly plain: string } {
  const xml = inflateRawSync(Buffer.from(deflated, 'base64')).toString()
  const now = new Date(server.clock.now()).toISOString()
  const moved = Buffer.from(xml.replace(/IssueInstant="[^"]*"/, `IssueInstant="${now}"`))
  return { deflated: deflateRawSync(moved).toString('base64'), plain: moved.toString('base64') }
}
