import { openPasswordLink, setPassword } from '@gatehouse/application'
import { DomainError, explain } from '@gatehouse/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { describeProblem } from '../http/describe-problem.ts'
import { html } from './html.ts'
import { alert, marked, sendPage } from './layout.ts'
import { formOf, type PagePorts } from './sign-in-page.ts'

/** The page behind a one-time link. Opening it uses nothing up, so that a mail scanner's look does no harm. */
export function setPasswordPages(app: FastifyInstance, ports: PagePorts): void {
  app.get<{ Params: { token: string } }>('/set-password/:token', async (request, reply) =>
    explaining(request, reply, ports, async () => {
      const user = await openPasswordLink(ports, request.params.token, ports.signalOf(request))
      return sendForm(reply, { user: user.name })
    }),
  )

  app.post<{ Params: { token: string } }>('/set-password/:token', async (request, reply) =>
    explaining(request, reply, ports, async () => {
      const { token } = request.params
      const user = await openPasswordLink(ports, token, ports.signalOf(request))
      const form = formOf(request)
      const password = form.get('password') ?? ''
      if (password !== form.get('repeated')) {
        const problem = { message: 'The two passwords differ.', remedy: 'Enter the same password twice.' }
        return sendForm(reply, { user: user.name, problem, wrong: 'repeated', status: 400 })
      }
      const isFirst = !(await ports.credentials.hasPasswords(ports.signalOf(request)))
      try {
        await setPassword(ports, { token, password }, ports.signalOf(request))
      } catch (error) {
        if (!(error instanceof DomainError) || error.problem.code !== 'invalid-value') throw error
        const problem = { message: 'This password can’t be used.', remedy: `Enter ${error.problem.expected}.` }
        return sendForm(reply, { user: user.name, problem, wrong: 'password', status: 400 })
      }
      ports.sessions.clearCookie(reply)
      return sendDone(reply, { user: user.name, isFirst })
    }),
  )
}

/** A link that is used up or wrong gets a page, and counts as a failed attempt of that address. */
async function explaining(
  request: FastifyRequest,
  reply: FastifyReply,
  { throttle }: PagePorts,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await throttle.attempt(request.ip, work)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { status } = describeProblem(error, request.id)
    return sendPage(reply, { title: 'Set your password', body: html`${alert(explain(error.problem))}`, status })
  }
}

const sendForm = (
  reply: FastifyReply,
  form: {
    readonly user: string
    readonly problem?: { readonly message: string; readonly remedy: string }
    /** The field that the problem is about. */
    readonly wrong?: 'password' | 'repeated'
    readonly status?: number
  },
): FastifyReply =>
  sendPage(reply, {
    title: 'Set your password',
    ...(form.status === undefined ? {} : { status: form.status }),
    body: html`${alert(form.problem)}
      <p>For <strong>${form.user}</strong>. You are signed out everywhere else once it is set.</p>
      <form method="post">
        <input type="hidden" name="user" value="${form.user}" autocomplete="username" />
        <label for="password">New password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="12"
          maxlength="1024"
          aria-describedby="rule"
          required
          ${marked(form.wrong === 'password')}
        />
        <p class="hint wrong">It needs 12 characters or more.</p>
        <p class="hint" id="rule">At least 12 characters. A few unrelated words are easy to remember.</p>
        <label for="repeated">The same again</label>
        <input
          id="repeated"
          name="repeated"
          type="password"
          autocomplete="new-password"
          minlength="12"
          maxlength="1024"
          required
          ${marked(form.wrong === 'repeated')}
        />
        <p class="hint wrong">Enter the same password again.</p>
        <button>Set password</button>
      </form>`,
  })

const sendDone = (
  reply: FastifyReply,
  { user, isFirst }: { readonly user: string; readonly isFirst: boolean },
): FastifyReply =>
  sendPage(reply, {
    title: 'Your password is set',
    body: html`<p>Sign in as <strong>${user}</strong> with the new password. The link works no more.</p>
      ${isFirst ? html`<p>The first page then shows what is left to set up.</p>` : undefined}
      <form action="/sign-in"><button>Go to sign in</button></form>`,
  })
