import { sessionLifetime, signIn, signOut, type SignInPorts } from '@gatehouse/application'
import { DomainError, type Duration, explain, formatInstant } from '@gatehouse/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Sessions } from '../http/sessions.ts'
import type { Throttle } from '../http/throttle.ts'
import { describeProblem } from '../http/describe-problem.ts'
import { describeBrowser } from './describe-browser.ts'
import { html, type Html } from './html.ts'
import { alert, marked, sendPage } from './layout.ts'
import { parseReturnPath } from './return-path.ts'

export interface PageOptions {
  readonly publicAddress: string
  readonly clusterName: string
  readonly sessionLifetime: Duration
  /** The web interface answers at the root. */
  readonly hasApplication?: boolean
  /** The server makes a first administrator. */
  readonly hasBootstrap?: boolean
}

export interface PagePorts extends SignInPorts {
  readonly sessions: Sessions
  readonly throttle: Throttle
  signalOf(request: FastifyRequest): AbortSignal
}

interface Form {
  readonly user?: string
  readonly returnTo: string
  readonly problem?: { readonly message: string; readonly remedy: string }
  /** What is typed may be right: it is not why it was refused. */
  readonly isNotOfFields?: boolean
  readonly status?: number
  /** Nobody could sign in yet. */
  readonly isFirstRun?: boolean
}

export function signInPages(app: FastifyInstance, ports: PagePorts, options: PageOptions): void {
  const home = async (request: FastifyRequest, reply: FastifyReply) => {
    const found = await ports.sessions.find(request, ports.signalOf(request))
    return found
      ? sendSignedIn(reply, options, { user: found.user.name, until: formatInstant(found.session.expiresAt) })
      : reply.redirect('/sign-in', 303)
  }
  if (!options.hasApplication) app.get('/', home)
  const isFirstRun = createFirstRun(ports.credentials)

  app.get<{ Querystring: { return?: string; again?: string } }>('/sign-in', async (request, reply) => {
    const found = await ports.sessions.find(request, ports.signalOf(request))
    // An application may ask for a fresh sign-in.
    if (found && request.query.again === undefined)
      return options.hasApplication ? reply.redirect('/', 303) : home(request, reply)
    const returnTo = parseReturnPath(single(request.query.return), options.publicAddress)
    return sendForm(reply, options, { returnTo, isFirstRun: await isFirstRun(ports.signalOf(request)) })
  })

  app.post('/sign-in', async (request, reply) => {
    const form = formOf(request)
    const user = (form.get('user') ?? '').trim()
    const returnTo = parseReturnPath(form.get('return') ?? undefined, options.publicAddress)
    try {
      const replacing = ports.sessions.tokenOf(request)
      const lifetime = sessionLifetime(options.sessionLifetime, undefined, ports.clock.now())
      const password = form.get('password') ?? ''
      const machine = describeBrowser(request.headers['user-agent'])
      const command = { user, password, kind: 'web', lifetime, address: request.ip } as const
      const known = { ...(machine === undefined ? {} : { machine }), ...(replacing === undefined ? {} : { replacing }) }
      const { token } = await ports.throttle.attempt(request.ip, async () => {
        refuseOversized(user, password)
        return signIn(ports, { ...command, ...known }, ports.signalOf(request))
      })
      ports.sessions.setCookie(reply, token)
      return reply.redirect(returnTo, 303)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const details = describeProblem(error, request.id)
      if (details.retryAfterSeconds !== undefined) reply.header('retry-after', details.retryAfterSeconds)
      const isNotOfFields = error.problem.code !== 'wrong-credentials'
      const problem = explain(error.problem)
      return sendForm(reply, options, { user, returnTo, problem, isNotOfFields, status: details.status })
    }
  })

  app.post('/sign-out', async (request, reply) => {
    const found = await ports.sessions.find(request, ports.signalOf(request))
    if (found) await signOut(ports, found, ports.signalOf(request))
    ports.sessions.clearCookie(reply)
    return reply.redirect('/sign-in', 303)
  })
}

/** Whether nobody has a password; asked no more once somebody has. */
function createFirstRun(credentials: PagePorts['credentials']): (signal: AbortSignal) => Promise<boolean> {
  let isOver = false
  return async (signal) => {
    isOver ||= await credentials.hasPasswords(signal)
    return !isOver
  }
}

/** A repeated parameter arrives as a list. */
const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export const formOf = (request: FastifyRequest): URLSearchParams =>
  request.body instanceof URLSearchParams ? request.body : new URLSearchParams()

function refuseOversized(user: string, password: string): void {
  if (user.length > 256 || password.length > 1024 || user === '' || password === '')
    throw new DomainError({ code: 'wrong-credentials' })
}

const sendForm = (reply: FastifyReply, options: PageOptions, form: Form): FastifyReply => {
  const isWrong = form.problem !== undefined && form.isNotOfFields !== true
  return sendPage(reply, {
    title: 'Sign in',
    ...(form.status === undefined ? {} : { status: form.status }),
    body: html`${alert(form.problem)}${form.isFirstRun ? firstRun(options) : undefined}
      <form method="post" action="/sign-in">
        <input type="hidden" name="return" value="${form.returnTo}" />
        <label for="user">User name</label>
        <input
          id="user"
          name="user"
          value="${form.user ?? ''}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="256"
          required
          ${form.user || form.isFirstRun ? undefined : (marked(isWrong) ?? html`autofocus`)}
        />
        <p class="hint wrong">Enter your user name.</p>
        <p class="hint">Usually your e-mail address.</p>
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          maxlength="1024"
          required
          ${marked(isWrong && Boolean(form.user))}
        />
        <p class="hint wrong">Enter your password.</p>
        <button>Sign in</button>
      </form>
      <p class="hint">
        Cluster ${options.clusterName}.
        ${form.isFirstRun ? undefined : 'No password, or forgotten? An administrator makes you a link.'}
      </p>`,
  })
}

/** How the first administrator comes by the link; the link itself is only where the server was started. */
const firstRun = ({ hasBootstrap }: PageOptions): Html =>
  html`<section class="note" aria-labelledby="first">
    <h2 id="first">Nobody has a password here yet</h2>
    ${
      hasBootstrap
        ? html`<p>
              The server printed a one-time link for its first administrator when it was started, in its terminal or its
              log. Open that link, set the password, and come back.
            </p>
            <p>Is it lost, or older than a day? Start the server again: it prints a new one.</p>`
        : html`<p>
            Start the server with <code>--bootstrap-admin you@example.com</code>. It then makes that administrator and
            prints a one-time link for setting the password, in its terminal or its log.
          </p>`
    }
  </section>`

const sendSignedIn = (
  reply: FastifyReply,
  options: PageOptions,
  { user, until }: { readonly user: string; readonly until: string },
): FastifyReply =>
  sendPage(reply, {
    title: 'You are signed in',
    body: html`<dl>
        <dt>User</dt>
        <dd><strong>${user}</strong></dd>
        <dt>Cluster</dt>
        <dd>${options.clusterName}</dd>
        <dt>Until</dt>
        <dd><time datetime="${until}">${until.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time></dd>
      </dl>
      <p>To see your AWS accounts, request access and write your AWS profiles, use the command line:</p>
      <pre><code>tsh login --proxy ${options.publicAddress}
tsh apps ls
tsh aws-profile</code></pre>
      <form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>`,
  })
