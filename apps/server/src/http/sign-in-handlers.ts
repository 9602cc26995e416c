import type { Session } from '@gatehouse/api'
import { type Authenticated, readView, sessionLifetime, signIn, signOut } from '@gatehouse/application'
import {
  type AccessRequest,
  DomainError,
  EDITOR,
  formatInstant,
  type Instant,
  isInForce,
  requestOnSignIn,
  rightsOf,
  stateAt,
} from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { activeRequestsOf } from './active-requests.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { rolesOf } from './roles-of.ts'

type Names = 'signIn' | 'signOut' | 'getMe' | 'changeAssumed'

export function signInHandlers(ports: HandlerPorts, config: Config): Pick<ServerHandlers, Names> {
  const present = (who: Authenticated, signal: AbortSignal) => presentSession(ports, config, who, signal)
  return {
    async signIn({ body: { user, password, ttl }, address, signal }) {
      const lifetime = sessionLifetime(config.sessions.lifetime, ttl, ports.clock.now())
      const signedIn = await ports.throttle.attempt(address, () =>
        signIn(ports, { user, password, kind: 'cli', lifetime, address }, signal),
      )
      return { token: signedIn.token, session: await present(signedIn, signal) }
    },
    signOut: ({ session, user, signal }) => signOut(ports, { session, user }, signal),
    getMe: ({ signal, ...who }) => present(who, signal),
    async changeAssumed({ body: { assume, drop }, session, user, signal }) {
      const records = await ports.records.read(signal)
      const now = ports.clock.now()
      for (const id of assume) {
        const request = records.requests.find((known) => known.id === id && known.user === user.id)
        if (!request)
          throw new DomainError({ code: 'not-found', kind: 'access request', name: id, field: 'body.assume' })
        if (!isInForce(request, now))
          throw new DomainError({
            code: 'refused',
            message: `The access request ${id} is not in force: it is ${stateOf(request, now)}.`,
            remedy: 'Only approved requests can be assumed, from their start until their end.',
          })
      }
      const assumed = [...new Set([...session.assumed, ...assume])].filter((id) => !drop.some((gone) => gone === id))
      await ports.credentials.setAssumed(session.tokenHash, assumed, signal)
      return present({ user, session: { ...session, assumed } }, signal)
    },
  }
}

const stateOf = (request: AccessRequest, now: Instant): string =>
  request.state === 'approved' ? (now < request.startsAt ? 'approved for later' : 'over') : stateAt(request, now)

/** What a person is told of the session that asks. */
export async function presentSession(
  ports: HandlerPorts,
  config: Config,
  who: Authenticated,
  signal: AbortSignal,
): Promise<Session> {
  const reading = await readView(ports, signal)
  const { records, view, now } = reading
  const roles = rolesOf(who, reading)
  const { names, allowing } = roles
  const wanted = requestOnSignIn(who.user, roles, view, now)
  const active = activeRequestsOf(who.user, records.requests, now)
  return {
    user: { id: who.user.id, name: who.user.name },
    roles: [...names].toSorted((a, b) => a.localeCompare(b)),
    isEditor: allowing.some(({ name }) => name === EDITOR),
    rights: rightsOf(roles),
    cluster: config.clusterName,
    publicAddress: config.publicAddress,
    startedAt: formatInstant(who.session.createdAt),
    validUntil: formatInstant(who.session.expiresAt),
    assumed: active.filter(({ id }) => who.session.assumed.includes(id)),
    activeRequests: active,
    ...(wanted ? { requestOnSignIn: { ...wanted, prompts: [...wanted.prompts] } } : {}),
  }
}
