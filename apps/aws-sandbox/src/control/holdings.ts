import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AwsSide } from '../http/answer-aws-call.ts'
import { AwsError } from '../http/aws-error.ts'
import { isStartUrl } from '../sso-oidc/start-urls.ts'
import type { World } from '../world/world.ts'

/** What can tell one organization from another in a call: each is known to one of them alone. */
const HOLDINGS: Readonly<Record<string, (world: World, value: string) => boolean>> = {
  accountId: (world, id) => world.accounts.has(id),
  accessKeyId: (world, id) => world.sessions.has(id) || world.accessKeys.has(id),
  startUrl: isStartUrl,
  clientId: (world, id) => world.oidcClients.has(id),
  deviceCode: (world, code) => world.deviceAuthorizations.has(code),
  code: (world, code) => world.authorizationCodes.has(code),
  accessToken: (world, token) => world.accessTokens.has(token),
  refreshToken: (world, token) => world.refreshTokens.has(token),
}
const questionSchema = z.strictObject({ kind: z.enum(Object.keys(HOLDINGS)), value: z.string() })
const clientSchema = z.strictObject({
  id: z.string(),
  secret: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  grantTypes: z.array(z.string()),
  redirectUris: z.array(z.string()),
  region: z.string(),
  issuedAt: z.number(),
  expiresAt: z.number(),
})

/** What a front asks, which leads calls to one of several sandboxes. */
export function addHoldingRoutes(app: FastifyInstance, { world }: AwsSide): void {
  app.post('/holds', async (request) => {
    const { kind, value } = questionSchema.parse(request.body)
    return { holds: HOLDINGS[kind]?.(world, value) ?? false }
  })
  app.get('/oidc-clients/:id', async (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const client = world.oidcClients.get(id)
    if (client === undefined) throw new AwsError('NotFound', 'There is not such a client.', { status: 404 })
    return client
  })
  app.post('/oidc-clients', async (request) => {
    const client = clientSchema.parse(request.body)
    world.oidcClients.set(client.id, client)
    await world.commit()
    return { added: client.id }
  })
}
