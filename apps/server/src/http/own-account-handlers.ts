import type { OwnSessionView, Session } from '@gatehouse/api'
import {
  changePassword,
  endOtherSessions,
  endOwnSession,
  listOwnSessions,
  type OwnSession,
} from '@gatehouse/application'
import { DomainError, formatInstant } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { activeRequestsOf } from './active-requests.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceOf } from './paging.ts'

type Names = 'listSessions' | 'endSession' | 'endOtherSessions' | 'changePassword'

/** What people do with their own sign-ins. */
export function ownAccountHandlers(ports: HandlerPorts, config: Config): Pick<ServerHandlers, Names> {
  const { idleTimeout } = config.sessions
  return {
    async listSessions({ query, user, session, signal }) {
      const own = await listOwnSessions(ports, { user, session, idleTimeout }, signal)
      const active = activeRequestsOf(user, (await ports.records.read(signal)).requests, ports.clock.now())
      return sliceOf(own, query, (one) => presentOwnSession(one, active))
    },
    endSession: ({ params, user, session, signal }) => endOwnSession(ports, { user, session }, params.id, signal),
    endOtherSessions: async ({ user, session, signal }) => ({
      ended: await endOtherSessions(ports, { user, session }, signal),
    }),
    async changePassword({ body, user, session, address, signal }) {
      try {
        await ports.throttle.attempt(address, () => changePassword(ports, { ...body, user, session, address }, signal))
      } catch (error) {
        throw inBody(error)
      }
    },
  }
}

function presentOwnSession(
  { id, isThis, idleUntil, session }: OwnSession,
  active: Session['activeRequests'],
): OwnSessionView {
  const { kind, createdAt, lastSeenAt, expiresAt, address, machine, assumed } = session
  return {
    id,
    kind,
    isThis,
    createdAt: formatInstant(createdAt),
    lastSeenAt: formatInstant(lastSeenAt),
    validUntil: formatInstant(expiresAt),
    idleUntil: formatInstant(idleUntil),
    ...(address === undefined ? {} : { address }),
    ...(machine === undefined ? {} : { machine }),
    assumed: active.filter((request) => assumed.includes(request.id)),
  }
}

/** Which of the two passwords is meant, in the caller's own words. */
function inBody(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.problem.code !== 'invalid-value') return error
  const { problem } = error
  return new DomainError({ ...problem, field: `body.${problem.field ?? 'password'}` }, { cause: error })
}
