import type { Log } from '@gatehouse/application'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { devicePages } from '../pages/device-pages.ts'
import { setPasswordPages } from '../pages/set-password-page.ts'
import { samlPages, SINGLE_SIGN_ON_PATH } from '../pages/saml-pages.ts'
import { signInPages } from '../pages/sign-in-page.ts'
import type { ServerPorts } from '../ports.ts'
import type { ApplicationFiles } from '../web/application-files.ts'
import { serveApplication } from '../web/serve-application.ts'
import { changeStream } from './change-stream.ts'
import type { ReadContext } from './context.ts'
import { createApp } from './create-app.ts'
import { createHandlers } from './create-handlers.ts'
import { fixedRoutes } from './fixed-routes.ts'
import { mount } from './mount.ts'
import { requireRight } from './require-right.ts'
import { cookieName } from './session-cookie.ts'
import { createSessions } from './sessions.ts'
import { createThrottle } from './throttle.ts'

export interface ServerOptions {
  readonly config: Config
  readonly version: string
  readonly log: Log
  /** Ends whatever still runs when the server has to stop. */
  readonly stopping: AbortSignal
  /** The built web interface; without it there are plain pages only. */
  readonly application?: ApplicationFiles | undefined
}

/** Nothing that answers a person takes longer; what does has lost its reader. */
const READ_TIMEOUT_MS = 30_000
const WRITE_TIMEOUT_MS = 60_000

/** All routes over the ports given, not listening yet. */
export function createServer(ports: ServerPorts, options: ServerOptions): FastifyInstance {
  const { config, version, log, stopping, application } = options
  const { publicAddress, development, trustedProxies, clusterName, securityContact } = config
  const isHttps = publicAddress.startsWith('https:')
  const app = createApp({
    publicAddress,
    development,
    trustedProxies,
    log,
    cookie: cookieName(isHttps),
    openToOtherSites: [SINGLE_SIGN_ON_PATH],
  })
  const sessions = createSessions(ports, { isHttps, idleTimeout: config.sessions.idleTimeout })
  const throttle = createThrottle()
  const signalOf = lifetimes(app, stopping)

  const readContext: ReadContext = async (request, { auth, needs }) => {
    const signal = signalOf(request)
    const context = { signal, requestId: request.id, address: request.ip }
    if (auth === 'public') return context
    const signedIn = { ...context, ...(await sessions.require(request, signal)) }
    if (needs) await requireRight(ports, signedIn, needs)
    return signedIn
  }
  mount(app, createHandlers({ ...ports, throttle }, config), readContext)

  changeStream(app, { ...ports, sessions, signalOf })
  const pagePorts = { ...ports, sessions, throttle, signalOf }
  const hasApplication = application !== undefined
  signInPages(app, pagePorts, {
    publicAddress,
    clusterName,
    sessionLifetime: config.sessions.lifetime,
    hasApplication,
    hasBootstrap: config.bootstrapAdmin !== undefined,
  })
  if (application) serveApplication(app, pagePorts, application)
  devicePages(app, { ...pagePorts, guesses: createThrottle() }, { clusterName, hasApplication })
  setPasswordPages(app, pagePorts)
  if (config.samlIdp) samlPages(app, pagePorts, { publicAddress })
  fixedRoutes(app, ports, { publicAddress, version, securityContact, hasApplication })
  return app
}

/** A read ends when its caller hangs up; a write goes on, so that nobody has to guess whether it was done. */
function lifetimes(app: FastifyInstance, stopping: AbortSignal): (request: FastifyRequest) => AbortSignal {
  const gone = new WeakMap<FastifyRequest, AbortSignal>()
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return
    const hungUp = new AbortController()
    gone.set(request, hungUp.signal)
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) hungUp.abort(new DOMException('the caller hung up', 'AbortError'))
    })
  })
  return (request) => {
    const read = gone.get(request)
    return read
      ? AbortSignal.any([stopping, read, AbortSignal.timeout(READ_TIMEOUT_MS)])
      : AbortSignal.any([stopping, AbortSignal.timeout(WRITE_TIMEOUT_MS)])
  }
}
