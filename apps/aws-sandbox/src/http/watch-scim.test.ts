import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { createCallLog } from '../control/call-log.ts'
import { faultSchema } from '../faults/fault.ts'
import { createFaults } from '../faults/faults.ts'
import { createSignInLog } from '../sign-in/sign-in-log.ts'
import { createThrottle } from '../throttle/throttle.ts'
import { createClock } from '../world/clock.ts'
import { knobsSchema } from '../world/knobs.ts'
import { createWorld } from '../world/world.ts'
import { AwsError } from './aws-error.ts'
import { watchScim } from './watch-scim.ts'

/** A stand-in for the SCIM routes: one list, and errors in a body of its own. */
async function startScene() {
  const knobs = knobsSchema.parse({ scimTps: 5, scimBurst: 5 })
  const world = createWorld({ clock: createClock(), knobs })
  const [faults, callLog] = [createFaults(), createCallLog()]
  const app = Fastify({ forceCloseConnections: true })
  watchScim(app, {
    world,
    operations: new Map(),
    throttle: createThrottle(knobs),
    faults,
    callLog,
    signInLog: createSignInLog(),
  })
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof AwsError ? error.status : 500
    return reply.code(status).send({ status: String(status) })
  })
  app.get('/Groups', { config: { operation: 'ListGroups' } }, async () => ({
    itemsPerPage: 4,
    Resources: [{ id: '1' }, { id: '2' }, { id: '3' }, { id: '4' }],
  }))
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    list: () => fetch(`${base}/Groups?cursor`, { signal: AbortSignal.timeout(300) }),
    fail: (fault: object) => faults.add(faultSchema.parse(fault), world.clock.now()),
    callLog,
    [Symbol.asyncDispose]: () => app.close(),
  }
}

it('counts SCIM calls by operation and outcome and turns away those that come too fast', async () => {
  await using scene = await startScene()
  const answers = await Promise.all(Array.from({ length: 12 }, scene.list))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5)
  expect(statuses).toContain(429)
  const { actions } = scene.callLog.summary()
  const refused = statuses.filter((status) => status === 429).length
  expect(actions['scim.ListGroups']?.outcomes).toEqual({ ok: 12 - refused, ThrottlingException: refused })
})

it('spoils SCIM lists and refuses calls as faults say', async () => {
  await using scene = await startScene()
  scene.fail({ kind: 'empty-list', service: 'scim', times: 1 })
  expect(await (await scene.list()).json()).toEqual({ itemsPerPage: 4, Resources: [] })
  scene.fail({ kind: 'truncated-page', operation: 'ListGroups', times: 1 })
  expect(await (await scene.list()).json()).toHaveProperty('Resources.length', 2)
  scene.fail({ kind: 'error', code: 'UnauthorizedException', status: 401, times: 1 })
  expect((await scene.list()).status).toBe(401)
  expect(await (await scene.list()).json()).toHaveProperty('Resources.length', 4)
})

it.each(['timeout-before-effect', 'timeout-after-effect', 'reset-before-effect', 'reset-mid-body'])(
  'keeps the answer of a SCIM call back: %s',
  async (kind) => {
    await using scene = await startScene()
    scene.fail({ kind, service: 'scim', times: 1 })
    await expect(scene.list().then((answer) => answer.text())).rejects.toBeInstanceOf(Error)
    expect(scene.callLog.summary().actions['scim.ListGroups']?.outcomes).not.toHaveProperty('ok')
    expect((await scene.list()).status).toBe(200)
  },
)
