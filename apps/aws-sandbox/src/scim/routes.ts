import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Faults } from '../faults/faults.ts'
import { AwsError } from '../http/aws-error.ts'
import type { World } from '../world/world.ts'
import { authenticateScim } from './authenticate-scim.ts'
import { discoveryOperations } from './discovery-operations.ts'
import { groupOperations } from './group-operations.ts'
import { encodeScimError, invalidRequest, notFound } from './scim-error.ts'
import type { ScimCall } from './scim-operation.ts'
import { userOperations } from './user-operations.ts'

/** Clients read the answer as either of SCIM's and plain JSON; AWS says plain. */
const CONTENT_TYPE = 'application/json'

export const scimOperations = [...userOperations, ...groupOperations, ...discoveryOperations]

/** The SCIM v2 endpoint of one world, in AWS's dialect (SCIM Implementation Developer Guide, "Supported API operations"). */
export function scimRoutes({ world, faults }: { world: World; faults: Faults }): FastifyPluginAsync {
  return async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('x-amzn-requestid', randomUUID())
    })
    scope.addHook('preHandler', async (request) =>
      authenticateScim(world, request.headers.authorization, request.params),
    )
    scope.setErrorHandler((error, _request, reply) => sendError(world, reply, error))

    for (const operation of scimOperations) {
      scope.route({
        method: operation.method,
        url: operation.path,
        config: { operation: operation.name },
        async handler(request, reply) {
          const answer = operation.run(world, toCall(world, faults, operation.name, request))
          // Nothing is acknowledged, not even by showing it, before it would survive a crash.
          await world.commit()
          if (answer.body === undefined) return reply.code(answer.status).send()
          return reply.code(answer.status).type(CONTENT_TYPE).send(JSON.stringify(answer.body))
        },
      })
    }
    // No PUT on groups, no bulk, no /Me, no search.
    scope.all('/*', () => {
      throw notFound('The operation')
    })
  }
}

function toCall(world: World, faults: Faults, operation: string, request: FastifyRequest): ScimCall {
  const now = world.clock.now()
  const staleMs = faults.meet(['stale-read'], { service: 'scim', operation }, now)?.ms ?? 0
  const { params, query, body, headers } = request
  return {
    now,
    view: { now, staleMs },
    id: textOf(params, 'id') ?? '',
    query: Object.fromEntries(Object.entries(Object(query))),
    contentType: headers['content-type'] ?? '',
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  }
}

function textOf(members: unknown, name: string): string | undefined {
  const value: unknown = Object(members)[name]
  return typeof value === 'string' ? value : undefined
}

function sendError(world: World, reply: FastifyReply, error: unknown): FastifyReply {
  const refusal = toRefusal(error)
  const requestId = String(reply.getHeader('x-amzn-requestid'))
  const body = encodeScimError(refusal, requestId, world.clock.now())
  return reply.code(refusal.status).type(CONTENT_TYPE).send(body)
}

function toRefusal(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  // Fastify's own: a body that is too long or breaks off.
  if (error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500) return invalidRequest()
  console.error(error)
  return new AwsError('InternalServerException', 'The sandbox has a bug; see its log.', { status: 500, cause: error })
}
