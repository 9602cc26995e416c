import { type AccessRequest, hours, type Instant, type PermissionSetArn, plus } from '@gatehouse/domain'
import { aPermissionSet, aUser, NOW, SANDBOX } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { IdentityCenter } from '../ports/identity-center.ts'
import { connectInMemory } from '../testing/in-memory-identity-center.ts'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { beginDueAccess } from './begin-access.ts'
import { fileAccessRequest } from './file-access-request.ts'
import { keepBeginning } from './keep-beginning.ts'
import { getAccessRequest } from './list-access-requests.ts'
import { createPermissionSetReader } from './permission-set-reader.ts'
import { reviewAccessRequest } from './review-access-request.ts'

const users = [
  ...['ana', 'mallory'].map((name) => aUser(name, { roles: ['requester', 'access'] })),
  aUser('bruno', { roles: ['reviewer'] }),
]
const SETS = Array.from({ length: 6 }, (_, index) => aPermissionSet(`Set${index}`))
const ARNS = SETS.map(({ arn }) => arn)
const [GOOD, HANGING] = [ARNS.slice(0, 1), ARNS.slice(1)]
const START = plus(NOW, hours(1))

const startScene = async (): Promise<GovernanceScene> => {
  const mirror = SETS.map((permissionSet) => ({ put: 'permission-set', permissionSet }) as const)
  const scene = await startGovernance({ users, mirror })
  for (const set of SETS) scene.aws.permissionSets.set(set.arn, set)
  return scene
}
/** Approved, to begin later. */
const plan = async (
  scene: GovernanceScene,
  user: string,
  sets: readonly PermissionSetArn[],
  start: Instant = START,
) => {
  const names = SETS.filter(({ arn }) => sets.includes(arn)).map(({ name }) => name)
  const wish = {
    roles: [],
    resourceIds: names.map((name) => `/acme/aws_ic_account_assignment/${SANDBOX.id}--${name}`),
    reason: 'INC-7',
    suggestedReviewers: [],
    assumeStartTime: start,
  }
  const { request } = await fileAccessRequest(scene, { actor: scene.as(user), wish }, scene.signal)
  const actor = scene.as('bruno')
  const { shown } = await getAccessRequest(scene, { actor, request: request.id }, scene.signal)
  const seen = shown && 'hash' in shown ? { shown: shown.hash } : {}
  await reviewAccessRequest(
    scene,
    { actor, request: request.id, verdict: 'approve', reason: '', ...seen },
    scene.signal,
  )
  return request.id
}
/** AWS answers for no set of these; counts what it is asked. */
const hanging = (scene: GovernanceScene, sets: readonly PermissionSetArn[]) => {
  const asked: PermissionSetArn[] = []
  const { identityCenter } = connectInMemory(scene.aws)
  const readPermissionSet: IdentityCenter['readPermissionSet'] = async (arn, call) => {
    asked.push(arn)
    if (!sets.includes(arn)) return identityCenter.readPermissionSet(arn, call)
    return new Promise((_, reject) =>
      call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true }),
    )
  }
  const permissionSets = createPermissionSetReader(() => ({ identityCenter: { ...identityCenter, readPermissionSet } }))
  return { asked, scene: { ...scene, permissionSets } }
}
const running = async (scene: GovernanceScene): Promise<readonly string[]> =>
  (await scene.store.readRecords(scene.signal)).requests.flatMap((request: AccessRequest) =>
    request.state === 'approved' && request.checkedAt !== undefined ? [request.id] : [],
  )

describe('access that is to begin', () => {
  it('begins while that of others hangs, and what comes due meanwhile does, too', async () => {
    const planned = await startScene()
    for (const set of HANGING.slice(0, 4)) await plan(planned, 'mallory', [set])
    const first = await plan(planned, 'ana', GOOD)
    const second = await plan(planned, 'ana', GOOD, plus(START, hours(1)))
    const { scene } = hanging(planned, HANGING)
    scene.clock.advance(hours(1))
    const stop = new AbortController()
    let begun = 0
    const told = {
      begun() {
        begun++
        scene.clock.advance(hours(1))
        if (begun === 2) stop.abort(new Error('seen enough'))
      },
      failed: () => undefined,
    }
    await keepBeginning(scene, told, AbortSignal.any([stop.signal, AbortSignal.timeout(5_000)]))
    expect(await running(scene)).toEqual([first, second])
  })

  it('is read once for all that begins, and nobody waits for everything that somebody else has planned', async () => {
    const planned = await startScene()
    for (let count = 0; count < 20; count++) await plan(planned, 'mallory', GOOD)
    const own = await plan(planned, 'ana', GOOD)
    const { asked, scene } = hanging(planned, [])
    scene.clock.advance(hours(1))
    const ends: string[] = []
    await beginDueAccess(scene, { takes: () => true, done: (id) => void ends.push(id) }, scene.signal)
    expect(asked).toEqual(GOOD)
    expect(ends).toHaveLength(21)
    expect(ends.indexOf(own)).toBe(1)
  })

  it('waits for no large request of somebody else', async () => {
    const planned = await startScene()
    await plan(planned, 'mallory', HANGING)
    await plan(planned, 'ana', GOOD)
    const { asked, scene } = hanging(planned, [])
    scene.clock.advance(hours(1))
    await beginDueAccess(scene, { takes: () => true, done: () => undefined }, scene.signal)
    expect(asked.slice(1, 2)).toEqual(GOOD)
    expect(await running(scene)).toHaveLength(2)
  })
})
