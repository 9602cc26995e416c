import { effectiveRoles, grantKey, listFields, type AwsGroupId, type AwsUserId } from '@gatehouse/domain'
import { A_CATALOGUE, ADMIN, aList, aRole, aUser, listId, NOW, PROD, userId } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { createRecordsCache } from '../governance/records-cache.ts'
import { readView } from '../governance/read-view.ts'
import { type EngineScene, startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws } from '../testing/in-memory-identity-center.ts'

/** Somebody in AWS has made a group of this name, and put herself into it. */
function awsWith(group: { readonly id: string; readonly name: string }): InMemoryAws {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  for (const name of ['root', 'mallory']) {
    const userName = `${name}@acme.example`
    const profile = { userName, givenName: name, familyName: name, displayName: name, email: userName, active: true }
    aws.users.set(`u-${name}` as AwsUserId, { profile })
  }
  aws.groups.set(group.id as AwsGroupId, {
    displayName: group.name,
    members: new Set(['u-mallory' as AwsUserId]),
  })
  aws.assignments.set(
    `GROUP:${group.id}` as never, // written as AWS's key
    new Set([grantKey({ account: PROD.id, permissionSet: ADMIN.arn })]),
  )
  return aws
}

const { signal } = new AbortController()
const ADMINISTRATORS = aList('administrators', { title: 'Administrators', members: ['root'], grants: ['powerful'] })

async function settled(
  mode: 'shadow' | 'active',
  group: { readonly id: string; readonly name: string },
): Promise<{ scene: EngineScene; notes: readonly string[]; powers: readonly string[] }> {
  const scene = await startEngineScene(NOW, { mode })
  await scene.save(
    { put: 'role', role: aRole('powerful', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } }) },
    { put: 'user', user: aUser('root') },
    { put: 'user', user: aUser('mallory') },
    { put: 'list', list: ADMINISTRATORS },
  )
  const running = await scene.start(awsWith(group))
  await running.untilQuiet()
  const notes = running.engine.status().notes.map(({ kind }) => kind)
  await running.kill()
  const ports = { store: scene.store, records: createRecordsCache(scene.store), clock: scene.clock }
  const { view, now } = await readView(ports, signal)
  const mallory = view.userById.get(userId('mallory'))
  return { scene, notes, powers: mallory ? [...effectiveRoles(mallory, view, now).names] : [] }
}

it.each(['Administrators', 'administrators', 'ADMINISTRATORS'])(
  'D4-39 a group of AWS called "%s" puts nobody into the list of administrators, and is not taken over',
  async (name) => {
    for (const mode of ['shadow', 'active'] as const) {
      const { scene, notes, powers } = await settled(mode, { id: 'g-rogue', name })
      const { lists, groupLinks } = await scene.store.readRecords(signal)
      expect(lists.find(({ id }) => id === ADMINISTRATORS.id)).toEqual(ADMINISTRATORS)
      expect(groupLinks.filter(({ list }) => list === ADMINISTRATORS.id)).toEqual([])
      expect(powers).toEqual([])
      if (mode === 'shadow') expect(notes).toContain('name-conflict')
    }
  },
)

it('D4-39 a group whose id is that of a list does not replace it', async () => {
  const { scene, notes, powers } = await settled('shadow', { id: 'administrators', name: 'Something else' })
  const { lists } = await scene.store.readRecords(signal)
  expect(lists.find(({ id }) => id === listId('administrators'))).toEqual(ADMINISTRATORS)
  expect(notes).toContain('name-conflict')
  expect(powers).toEqual([])
})

it('D4-39 a group of any name becomes a list that grants what the group had in AWS, and no role of ours', async () => {
  const { scene, powers } = await settled('shadow', { id: 'g-rogue', name: 'editor' })
  const { lists } = await scene.store.readRecords(signal)
  const adopted = lists.find(({ id }) => id === listId('g-rogue'))
  expect(adopted && listFields(adopted, 'x').access_list_title).toBe('editor')
  expect(powers).toEqual(['AdministratorAccess-on-prod-111111111111'])
})
