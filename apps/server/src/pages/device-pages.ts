import { type Authenticated, decideDeviceCode, type DeviceCodes, openDeviceCode } from '@gatehouse/application'
import { DomainError, explain, formatInstant, type Instant, type User } from '@gatehouse/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { describeProblem } from '../http/describe-problem.ts'
import type { Throttle } from '../http/throttle.ts'
import { html, type Html } from './html.ts'
import { alert, sendPage } from './layout.ts'
import { formOf, type PageOptions, type PagePorts } from './sign-in-page.ts'

export const DEVICE_PATH = '/device'

export interface DevicePagePorts extends PagePorts {
  readonly deviceCodes: DeviceCodes
  /** Counts wrong codes by person, beside those by address. */
  readonly guesses: Throttle
}

type Options = Pick<PageOptions, 'hasApplication' | 'clusterName'>

/**
 * Where somebody lets a command line sign in as himself. He types the code, compares what asks, and decides; no address
 * holds a code, because a link that did would take the typing, and the looking, away (RFC 8628, 5.4).
 */
export function devicePages(app: FastifyInstance, ports: DevicePagePorts, options: Options): void {
  app.get(DEVICE_PATH, async (request, reply) => {
    const found = await ports.sessions.find(request, ports.signalOf(request))
    return found ? sendCodeForm(reply, { user: found.user }) : toSignIn(reply)
  })

  app.post(DEVICE_PATH, async (request, reply) =>
    deciding(request, reply, ports, async (asked) => {
      const {
        userCode,
        machine,
        address: from,
        createdAt,
      } = await openDeviceCode(ports, asked, ports.signalOf(request))
      return sendQuestion(reply, { ...asked, userCode, machine, from, createdAt }, options)
    }),
  )

  app.post(`${DEVICE_PATH}/decision`, async (request, reply) =>
    deciding(request, reply, ports, async (asked) => {
      const verdict = formOf(request).get('verdict') === 'confirm' ? 'confirm' : 'refuse'
      await decideDeviceCode(ports, { ...asked, verdict }, ports.signalOf(request))
      return verdict === 'confirm' ? sendConfirmed(reply, asked.user, options) : sendRefused(reply)
    }),
  )
}

interface Asked extends Authenticated {
  readonly typed: string
  readonly address: string
}

/** Only for whoever is signed in; a code that is wrong counts against him and his address, and he may type it again. */
async function deciding(
  request: FastifyRequest,
  reply: FastifyReply,
  ports: DevicePagePorts,
  work: (asked: Asked) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const found = await ports.sessions.find(request, ports.signalOf(request))
  if (!found) return toSignIn(reply)
  const { user } = found
  const asked = { ...found, typed: (formOf(request).get('code') ?? '').slice(0, 64), address: request.ip }
  try {
    return await ports.throttle.attempt(request.ip, () => ports.guesses.attempt(user.id, () => work(asked)))
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { status, retryAfterSeconds } = describeProblem(error, request.id)
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
    return sendCodeForm(reply, { user, typed: asked.typed, problem: explain(error.problem), status })
  }
}

const toSignIn = (reply: FastifyReply): FastifyReply =>
  reply.redirect(`/sign-in?return=${encodeURIComponent(DEVICE_PATH)}`, 303)

const sendCodeForm = (
  reply: FastifyReply,
  form: {
    readonly user: User
    readonly typed?: string
    readonly problem?: { readonly message: string; readonly remedy: string }
    readonly status?: number
  },
): FastifyReply =>
  sendPage(reply, {
    title: 'Sign in a command line',
    ...(form.status === undefined ? {} : { status: form.status }),
    body: html`${alert(form.problem)}
      <p>You are signed in as <strong>${form.user.name}</strong>.</p>
      <form method="post" action="${DEVICE_PATH}">
        <label for="code">Code in the terminal</label>
        <input
          id="code"
          name="code"
          class="user-code"
          value="${form.typed ?? ''}"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          maxlength="64"
          aria-describedby="rule"
          autofocus
          required
        />
        <p class="hint" id="rule">Eight letters, as “tsh login --browser” prints them on your own machine.</p>
        <button>Continue</button>
      </form>
      ${warning()}`,
  })

/** What a person can be talked into with such a page. */
const warning = (): Html =>
  html`<p class="hint">
    Did somebody send you a code, or ask you for one? Then close this page: whoever it comes from would be signed in as
    you.
  </p>`

interface Question extends Asked {
  readonly userCode: string
  readonly machine: string
  /** Where the command line is. */
  readonly from: string
  readonly createdAt: Instant
}

const sendQuestion = (reply: FastifyReply, question: Question, { clusterName }: Options): FastifyReply =>
  sendPage(reply, {
    title: 'Is this your terminal?',
    body: html`<p class="user-code" id="shown">${question.userCode}</p>
      <dl>
        <dt>Machine</dt>
        <dd>
          ${question.machine === '' ? 'did not say' : html`<bdi>${question.machine}</bdi> <span class="hint">as it says</span>`}
        </dd>
        <dt>Address</dt>
        <dd>${question.from} ${question.from === question.address ? undefined : differs(question.address)}</dd>
        <dt>Asked</dt>
        <dd>${timeOf(formatInstant(question.createdAt))}</dd>
        <dt>Signs in as</dt>
        <dd><strong>${question.user.name}</strong> at ${clusterName}</dd>
      </dl>
      <p>
        Go on only if your own terminal shows this code now. Until it signs out, that command line can do whatever you
        can: ask for access, and decide.
      </p>
      <form method="post" action="${DEVICE_PATH}/decision">
        <input type="hidden" name="code" value="${question.userCode}" />
        <button name="verdict" value="confirm" aria-describedby="shown">Sign in this command line</button>
        <button name="verdict" value="refuse" class="quiet">Refuse</button>
      </form>
      ${warning()}`,
  })

const differs = (own: string): Html => html`<strong>not the address of this browser, which is ${own}</strong>`

const timeOf = (time: string): Html =>
  html`<time datetime="${time}">${time.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`

const sendConfirmed = (reply: FastifyReply, user: User, { hasApplication }: Options): FastifyReply =>
  sendPage(reply, {
    title: 'The command line is signed in',
    body: html`<p>It goes on by itself as <strong>${user.name}</strong> within seconds. You can close this page.</p>
      ${hasApplication ? html`<p><a href="/account">See where you are signed in</a></p>` : undefined}`,
  })

const sendRefused = (reply: FastifyReply): FastifyReply =>
  sendPage(reply, {
    title: 'Refused',
    body: html`<p>That command line is not signed in, and its code works no more.</p>
      <p>If somebody gave you the code, tell whoever looks after Gatehouse.</p>`,
  })
