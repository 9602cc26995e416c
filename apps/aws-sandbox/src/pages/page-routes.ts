import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { AwsSide } from '../http/answer-aws-call.ts'
import { findLiveSession } from '../sign-in/sessions.ts'
import type { PortalSession } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { authorizePages } from './authorize-pages.ts'
import { devicePages } from './device-pages.ts'
import { html } from './html.ts'
import { PAGE_HEADERS, renderPage } from './layout.ts'
import { problemPage, type PageAnswer, type PageCall, type PageRoute, type Visitor } from './page-call.ts'
import { portalPages } from './portal-pages.ts'
import { samlPages } from './saml-pages.ts'
import { signInPages } from './sign-in-pages.ts'

const COOKIE = 'x-amz-sso_authn'

/** The pages that people see: sign-in, confirmation of devices and consent. They work without scripts. */
export function pageRoutes({ world, signInLog }: AwsSide): FastifyPluginAsync {
  const routes: readonly PageRoute[] = [...portalPages, ...signInPages, ...samlPages, ...devicePages, ...authorizePages]
  return async (scope) => {
    for (const route of routes) {
      scope.route({
        method: route.method,
        url: route.path,
        async handler(request, reply) {
          const visitor = findVisitor(world, request)
          const isRefused = route.fromElsewhere !== true && isForeign(request)
          const answer = isRefused
            ? refuseForeign()
            : answerPage(route, { ...toCall(world, request), visitor, signInLog })
          // Nothing is acknowledged, not even by showing it, before it would survive a crash.
          await world.commit()
          return send(world, reply, { answer, visitor })
        },
      })
    }
  }
}

function answerPage(route: PageRoute, call: PageCall): PageAnswer {
  if (route.open === true) return route.run(call)
  const { visitor, url } = call
  if (visitor !== undefined) return route.run({ ...call, visitor })
  if (isPortalInBrowser(call)) return findPlace()
  // What a form held is lost: the page it was on is asked for again.
  const back = route.method === 'GET' ? url : route.path
  return { kind: 'redirect', to: `/start/signin?return=${encodeURIComponent(back)}` }
}

/** Only a browser that runs scripts knows what stands behind the #, so it gets a page that tells before it is sent to sign in. */
function isPortalInBrowser({ url, isNavigation }: PageCall): boolean {
  return isNavigation && url === '/start'
}

function findPlace(): PageAnswer {
  const body = html`<form class="sheet" id="onward" method="get" action="/start/signin">
    <input type="hidden" name="return" value="/start" />
    <button>Sign in</button>
  </form>`
  return { kind: 'page', page: { title: 'AWS access portal', body, narrow: true } }
}

function toCall(world: World, request: FastifyRequest): Omit<PageCall, 'visitor' | 'signInLog'> {
  const url = request.raw.url ?? request.url
  const form = Buffer.isBuffer(request.body) ? request.body.toString() : ''
  const { searchParams: query } = new URL(url, 'http://sandbox')
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate'
  return { world, now: world.clock.now(), url, query, form: new URLSearchParams(form), isNavigation }
}

function findVisitor(world: World, request: FastifyRequest): Visitor | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim().split('='))
  const secret = cookies.find(([name]) => name === COOKIE)?.[1] ?? ''
  const [known] = world.portalSessions.by('secret', secret)
  const session = known === undefined ? undefined : findLiveSession(world, known.id, world.clock.now())
  const user = session === undefined ? undefined : world.users.get(session.userId)
  return session === undefined || user === undefined ? undefined : { session, user }
}

/** Forms are taken from these pages only; callers that are no browsers say nothing of where they come from. */
function isForeign({ method, headers }: FastifyRequest): boolean {
  if (method !== 'POST' || headers.origin === undefined) return false
  return headers.origin !== `http://${headers.host}` && headers.origin !== `https://${headers.host}`
}

function refuseForeign(): PageAnswer {
  const body = html`<p>The form was sent from another site. Go back to the <a href="/start">access portal</a>.</p>`
  return problemPage('That did not come from here', body, 403)
}

function formatCookie(world: World, session: PortalSession | 'out'): string {
  const [value, age] = session === 'out' ? ['', '; Max-Age=0'] : [session.secret, '']
  const secure = world.publicUrl().startsWith('https:') ? '; Secure' : ''
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`
}

function send(
  world: World,
  reply: FastifyReply,
  { answer, visitor }: { readonly answer: PageAnswer; readonly visitor: Visitor | undefined },
): FastifyReply {
  switch (answer.kind) {
    case 'page': {
      if (answer.signedIn === 'out') reply.header('set-cookie', formatCookie(world, 'out'))
      const userName = answer.signedIn === 'out' ? undefined : visitor?.user.userName
      return reply
        .code(answer.status ?? 200)
        .headers(PAGE_HEADERS)
        .send(renderPage(answer.page, userName))
    }
    case 'redirect': {
      const { signedIn } = answer
      if (signedIn !== undefined) reply.header('set-cookie', formatCookie(world, signedIn))
      return reply.header('cache-control', 'no-store').redirect(answer.to, 303)
    }
    case 'file':
      return reply.header('content-type', answer.type).send(answer.body)
  }
}
