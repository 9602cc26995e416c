import { assignmentKey, minutes } from '@gatehouse/domain'
import { ADMIN, aList, aMember, aUser, on, PROD, READ_ONLY, STAGING } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { awsUser, heldBy, hold, key, REPORT_ALL } from '../testing/lived-aws.ts'
import { settled, WHOLE } from '../testing/withdrawal-scene.ts'

const { signal } = new AbortController()
const GIVEN = assignmentKey({ type: 'USER', id: awsUser('bruno') }, key(ADMIN, PROD))
type Scene = Awaited<ReturnType<typeof settled>>
const memoryOf = ({ scene }: Scene) => scene.store.readMemory(scene.organization.id, signal)

it('forgets an attempt that never had an effect, so that what somebody else makes later is not ours', async () => {
  await using scene = await settled({
    ...WHOLE,
    before: async ({ operation, about }) => {
      if (operation === 'CreateAccountAssignment' && about.includes(awsUser('bruno')))
        throw new IdentityCenterError('unavailable', operation, 'no answer')
    },
  })
  await scene.save({ driftPolicy: REPORT_ALL })
  await scene.scene.save({ put: 'user', user: aUser('bruno', { roles: [on(ADMIN, PROD)], revision: 7 }) })
  scene.first.engine.wake()
  await expect.poll(async () => (await memoryOf(scene)).made.has(GIVEN)).toBe(true)
  await scene.scene.save({ put: 'user', user: aUser('bruno', { revision: 8 }) })
  await expect
    .poll(
      async () => {
        scene.scene.clock.advance(minutes(1))
        scene.first.engine.wake()
        return (await memoryOf(scene)).made.has(GIVEN)
      },
      { timeout: 10_000 },
    )
    .toBe(false)
  const bruno = `USER:${awsUser('bruno')}` as const
  hold(scene.aws, bruno, key(ADMIN, PROD))
  await scene.first.engine.sweepNow(signal)
  await scene.remove()
  await scene.first.untilQuiet()
  expect(heldBy(scene.aws, bruno)).toEqual([key(ADMIN, PROD)])
})

it('keeps nothing of a group that is gone', async () => {
  await using scene = await settled()
  const ofGroups = async () => [...(await memoryOf(scene)).made].filter((one) => one.startsWith('GROUP:aws-group'))
  expect(await ofGroups()).toHaveLength(1)
  const members = [aMember('bruno')]
  const list = aList('ours', { title: 'Ours', members, grants: [on(READ_ONLY, STAGING)] })
  await scene.scene.save({ delete: 'list', id: list.id })
  await scene.first.untilQuiet()
  expect(await ofGroups()).toEqual([])
})
