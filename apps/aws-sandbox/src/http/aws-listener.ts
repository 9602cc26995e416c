import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { pageRoutes } from '../pages/page-routes.ts'
import { scimRoutes } from '../scim/routes.ts'
import { answerAwsCall, type AwsSide } from './answer-aws-call.ts'
import { sendAnswer, type RawRequest } from './raw-exchange.ts'
import { watchScim } from './watch-scim.ts'

/** SAML assertions and policies are the longest things that AWS takes. */
const LONGEST_BODY = 11_000_000

/** The one address that answers for every AWS service, as a base URL of its own or under any path prefix. */
export function createAwsListener(side: AwsSide): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: LONGEST_BODY,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_000 },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.register(async (scope) => {
    watchScim(scope, side)
    await scope.register(scimRoutes(side), { prefix: '/:tenantId/scim/v2' })
  })
  app.register(pageRoutes(side))
  app.route({
    method: ['GET', 'POST'],
    url: '/*',
    handler: async (request, reply) => sendAnswer(reply, await answerAwsCall(side, rawRequest(request))),
  })
  return app
}

function rawRequest(request: FastifyRequest): RawRequest {
  const { method, url, headers, body } = request
  return { method, url: request.raw.url ?? url, headers, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) }
}
