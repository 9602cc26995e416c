import { contract, type Endpoint, type GatehouseContract, type Handlers } from '@gatehouse/api'
import { DomainError } from '@gatehouse/domain'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Contexts, ReadContext } from './context.ts'
import { nameField } from './name-field.ts'
import { parseInput } from './parse-input.ts'

export type ServerHandlers = Handlers<GatehouseContract, Contexts>

type AnyHandler = (input: Readonly<Record<string, unknown>>) => Promise<unknown>
const NOTHING = z.strictObject({})

/** Registers every endpoint of the contract: parse, call the handler, check the answer. */
export function mount(app: FastifyInstance, handlers: ServerHandlers, readContext: ReadContext): void {
  for (const [name, endpoint] of Object.entries(contract) as [keyof GatehouseContract, Endpoint][]) {
    // One handler's own input type is lost in the loop; `parseInput` with that endpoint's schemas restores it.
    const handler = handlers[name] as unknown as AnyHandler
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      ...(endpoint.bodyLimit === undefined ? {} : { bodyLimit: endpoint.bodyLimit }),
      config: { endpoint },
      handler: async (request, reply) => {
        const context = await readContext(request, endpoint)
        const input = readInput(endpoint, request)
        try {
          return answer(endpoint, await handler({ ...input, ...context }), reply)
        } catch (error) {
          throw nameField(error, endpoint.body ? request.body : undefined)
        }
      },
    })
  }
}

function readInput(endpoint: Endpoint, request: FastifyRequest): Record<string, unknown> {
  const { params, query, body } = endpoint
  if (!body && !isEmpty(request.body))
    throw new DomainError({ code: 'invalid-value', field: 'body', text: '…', expected: 'nothing: this takes no body' })
  return {
    ...(params ? { params: parseInput(params, request.params, 'params') } : {}),
    query: parseInput(query ?? NOTHING, request.query, 'query'),
    ...(body ? { body: parseInput(body, request.body, 'body') } : {}),
  }
}

const isEmpty = (body: unknown): boolean =>
  body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0)

/** Only what the contract names leaves the server. */
function answer(endpoint: Endpoint, result: unknown, reply: FastifyReply): FastifyReply {
  reply.code(endpoint.status)
  if (!endpoint.response) return reply.send()
  const checked = endpoint.response.safeParse(result)
  if (!checked.success)
    throw new Error(`the answer of ${endpoint.method} ${endpoint.path} does not fit the contract`, {
      cause: checked.error,
    })
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(checked.data))
}
