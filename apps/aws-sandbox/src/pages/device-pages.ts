import type { DeviceAuthorization } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { html } from './html.ts'
import { problemPage, type PageAnswer, type PageCall, type PageRoute } from './page-call.ts'

export const devicePages: readonly PageRoute[] = [
  { method: 'GET', path: '/start/device', run: showDevice },
  {
    method: 'POST',
    path: '/start/device',
    run(call) {
      const code = toUserCode(call.form.get('user_code'))
      const authorization = findPending(call.world, code, call.now)
      if (authorization === undefined) return refuseCode(code)
      const isAllowed = call.form.get('answer') === 'allow'
      call.world.deviceAuthorizations.set(authorization.deviceCode, {
        ...authorization,
        state: isAllowed ? 'approved' : 'denied',
        sessionId: call.visitor.session.id,
      })
      return isAllowed
        ? ended('Request approved', 'may now act')
        : ended('Request denied', 'was refused and may not act')
    },
  },
]

function showDevice({ world, now, query }: PageCall): PageAnswer {
  const code = toUserCode(query.get('user_code'))
  if (code === '') return askForCode()
  const authorization = findPending(world, code, now)
  if (authorization === undefined) return refuseCode(code)
  const client = world.oidcClients.get(authorization.clientId)?.name
  const body = html`<form class="sheet" method="post" action="/start/device">
    <p><b>${client}</b> wants to sign in as you. Continue only if it shows this code and you started it.</p>
    <output class="code">${code}</output>
    <input type="hidden" name="user_code" value="${code}" />
    <p class="acts">
      <button name="answer" value="allow">Confirm and continue</button>
      <button class="second" name="answer" value="deny">Deny</button>
    </p>
  </form>`
  return { kind: 'page', page: { title: 'Authorization requested', body, narrow: true } }
}

function askForCode(): PageAnswer {
  const body = html`<form class="sheet" method="get" action="/start/device">
    <label>Code shown by your device <input name="user_code" autocomplete="off" required autofocus /></label>
    <button>Next</button>
  </form>`
  return { kind: 'page', page: { title: 'Authorize request', body, narrow: true } }
}

function refuseCode(code: string): PageAnswer {
  const body = html`<p>The code <b>${code}</b> is unknown, already used or expired. Start again on your device.</p>`
  return problemPage('Invalid code', body)
}

function ended(title: string, what: string): PageAnswer {
  const body = html`<p>The client ${what} for you. You can close this window.</p>`
  return { kind: 'page', page: { title, body, narrow: true } }
}

function findPending(world: World, code: string, now: number): DeviceAuthorization | undefined {
  const [authorization] = world.deviceAuthorizations.by('userCode', code)
  return authorization?.state === 'pending' && authorization.expiresAt > now ? authorization : undefined
}

/** People type codes in lower case and without the dash. */
function toUserCode(typed: string | null): string {
  const letters = (typed ?? '').toUpperCase().replaceAll(/[^A-Z]/g, '')
  return letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters
}
