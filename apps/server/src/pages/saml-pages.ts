import {
  continueSamlRequest,
  readIdentityProvider,
  receiveSamlRequest,
  samlAddresses,
  type SamlAnswer,
  type SamlMessage,
  type SamlPorts,
  startSamlSignIn,
} from '@gatehouse/application'
import { DomainError, explain } from '@gatehouse/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { describeProblem } from '../http/describe-problem.ts'
import { createRateLimit } from '../http/limit-rate.ts'
import { browserCookieName, formatBrowserCookie, readCookie } from '../http/session-cookie.ts'
import { html } from './html.ts'
import { alert, sendPage } from './layout.ts'
import { formOf, type PagePorts } from './sign-in-page.ts'

export interface SamlPageOptions {
  readonly publicAddress: string
}

/** Other sites send their users here with a form: the only address that takes one from them. */
export const SINGLE_SIGN_ON_PATH = '/saml/sso'

/** Each is a row for a quarter of an hour, and needs no sign-in. A whole company may come through one address. */
const MAX_REQUESTS_PER_MINUTE = 1200

/** As `ids.secret` makes them. */
const SECRET = /^[\w-]{43}$/

type Ports = PagePorts & SamlPorts

/** What answers once is not for those who only look: without this every GET is a HEAD as well. */
const ONLY_GET = { exposeHeadRoute: false }

/** The SAML identity provider as browsers and service providers see it. */
export function samlPages(app: FastifyInstance, ports: Ports, { publicAddress }: SamlPageOptions): void {
  const addresses = samlAddresses(publicAddress)
  const isHttps = publicAddress.startsWith('https:')
  const browserCookie = browserCookieName(isHttps)

  app.get('/saml/metadata', async (request, reply) => {
    const { metadata } = await readIdentityProvider(ports, addresses, ports.signalOf(request))
    return reply.type('application/samlmetadata+xml; charset=utf-8').send(metadata)
  })

  app.get('/saml/metadata-values', async (request) => {
    const { certificates } = await readIdentityProvider(ports, addresses, ports.signalOf(request))
    const [active] = certificates
    return { entityID: addresses.entityId, ssoURL: addresses.singleSignOnUrl, x509PEM: active?.pem ?? '' }
  })

  app.get('/saml/post.js', async (_, reply) =>
    reply.header('cache-control', 'public, max-age=300').type('text/javascript; charset=utf-8').send(SEND_FORM),
  )

  const limit = createRateLimit(MAX_REQUESTS_PER_MINUTE)
  const receive = (
    request: FastifyRequest,
    reply: FastifyReply,
    parameters: URLSearchParams,
    toMessage: (samlRequest: string) => SamlMessage,
  ) =>
    explaining(request, reply, async () => {
      limit.count(request.ip)
      const message = toMessage(single(parameters, 'SAMLRequest') ?? '')
      const relayState = single(parameters, 'RelayState')
      const known = readCookie(request, browserCookie)
      const browser = known !== undefined && SECRET.test(known) ? known : ports.ids.secret()
      const id = await receiveSamlRequest(
        ports,
        { message, browser, ...(relayState === undefined ? {} : { relayState }) },
        addresses,
        ports.signalOf(request),
      )
      // Each time, so that it does not end while somebody signs in.
      reply.header('set-cookie', formatBrowserCookie(browserCookie, browser, isHttps))
      // What comes next is a request of our own site, so that the session's cookie comes with it.
      return reply.redirect(`/saml/continue/${id}`, 303)
    })
  app.get(SINGLE_SIGN_ON_PATH, ONLY_GET, async (request, reply) => {
    const query = queryOf(request)
    return receive(request, reply, new URLSearchParams(query), () => ({ binding: 'redirect', query }))
  })
  app.post(SINGLE_SIGN_ON_PATH, async (request, reply) =>
    receive(request, reply, formOf(request), (samlRequest) => ({ binding: 'post', samlRequest })),
  )

  app.get<{ Params: { id: string } }>('/saml/continue/:id', ONLY_GET, async (request, reply) =>
    explaining(request, reply, async () => {
      const { id } = request.params
      const somebody = await ports.sessions.find(request, ports.signalOf(request))
      const browser = readCookie(request, browserCookie)
      const command = { id, browser, somebody: somebody?.session.kind === 'web' ? somebody : undefined }
      const answer = await continueSamlRequest(ports, command, addresses, ports.signalOf(request))
      return sendAnswer(reply, answer, `/saml/continue/${id}`)
    }),
  )

  const start = async (request: FastifyRequest<{ Params: { name: string } }>, reply: FastifyReply) =>
    explaining(request, reply, async () => {
      const somebody = await ports.sessions.find(request, ports.signalOf(request))
      if (somebody?.session.kind !== 'web') return sendToSignIn(reply, request.url, false)
      const query = new URLSearchParams(queryOf(request))
      const account = query.get('account_id')
      const permissionSet = query.get('role_name')
      const deepLink = account !== null && permissionSet !== null ? { account, permissionSet } : undefined
      const { name } = request.params
      const answer = await startSamlSignIn(
        ports,
        { name, somebody, ...(deepLink ? { deepLink } : {}) },
        addresses,
        ports.signalOf(request),
      )
      return sendAnswer(reply, answer, request.url)
    })
  app.get('/saml/login/:name', ONLY_GET, start)
  app.get('/saml/login/:name/*', ONLY_GET, start)
}

/** As it was sent; a query may hold question marks of its own. */
const queryOf = ({ url }: FastifyRequest): string => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '')

/** Of two parameters with one name somebody else has added one. @throws DomainError `refused` */
function single(parameters: URLSearchParams, name: string): string | undefined {
  const [value, another] = parameters.getAll(name)
  if (another === undefined) return value
  throw new DomainError({
    code: 'refused',
    message: `The request has ${name} twice.`,
    remedy: 'Start again from the application.',
  })
}

function sendAnswer(reply: FastifyReply, answer: SamlAnswer, here: string): FastifyReply {
  switch (answer.kind) {
    case 'respond':
      return sendResponse(reply, answer)
    case 'sign-in':
      return sendToSignIn(reply, here, answer.again)
    case 'denied':
      return sendDenied(reply, answer)
  }
}

const sendToSignIn = (reply: FastifyReply, here: string, again: boolean): FastifyReply =>
  reply.redirect(`/sign-in?return=${encodeURIComponent(here)}${again ? '&again=1' : ''}`, 303)

/** Sends the form on its way; from a file, so that nothing inline runs. */
const SEND_FORM = `document.forms[0].submit()\n`

/**
 * The browser carries the answer to the application. Where the form may go is left to https: browsers also check where
 * the application sends them next, and that is not ours to know.
 */
function sendResponse(
  reply: FastifyReply,
  { url, samlResponse, relayState }: Extract<SamlAnswer, { kind: 'respond' }>,
): FastifyReply {
  const { origin, host } = new URL(url)
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    `form-action https: ${origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  reply.header('content-security-policy', policy.join('; '))
  return sendPage(reply, {
    title: 'Signing in',
    body: html`<p>You are being signed in to ${host}.</p>
      <form method="post" action="${url}">
        <input type="hidden" name="SAMLResponse" value="${samlResponse}" />
        ${relayState === undefined ? undefined : html`<input type="hidden" name="RelayState" value="${relayState}" />`}
        <button>Go on</button>
      </form>
      <script src="/saml/post.js"></script>`,
  })
}

const sendDenied = (
  reply: FastifyReply,
  { provider, denial, user }: Extract<SamlAnswer, { kind: 'denied' }>,
): FastifyReply =>
  sendPage(reply, {
    title: 'No access',
    status: 403,
    body: html`${alert(denial)}
      <p>You are signed in as <strong>${user.name}</strong> and asked for <strong>${provider.name}</strong>.</p>
      <p class="hint">The audit log has an entry about this (saml.idp.auth), which administrators can read.</p>`,
  })

/** People are standing in front of this, so what goes wrong is a page. */
async function explaining(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { status, retryAfterSeconds } = describeProblem(error, request.id)
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
    return sendPage(reply, { title: 'Sign-in failed', body: html`${alert(explain(error.problem))}`, status })
  }
}
