import { randomUUID } from 'node:crypto'
import { ACS_PATH, describeServiceProvider, formatMetadata, METADATA_PATH } from '../saml/service-provider.ts'
import { demand, SamlRefusal } from '../saml/saml-refusal.ts'
import { validateResponse } from '../saml/validate-response.ts'
import { consumeAssertion } from '../sign-in/consume-assertion.ts'
import { html } from './html.ts'
import { problemPage, type PageAnswer, type PageCall, type PageRoute } from './page-call.ts'
import { toPortalPath } from './portal-path.ts'

/** Identity Center as a SAML service provider. */
export const samlPages: readonly PageRoute[] = [
  {
    method: 'GET',
    path: METADATA_PATH,
    open: true,
    run: ({ world }) => ({ kind: 'file', type: 'application/samlmetadata+xml', body: formatMetadata(world) }),
  },
  { method: 'POST', path: `${ACS_PATH}/:acsId`, open: true, fromElsewhere: true, run: consumeResponse },
]

function consumeResponse(call: PageCall): PageAnswer {
  const { now, signInLog, world } = call
  const id = randomUUID()
  try {
    const { session, to, initiatedBy } = signInByResponse(call)
    const userName = world.users.get(session.userId)?.userName
    signInLog.add({ id, at: now, outcome: 'signed-in', userName, initiatedBy })
    return { kind: 'redirect', to, signedIn: session }
  } catch (error) {
    if (!(error instanceof SamlRefusal)) throw error
    signInLog.add({ id, at: now, outcome: 'refused', reason: error.message, shown: error.shown })
    const body = html`<p>You were not signed in. Contact your administrator.</p>
      <p class="quiet">Reference: <code>${id}</code></p>`
    return problemPage(error.shown, body)
  }
}

function signInByResponse({ world, now, url, form }: PageCall) {
  const { kind, provider } = world.home().identitySource
  demand(kind === 'external', `People sign in by ${kind}, not at an external identity provider.`)
  demand(provider !== undefined, 'The identity provider is not configured yet.')
  const { entityId, acsUrl } = describeServiceProvider(world)
  demand(acsUrl === world.publicUrl() + url, `The assertion consumer service is ${acsUrl}, not ${url}.`)
  const [encoded = '', ...more] = form.getAll('SAMLResponse')
  demand(more.length === 0, 'SAMLResponse comes twice.')
  // An expired certificate is shown in red in AWS's console and trusted no longer.
  const valid = provider.certificates.filter(({ notBefore, notAfter }) => notBefore <= now && now < notAfter)
  const assertion = validateResponse(encoded, {
    entityId,
    acsUrl,
    issuer: provider.entityId,
    certificates: valid.map(({ pem }) => pem),
    now,
    clockSkew: world.knobs.samlClockSkew,
  })
  const relayState = form.get('RelayState') ?? ''
  const { session, returnTo } = consumeAssertion(world, { assertion, relayState }, now)
  const initiatedBy = returnTo === undefined ? ('identity-provider' as const) : ('service-provider' as const)
  return { session, to: returnTo ?? toPortalPath(world, relayState), initiatedBy }
}
