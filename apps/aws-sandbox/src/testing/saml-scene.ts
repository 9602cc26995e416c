import { inflateRawSync } from 'node:zlib'
import type { SandboxOptions } from '../sandbox.ts'
import { createBrowser, type Browser, type VisitedPage } from './browser.ts'
import { createIdentityProvider, type ResponseOptions, type TestIdentityProvider } from './identity-provider.ts'
import { startTestSandbox, type TestSandbox } from './sandbox-clients.ts'

type Changes = Partial<ResponseOptions>

/** A sandbox whose people sign in at an identity provider that the test plays. */
export interface SamlScene extends TestSandbox {
  readonly idp: TestIdentityProvider
  readonly serviceProvider: { readonly entityId: string; readonly acsUrl: string; readonly metadataUrl: string }
  newBrowser(): Browser
  /** A signed response for Ana, unless the test says otherwise. */
  response(changes?: Changes): string
  /** Posts a message to the ACS, as the page of an identity provider does. */
  post(xml: string, options?: { relayState?: string; browser?: Browser }): Promise<VisitedPage>
  /** Opens a page, goes to the identity provider and comes back. */
  signIn(path?: string, changes?: Changes): Promise<{ readonly browser: Browser; readonly page: VisitedPage }>
  /** Why the last sign-in was refused. */
  reason(): Promise<string | undefined>
}

export async function startSamlScene(options: SandboxOptions = {}): Promise<SamlScene> {
  const world = await startTestSandbox(options)
  const idp = createIdentityProvider()
  const { serviceProvider } = await world.control('PUT', '/identity-provider', { metadata: idp.metadata })
  const { endpointUrl } = world.sandbox
  const newBrowser = () => createBrowser(endpointUrl)
  const now = async () => (await world.control('GET', '/health')).now

  const response: SamlScene['response'] = (changes = {}) => {
    const { acsUrl, entityId: audience } = serviceProvider
    return idp.respond({ nameId: 'ana@acme.example', acsUrl, audience, now: Date.now(), ...changes })
  }
  const post: SamlScene['post'] = (xml, { relayState = '', browser = newBrowser() } = {}) => {
    const SAMLResponse = Buffer.from(xml).toString('base64')
    const body = new URLSearchParams({ SAMLResponse, RelayState: relayState })
    return browser.open(serviceProvider.acsUrl, { method: 'POST', body, headers: { origin: 'https://idp.example' } })
  }
  return {
    ...world,
    idp,
    serviceProvider,
    newBrowser,
    response,
    post,
    async signIn(path = '/start', changes = {}) {
      const browser = newBrowser()
      const { leavesTo } = await browser.open(path)
      const { id, relayState } = readRequest(leavesTo)
      const answer = response({ inResponseTo: id, now: await now(), ...changes })
      return { browser, page: await post(answer, { relayState, browser }) }
    },
    async reason() {
      const [last] = await world.control('GET', '/sign-ins?last=1')
      return last?.reason
    },
  }
}

/** What travels to the identity provider by the redirect binding. */
export function readRequest(url: URL | undefined) {
  const message = url?.searchParams.get('SAMLRequest') ?? ''
  const xml = inflateRawSync(Buffer.from(message, 'base64')).toString()
  return { xml, id: / ID="([^"]+)"/.exec(xml)?.[1] ?? '', relayState: url?.searchParams.get('RelayState') ?? '' }
}
