import { DECISION_EVENTS, minutes, type RecordedAuditEvent } from '@gatehouse/domain'
import {
  aList,
  anOrganization,
  aUser,
  GLOBEX,
  GLOBEX_CATALOGUE,
  LAB,
  LAB_READ_ONLY,
  NOW,
  on,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'
import { addGroup, addUser, awsGroup } from '../testing/lived-aws.ts'

const { signal } = new AbortController()
const ABOUT_GLOBEX = `organization:${GLOBEX.id}` as const
const named = ({ event }: RecordedAuditEvent): string => event.replace('aws_identity_center.', '')

/** Two organizations, the second of which is active, with an AWS that has nothing but accounts. */
async function startScene() {
  const aws = createInMemoryAws({
    accounts: [...GLOBEX_CATALOGUE.accounts.values()],
    permissionSets: [...GLOBEX_CATALOGUE.permissionSets.values()],
  })
  const scene = await startEngineScene(NOW, GLOBEX)
  await scene.save({ put: 'organization', organization: anOrganization({ name: 'acme' }) })
  const events = async () => {
    const all = await scene.store.list({ limit: 200 }, signal)
    return all.filter(({ event }) => event.startsWith('aws_identity_center.'))
  }
  return { aws, scene, events }
}

it('records of everything it reads and writes in AWS of which organization it is, and finds it by that', async () => {
  const { aws, scene, events } = await startScene()
  const ana = aUser('ana', { roles: [on(LAB_READ_ONLY, LAB)] })
  const list = aList('lab', { members: ['ana'], grants: [on(LAB_READ_ONLY, LAB)] })
  await scene.save({ put: 'user', user: ana }, { put: 'list', list })
  await using running = await scene.start(aws)
  await running.untilQuiet()
  await scene.save(
    { put: 'user', user: { ...ana, roles: [], revision: 2 } },
    { put: 'list', list: { ...list, title: 'Laboratory', members: [], revision: 2 } },
  )
  await running.untilQuiet()
  const recorded = await events()
  expect([...new Set(recorded.map(named))].toSorted()).toEqual([
    'account_assignment.created',
    'account_assignment.deleted',
    'group.members_changed',
    'group.pushed',
    'resource_sync.success',
    'user.pushed',
  ])
  expect(recorded.filter(({ fields }) => fields['organization'] !== GLOBEX.id)).toEqual([])
  const found = await scene.store.list({ limit: 200, subject: ABOUT_GLOBEX }, signal)
  expect(found).toEqual(recorded)
  expect(await scene.store.list({ limit: 9, subject: 'organization:acme' }, signal)).toEqual([])
})

it('takes nothing that it wrote about an organization for a decision to take access away there', async () => {
  const { aws, scene, events } = await startScene()
  await scene.save({ put: 'user', user: aUser('ana', { roles: [on(LAB_READ_ONLY, LAB)] }) })
  await using running = await scene.start(aws)
  await running.untilQuiet()
  expect((await events()).length).toBeGreaterThan(2)
  expect(DECISION_EVENTS.filter((event) => event.startsWith('aws_identity_center.'))).toEqual([])
  expect(await scene.store.latestDecisions(0, signal)).toEqual(new Map())
})

it('records of which organization it is what could not be read, what was not believed and what AWS refused', async () => {
  const { aws, scene, events } = await startScene()
  const crowd = Array.from({ length: 20 }, (_, index) => `m${index}`)
  for (const name of crowd) addUser(aws, name)
  addGroup(aws, 'crowd', crowd)
  await using running = await scene.start(aws, {
    async before() {},
    async after() {},
    refuses: () => 'not today',
  })
  await running.untilQuiet()
  await scene.save({ put: 'user', user: aUser('ana', { roles: [on(LAB_READ_ONLY, LAB)] }) })
  running.engine.wake()
  await expect.poll(async () => (await events()).map(named)).toContain('account_assignment.created')
  aws.groups.get(awsGroup('crowd'))?.members.clear()
  scene.clock.advance(minutes(10))
  await running.engine.sweepNow(signal)
  aws.accounts.values = () => {
    throw new Error('the line is cut')
  }
  await expect(running.engine.sweepNow(signal)).rejects.toThrow('the line is cut')
  const recorded = await events()
  for (const name of ['account_assignment.created', 'read.suspicious', 'resource_sync.failed']) {
    const some = recorded.filter((event) => named(event) === name)
    expect(
      some.map(({ fields }) => fields['organization']),
      name,
    ).toContain(GLOBEX.id)
    expect(
      some.flatMap(({ subjects }) => subjects),
      name,
    ).toContain(ABOUT_GLOBEX)
  }
})
