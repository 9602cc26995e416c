import { findUserByPassword } from '../sign-in/passwords.ts'
import { endSession, startSession } from '../sign-in/sessions.ts'
import { html } from './html.ts'
import { problemPage, type PageAnswer, type PageCall, type PageRoute } from './page-call.ts'

export const signInPages: readonly PageRoute[] = [
  { method: 'GET', path: '/start/signin', open: true, run: (call) => showSignIn(call, call.query.get('return')) },
  { method: 'POST', path: '/start/signin', open: true, run: signIn },
  {
    method: 'POST',
    path: '/start/signout',
    open: true,
    run({ world, visitor }) {
      if (visitor !== undefined) endSession(world, visitor.session.id)
      return { kind: 'redirect', to: '/start', signedIn: 'out' }
    },
  },
]

function showSignIn({ world }: PageCall, back: string | null, failed?: { readonly userName: string }): PageAnswer {
  if (world.home().identitySource.kind !== 'directory') {
    const body = html`<p>People sign in at the identity source of the organization, and none is set up.</p>`
    return problemPage('An unexpected error has occurred', body, 503)
  }
  const refusal = html`<p class="bad" role="alert">Your authentication information is incorrect. Please try again.</p>`
  const body = html`<form class="sheet" method="post" action="/start/signin">
    ${failed === undefined ? undefined : refusal}
    <input type="hidden" name="return" value="${safeReturn(back)}" />
    <label
      >Username <input name="username" value="${failed?.userName}" autocomplete="username" required autofocus
    /></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required /></label>
    <button>Sign in</button>
  </form>`
  return { kind: 'page', status: failed === undefined ? 200 : 401, page: { title: 'Sign in', body, narrow: true } }
}

function signIn(call: PageCall): PageAnswer {
  const { world, now, form } = call
  const userName = form.get('username') ?? ''
  const back = form.get('return')
  const isDirectory = world.home().identitySource.kind === 'directory'
  const user = isDirectory ? findUserByPassword(world, userName, form.get('password') ?? '') : undefined
  if (user === undefined) return showSignIn(call, back, { userName })
  const expiresAt = now + world.knobs.portalSessionDuration
  return {
    kind: 'redirect',
    to: safeReturn(back),
    signedIn: startSession(world, { userId: user.id, expiresAt, tags: {} }, now),
  }
}

/** One of the pages here, whatever was asked for. */
function safeReturn(back: string | null): string {
  return back !== null && /^\/(?:start|authorize)(?=[/?]|$)/.test(back) ? back : '/start'
}
