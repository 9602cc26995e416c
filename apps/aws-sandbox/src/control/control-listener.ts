import Fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import type { AwsSide } from '../http/answer-aws-call.ts'
import { faultSchema } from '../faults/fault.ts'
import { scimOperations } from '../scim/routes.ts'
import type { AsyncEngine } from '../sso-admin/async-engine.ts'
import { setPassword } from '../sign-in/passwords.ts'
import { knobsSchema } from '../world/knobs.ts'
import type { User } from '../world/records.ts'
import { assignmentKey, provisioningKey } from '../world/world.ts'
import { addHoldingRoutes } from './holdings.ts'
import { dumpWorld, presentAssignments, presentGroupRow, presentInFlight, presentUserRow } from './dump-world.ts'
import { addIdentitySourceRoutes } from './identity-source-routes.ts'
import { performAsRoot } from './perform-as-root.ts'

const accountStateSchema = z.strictObject({
  state: z.enum(['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']),
})
const doSchema = z.strictObject({
  service: z.enum(['organizations', 'identitystore', 'sso-admin', 'iam', 'sts', 'sso-oidc', 'sso']),
  operation: z.string(),
  input: z.unknown().optional(),
})

/** Looks into the world and changes it apart from AWS's own ways; plain JSON, no sign-in, so for loopback only. */
export function createControlListener(
  side: AwsSide & { readonly engine: AsyncEngine },
  ready: () => object | undefined,
): FastifyInstance {
  const { world, faults, callLog } = side
  const app = Fastify({ logger: false, forceCloseConnections: true })

  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError)
      return reply.code(400).send({ code: 'InvalidInput', message: z.prettifyError(error) })
    if (error instanceof AwsError) return reply.code(error.status).send({ code: error.code, message: error.message })
    const status =
      error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
    if (status >= 500) console.error(error)
    return reply
      .code(status)
      .send({ code: 'Error', message: error instanceof Error ? error.message : 'Unknown error.' })
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 'NotFound', message: 'There is nothing here.' }),
  )

  app.get('/health', async () => ({ ok: true, now: world.clock.now() }))
  app.get('/ready', async () => ready())
  app.get('/world', async () => dumpWorld(world))
  app.get('/assignments', async () => presentAssignments(world))
  app.get('/operations', async () => [...side.operations.keys(), ...scimOperations.map(({ name }) => `scim.${name}`)])
  app.get('/in-flight', async () => presentInFlight(world))

  app.get('/users/:userName', async (request) => presentUserRow(world, userOf(request.params)))
  app.post('/users/:userName/state', async (request) => {
    const user = userOf(request.params)
    const { active } = z.strictObject({ active: z.boolean() }).parse(request.body)
    const changed = { ...user, active, updatedAt: world.clock.now() }
    world.users.set(user.id, changed)
    await world.commit()
    return presentUserRow(world, changed)
  })
  app.post('/users/:userName/password', async (request) => {
    const user = userOf(request.params)
    const { password } = z.strictObject({ password: z.string().min(1).optional() }).parse(request.body ?? {})
    const known = setPassword(world, user, password)
    await world.commit()
    return { userName: user.userName, password: known }
  })
  app.get('/groups/:displayName', async (request) => {
    const { displayName } = z.object({ displayName: z.string() }).parse(request.params)
    const [group] = world.groups.by('displayName', displayName.toLowerCase())
    if (group === undefined) throw nothing(`a group named ${displayName}`)
    return presentGroupRow(world, group)
  })

  app.get('/calls', async () => callLog.summary())
  app.post('/calls/reset', async () => {
    callLog.reset(side.engine.inFlight())
    return callLog.summary()
  })
  app.get('/calls/log', async (request) => {
    const { last } = z.object({ last: z.coerce.number().int().positive().default(1_000) }).parse(request.query)
    return callLog.last(last)
  })

  app.post('/do', async (request) => {
    const { service, operation, input } = doSchema.parse(request.body)
    return performAsRoot(side, service, operation, input ?? {})
  })
  app.post('/accounts/:id/state', async (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const { state } = accountStateSchema.parse(request.body)
    const account = world.accounts.get(id)
    if (account === undefined) throw nothing(`an account ${id}`)
    world.accounts.set(id, { ...account, state })
    await world.commit()
    return { ...account, state }
  })
  app.delete('/accounts/:id', async (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    if (id === world.home().managementAccountId || !world.accounts.has(id)) throw nothing(`a member account ${id}`)
    // An account that leaves the organization loses what it had of Identity Center.
    removeFromAccount(id)
    world.accounts.delete(id)
    await world.commit()
    return { removed: id }
  })

  addIdentitySourceRoutes(app, side)
  addHoldingRoutes(app, side)

  app.get('/faults', async () => faults.list(world.clock.now()))
  app.post('/faults', async (request) => faults.add(faultSchema.parse(request.body), world.clock.now()))
  app.delete('/faults', async () => {
    faults.clear()
    return []
  })
  app.delete('/faults/:id', async (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    if (!faults.remove(id)) throw nothing(`a fault ${id}`)
    return faults.list(world.clock.now())
  })

  app.get('/knobs', async () => world.knobs)
  app.patch('/knobs', async (request) => {
    const changes = z.record(z.string(), z.unknown()).parse(request.body)
    // The one object that everything reads, so that a change is seen at once.
    return Object.assign(world.knobs, knobsSchema.parse({ ...world.knobs, ...changes }))
  })

  app.post('/scim-tokens', issueScimToken)
  app.delete('/scim-tokens/:id', async (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    if (!world.scimTokens.delete(id)) throw nothing(`a SCIM token ${id}`)
    await world.commit()
    return { revoked: id }
  })
  return app

  function userOf(params: unknown): User {
    const { userName } = z.object({ userName: z.string() }).parse(params)
    const [user] = world.users.by('userName', userName.toLowerCase())
    if (user === undefined) throw nothing(`a user named ${userName}`)
    return user
  }

  function removeFromAccount(accountId: string) {
    const provisionings = world.provisionings.by('account', accountId)
    for (const { permissionSetArn } of provisionings)
      world.provisionings.delete(provisioningKey(accountId, permissionSetArn))
    for (const row of world.assignments.by('account', accountId)) world.assignments.delete(assignmentKey(row))
  }

  async function issueScimToken() {
    // IAM Identity Center User Guide, "Rotate an access token": two at most, valid one year.
    if (world.scimTokens.size >= 2)
      throw new AwsError('LimitExceeded', 'A directory has at most two SCIM tokens.', { status: 409 })
    const createdAt = world.clock.now()
    const token = { id: crypto.randomUUID(), secret: crypto.randomUUID() + crypto.randomUUID(), createdAt }
    world.scimTokens.set(token.id, { ...token, expiresAt: createdAt + 365 * 86_400_000 })
    await world.commit()
    return token
  }
}

function nothing(what: string): AwsError {
  return new AwsError('NotFound', `There is not ${what}.`, { status: 404 })
}
