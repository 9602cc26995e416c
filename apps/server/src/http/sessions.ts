import { UNATTENDED_HEADER } from '@gatehouse/api'
import { authenticate, type Authenticated, type SignInPorts, type StoredSession } from '@gatehouse/application'
import { DomainError, type Duration } from '@gatehouse/domain'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieName, formatCookie, readCookie } from './session-cookie.ts'

export interface SessionOptions {
  readonly isHttps: boolean
  readonly idleTimeout: Duration
}

export interface Sessions {
  /** @throws DomainError `not-signed-in` */
  require(request: FastifyRequest, signal: AbortSignal): Promise<Authenticated>
  find(request: FastifyRequest, signal: AbortSignal): Promise<Authenticated | undefined>
  /** Whether the request's session goes on; asking is no use of it. */
  goesOn(request: FastifyRequest, signal: AbortSignal): Promise<boolean>
  tokenOf(request: FastifyRequest): string | undefined
  setCookie(reply: FastifyReply, token: string): void
  clearCookie(reply: FastifyReply): void
}

export function createSessions(
  ports: Pick<SignInPorts, 'records' | 'credentials' | 'clock'>,
  { isHttps, idleTimeout }: SessionOptions,
): Sessions {
  const name = cookieName(isHttps)
  const find = async (request: FastifyRequest, signal: AbortSignal, isUse = true) => {
    const given = presented(request, name)
    if (!given) return undefined
    const isAttended = isUse && request.headers[UNATTENDED_HEADER] === undefined
    const found = await authenticate(ports, { token: given.token, idleTimeout, isUse: isAttended }, signal)
    // A browser's token is no use on a command line, nor the other way round.
    return found?.session.kind === given.kind ? found : undefined
  }
  return {
    find: (request, signal) => find(request, signal),
    goesOn: async (request, signal) => (await find(request, signal, false)) !== undefined,
    async require(request, signal) {
      const found = await find(request, signal)
      if (!found) throw new DomainError({ code: 'not-signed-in' })
      return found
    },
    tokenOf: (request) => presented(request, name)?.token,
    setCookie: (reply, token) => void reply.header('set-cookie', formatCookie(name, token, isHttps)),
    clearCookie: (reply) => void reply.header('set-cookie', formatCookie(name, '', isHttps)),
  }
}

function presented(
  request: FastifyRequest,
  cookie: string,
): { readonly token: string; readonly kind: StoredSession['kind'] } | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(authorization)?.[1]
    return token === undefined ? undefined : { token, kind: 'cli' }
  }
  const token = readCookie(request, cookie)
  return token === undefined ? undefined : { token, kind: 'web' }
}
