import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LIST_FAULTS, spoilAnswer } from '../faults/spoil-answer.ts'
import { meetFaultsBefore } from '../faults/meet-faults-before.ts'
import type { AwsSide } from './answer-aws-call.ts'
import { sendBadly, type Mishap, type RawAnswer } from './raw-exchange.ts'

/** Counts, slows and spoils the SCIM calls of a scope, as `answerAwsCall` does for the others. */
export function watchScim(scope: FastifyInstance, side: AwsSide) {
  const started = new WeakMap<FastifyRequest, number>()
  const outcomes = new WeakMap<FastifyRequest, string>()

  scope.addHook('onRequest', async (request) => {
    started.set(request, performance.timeOrigin + performance.now())
    side.callLog.started()
  })

  scope.addHook('preHandler', async (request, reply) => {
    const target = targetOf(request)
    const mishap = await meetFaultsBefore(side.faults, side.world.clock, { ...target, token: cursorOf(request) })
    if (mishap !== undefined) return breakOff(request, reply, { status: 200, headers: {}, body: '' }, mishap)
    side.throttle.admit('scim', target.operation, side.world.clock.now())
    return undefined
  })

  scope.addHook('onError', async (request, _reply, error) => {
    outcomes.set(request, error.name)
  })

  scope.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' && payload !== undefined && payload !== null) return payload
    const text = typeof payload === 'string' ? payload : ''
    const now = side.world.clock.now()
    const target = targetOf(request)
    const spoiled = reply.statusCode === 200 ? spoil(request, text, now) : text
    const after = side.faults.meet(['timeout-after-effect', 'reset-mid-body'], target, now)
    if (after === undefined) return spoiled
    const mishap = after.kind === 'reset-mid-body' ? 'reset-mid-body' : 'no-answer'
    const headers = { 'content-type': 'application/json' }
    breakOff(request, reply, { status: reply.statusCode, headers, body: spoiled }, mishap)
    // Fastify would send what is returned here, whoever took over the socket.
    return new Promise<never>(() => {})
  })

  scope.addHook('onResponse', async (request, reply) => {
    finish(request, outcomes.get(request) ?? (reply.statusCode < 400 ? 'ok' : String(reply.statusCode)))
  })

  function spoil(request: FastifyRequest, text: string, now: number): string {
    const target = targetOf(request)
    const fault = target.operation.startsWith('List') ? side.faults.meet(LIST_FAULTS, target, now) : undefined
    if (fault === undefined) return text
    const answer: unknown = JSON.parse(text)
    if (typeof answer !== 'object' || answer === null || !('Resources' in answer)) return text
    const { Resources, ...rest } = answer
    const context = { token: cursorOf(request), names: { next: 'nextCursor' }, now }
    return JSON.stringify({ ...rest, ...spoilAnswer({ Resources, ...rest }, fault, context) })
  }

  function breakOff(request: FastifyRequest, reply: FastifyReply, answer: RawAnswer, mishap: Mishap) {
    finish(request, mishap)
    return sendBadly(reply, answer, mishap)
  }

  function finish(request: FastifyRequest, outcome: string) {
    const at = started.get(request)
    if (at === undefined) return
    started.delete(request)
    const durationMs = performance.timeOrigin + performance.now() - at
    const { service, operation } = targetOf(request)
    side.callLog.ended({ at, durationMs, service, operation, outcome })
  }
}

function targetOf(request: FastifyRequest) {
  const { config } = request.routeOptions
  const operation = 'operation' in config && typeof config.operation === 'string' ? config.operation : 'Unknown'
  return { service: 'scim', operation } as const
}

function cursorOf({ query }: FastifyRequest): string | undefined {
  if (typeof query !== 'object' || query === null || !('cursor' in query)) return undefined
  return typeof query.cursor === 'string' && query.cursor !== '' ? query.cursor : undefined
}
