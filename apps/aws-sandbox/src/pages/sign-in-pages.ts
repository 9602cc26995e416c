import { requestSignIn } from '../saml/authn-request.ts'
import { findUserByPassword } from '../sign-in/passwords.ts'
import { endSession, startSession } from '../sign-in/sessions.ts'
import { html } from './html.ts'
import { problemPage, type PageAnswer, type PageCall, type PageRoute } from './page-call.ts'
import { toLocalPath } from './portal-path.ts'

export const signInPages: readonly PageRoute[] = [
  { method: 'GET', path: '/start/signin', open: true, run: showSignIn },
  { method: 'POST', path: '/start/signin', open: true, run: signInByPassword },
  {
    method: 'POST',
    path: '/start/signout',
    open: true,
    run({ world, visitor }) {
      if (visitor !== undefined) endSession(world, visitor.session.id)
      const body = html`<p>You are signed out here. You may still be signed in at your identity provider.</p>
        <p><a href="/start">Sign in again</a></p>`
      return { kind: 'page', page: { title: 'Signed out', body, narrow: true }, signedIn: 'out' }
    },
  },
]

/** Everybody is sent to the identity source, with the page they wanted to come back to. */
function showSignIn(call: PageCall): PageAnswer {
  const returnTo = toLocalPath(call.query.get('return'))
  switch (call.world.home().identitySource.kind) {
    case 'directory':
      return askPassword(returnTo)
    case 'external':
      return goToIdentityProvider(call, returnTo)
    case 'active-directory':
      return refuse('People sign in with Active Directory, and the sandbox has none.')
  }
}

function goToIdentityProvider({ world, now }: PageCall, returnTo: string): PageAnswer {
  const { provider } = world.home().identitySource
  if (provider === undefined) {
    return refuse('People sign in at an external identity provider, and its metadata is not known here yet.')
  }
  const journey = requestSignIn(world, provider, returnTo, now)
  if (journey.binding === 'redirect') return { kind: 'redirect', to: journey.url }
  const fields = Object.entries(journey.fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  const body = html`<form class="sheet" id="onward" method="post" action="${journey.url}">
    ${fields}
    <p>You sign in at ${provider.entityId}.</p>
    <button>Continue</button>
  </form>`
  return { kind: 'page', page: { title: 'Sign in', body, narrow: true } }
}

function refuse(because: string): PageAnswer {
  return problemPage('An unexpected error has occurred', html`<p>${because}</p>`, 503)
}

function askPassword(returnTo: string, failed?: { readonly userName: string }): PageAnswer {
  const refusal = html`<p class="bad" role="alert">Your authentication information is incorrect. Please try again.</p>`
  const body = html`<form class="sheet" method="post" action="/start/signin">
    ${failed === undefined ? undefined : refusal}
    <input type="hidden" name="return" value="${returnTo}" />
    <label
      >Username <input name="username" value="${failed?.userName}" autocomplete="username" required autofocus
    /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
    <button>Sign in</button>
  </form>`
  return { kind: 'page', status: failed === undefined ? 200 : 401, page: { title: 'Sign in', body, narrow: true } }
}

function signInByPassword({ world, now, form }: PageCall): PageAnswer {
  const userName = form.get('username') ?? ''
  const returnTo = toLocalPath(form.get('return'))
  const isDirectory = world.home().identitySource.kind === 'directory'
  const user = isDirectory ? findUserByPassword(world, userName, form.get('password') ?? '') : undefined
  if (user === undefined) return askPassword(returnTo, { userName })
  const expiresAt = now + world.knobs.portalSessionDuration
  return {
    kind: 'redirect',
    to: returnTo,
    signedIn: startSession(world, { userId: user.id, expiresAt, tags: {} }, now),
  }
}
