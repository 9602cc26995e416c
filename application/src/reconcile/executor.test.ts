import { A_CATALOGUE, ADMIN, aList, aRole, aUser, NOW, on, PROD, READ_ONLY, SANDBOX } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'

it('writes each thing once: what has just been done is not begun again from the plan of before', async () => {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  const scene = await startEngineScene(NOW)
  await scene.save(
    { put: 'role', role: aRole('operator', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } }) },
    { put: 'user', user: aUser('ana', { roles: ['operator', on(ADMIN, SANDBOX)] }) },
    { put: 'user', user: aUser('bruno', { roles: ['operator'] }) },
    { put: 'list', list: aList('platform', { members: ['ana', 'bruno'], grants: [on(ADMIN, PROD)] }) },
  )
  await using running = await scene.start(aws)
  await running.untilQuiet()
  const written = aws.writes.map(({ operation, about }) => `${operation} ${about}`)
  expect(written.toSorted()).toEqual([...new Set(written)].toSorted())
  expect(written.length).toBeGreaterThan(6)
})
