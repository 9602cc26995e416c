import { readAuthorization, type AuthorizationRequest } from '../sso-oidc/authorization-request.ts'
import { newSecret } from '../sso-oidc/new-secret.ts'
import { html } from './html.ts'
import { problemPage, type PageAnswer, type PageRoute } from './page-call.ts'

export const authorizePages: readonly PageRoute[] = [
  // What nobody could consent to is said before anybody signs in.
  {
    method: 'GET',
    path: '/authorize',
    open: true,
    run({ world, now, query, visitor, url }) {
      const read = readAuthorization(world, query, now)
      if (read.kind !== 'request') return refuse(read)
      if (visitor !== undefined) return askConsent(read)
      return { kind: 'redirect', to: `/start/signin?return=${encodeURIComponent(url)}` }
    },
  },
  {
    method: 'POST',
    path: '/authorize',
    run({ world, now, form, visitor }) {
      const read = readAuthorization(world, new URLSearchParams(form.get('request') ?? ''), now)
      if (read.kind !== 'request') return refuse(read)
      const { client, redirectUri, challenge } = read
      if (form.get('answer') !== 'allow') return answerClient(read, { error: 'access_denied' })
      const code = newSecret(64)
      const expiresAt = now + world.knobs.authorizationCodeLifetime
      const { id: sessionId } = visitor.session
      world.authorizationCodes.set(code, { code, clientId: client.id, redirectUri, challenge, sessionId, expiresAt })
      return answerClient(read, { code })
    },
  },
]

function refuse(read: Exclude<AuthorizationRequest, { kind: 'request' }>): PageAnswer {
  if (read.kind === 'error') return answerClient(read, { error: read.error })
  const body = html`<p>${read.because}</p>
    <p class="quiet">When this happens to the AWS CLI, look at <code>sso_region</code> in its config file.</p>`
  return problemPage('Invalid Callback', body)
}

function askConsent(read: Extract<AuthorizationRequest, { kind: 'request' }>): PageAnswer {
  const { client, parameters } = read
  const wants = client.scopes.map(
    (scope) =>
      html`<li>${scope === 'sso:account:access' ? 'Get credentials of your roles in all your accounts' : scope}</li>`,
  )
  const body = html`<form class="sheet" method="post" action="/authorize">
    <p><b>${client.name}</b> on this computer wants to act for you:</p>
    <ul>
      ${wants}
    </ul>
    <input type="hidden" name="request" value="${parameters.toString()}" />
    <p class="acts">
      <button name="answer" value="allow">Allow access</button>
      <button class="second" name="answer" value="deny">Deny access</button>
    </p>
  </form>`
  return { kind: 'page', page: { title: `Allow ${client.name} to access your data?`, body, narrow: true } }
}

function answerClient(
  { redirectUri, state }: { readonly redirectUri: string; readonly state: string | undefined },
  answer: Readonly<Record<string, string>>,
): PageAnswer {
  const to = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) to.searchParams.set(name, value)
  if (state !== undefined) to.searchParams.set('state', state)
  return { kind: 'redirect', to: to.href }
}
