import type { Definition } from '@gatehouse/api'
import type { Authenticated } from '@gatehouse/application'
import type { FastifyRequest } from 'fastify'

/** What every handler is told beside its input. */
export interface PublicContext {
  /** For reads: ends when the caller hangs up. For writes: only when the server must stop, so that none is half heard. */
  readonly signal: AbortSignal
  readonly requestId: string
  /** Where the caller is, as far as trusted proxies say. */
  readonly address: string
}

export interface SignedInContext extends PublicContext, Authenticated {}

export interface Contexts {
  readonly public: PublicContext
  readonly session: SignedInContext
  readonly rule: SignedInContext
}

export type ReadContext = (
  request: FastifyRequest,
  endpoint: Pick<Definition, 'auth' | 'needs'>,
) => Promise<PublicContext | SignedInContext>
