import {
  type AccessList,
  effectiveRoles,
  grantKey,
  listFields,
  type AwsGroupId,
  type AwsUserId,
} from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  aList,
  aRole,
  aUser,
  LAB,
  LAB_READ_ONLY,
  listId,
  NOW,
  on,
  PROD,
  roleName,
  userId,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { createRecordsCache } from '../governance/records-cache.ts'
import { readView } from '../governance/read-view.ts'
import { type EngineScene, startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws } from '../testing/in-memory-identity-center.ts'
import { linkPrincipal } from './link-principal.ts'

/** Somebody in AWS has made a group of this name, and put herself into it. */
function awsWith(...groups: readonly { readonly id: string; readonly name: string }[]): InMemoryAws {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  for (const name of ['root', 'mallory']) {
    const userName = `${name}@acme.example`
    const profile = { userName, givenName: name, familyName: name, displayName: name, email: userName, active: true }
    aws.users.set(`u-${name}` as AwsUserId, { profile })
  }
  for (const group of groups) {
    aws.groups.set(group.id as AwsGroupId, {
      displayName: group.name,
      members: new Set(['u-mallory' as AwsUserId]),
    })
    aws.assignments.set(
      `GROUP:${group.id}` as never, // written as AWS's key
      new Set([grantKey({ account: PROD.id, permissionSet: ADMIN.arn })]),
    )
  }
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

describe('a group that is called as one of another organization', () => {
  const imported = (title: string) =>
    aList('g-of-globex', {
      title,
      labels: { 'teleport.dev/origin': 'aws-identity-center' },
      grants: [{ name: roleName('x'), pinned: { account: LAB.id, permissionSet: LAB_READ_ONLY.arn } }],
    })
  async function start(lists: readonly AccessList[], groups = [{ id: 'g-here', name: 'Operators' }]) {
    const scene = await startEngineScene(NOW, { mode: 'shadow' })
    await scene.save(...lists.map((list) => ({ put: 'list', list }) as const))
    const aws = awsWith(...groups)
    const running = await scene.start(aws)
    await running.untilQuiet()
    const read = async () => {
      const { lists: all, groupLinks } = await scene.store.readRecords(signal)
      return { list: all.find(({ id }) => id === 'g-here'), link: groupLinks[0] }
    }
    const name = () => aws.groups.get('g-here' as AwsGroupId)?.displayName
    return { scene, aws, running, read, name }
  }

  it('becomes a list with the organization’s name behind it, and keeps its own in AWS', async () => {
    const { scene, running, read, name } = await start([imported('operators')])
    await using _ = running
    const longer = `Operators (${scene.organization.name})`
    expect(await read()).toMatchObject({
      list: { title: longer },
      link: { pushedTitle: 'Operators', adoptedUnder: longer, origin: 'adopted' },
    })
    await scene.save({ put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } })
    await running.untilQuiet()
    expect(name()).toBe('Operators')
    const { list } = await read()
    if (!list) throw new Error('no list')
    await scene.save({ put: 'list', list: { ...list, title: 'Night shift', revision: list.revision + 1 } })
    await running.untilQuiet()
    expect(name()).toBe('Night shift')
    expect((await read()).link).not.toHaveProperty('adoptedUnder')
    await scene.save({ put: 'list', list: { ...list, revision: list.revision + 2 } })
    await running.untilQuiet()
    expect(name()).toBe(longer)
  })
  it.each([
    ['before', ['g-here', 'g-longer']],
    ['after', ['g-longer', 'g-here']],
  ])('becomes one where a group bears the longer name, too, and is read %s it', async (_, ids) => {
    const names: Readonly<Record<string, string>> = {
      'g-here': 'Operators',
      'g-longer': 'operators (AWS-identity-center)',
    }
    const groups = ids.map((id) => ({ id, name: names[id] ?? '' }))
    const { scene, running } = await start([imported('Operators')], groups)
    await using __ = running
    const { lists } = await scene.store.readRecords(signal)
    expect(Object.fromEntries(lists.map(({ id, title }) => [id, title]))).toEqual({
      'g-of-globex': 'Operators',
      'g-here': 'Operators (aws-identity-center) (aws-identity-center)',
      'g-longer': 'operators (AWS-identity-center)',
    })
  })
  it('is called so by its own administrators in shadow mode, and keeps that name at the start', async () => {
    const { scene, aws, running, read, name } = await start([imported('operators')], [{ id: 'g-here', name: 'Crew' }])
    await using _ = running
    expect((await read()).list?.title).toBe('Crew')
    aws.groups.set('g-here' as AwsGroupId, { displayName: 'Operators', members: new Set() })
    await running.engine.sweepNow(signal)
    const longer = `Operators (${scene.organization.name})`
    expect(await read()).toMatchObject({
      list: { title: longer },
      link: { pushedTitle: 'Operators', adoptedUnder: longer },
    })
    await scene.save({ put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } })
    await running.untilQuiet()
    expect([name(), (await read()).list?.title]).toEqual(['Operators', longer])
  })
  it('keeps its name when it was deleted in AWS and is made again', async () => {
    const others = Array.from({ length: 8 }, (_, index) => ({ id: `g-${index}`, name: `Other ${index}` }))
    const { scene, aws, running } = await start(
      [imported('Operators')],
      [{ id: 'g-here', name: 'Operators' }, ...others],
    )
    await using _ = running
    await scene.save({ put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } })
    await running.untilQuiet()
    aws.groups.delete('g-here' as AwsGroupId)
    await running.engine.sweepNow(signal)
    await running.untilQuiet()
    await running.engine.sweepNow(signal)
    await running.untilQuiet()
    const { groupLinks } = await scene.store.readRecords(signal)
    expect(groupLinks.find(({ list }) => list === 'g-here')).toMatchObject({
      origin: 'adopted',
      pushedTitle: 'Operators',
    })
    const names = [...aws.groups.values()].map(({ displayName }) => displayName)
    expect(names.toSorted()).toEqual(['Operators', ...others.map(({ name }) => name)].toSorted())
    const renames = aws.writes.filter(({ operation, about }) => operation === 'PatchGroup' && !about.includes(' '))
    expect(renames).toEqual([])
  })
  it('keeps its name when its list is linked with it once more', async () => {
    const { scene, running, read, name } = await start([imported('Operators')])
    await using _ = running
    await scene.save({ put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } })
    await running.untilQuiet()
    const { organization } = scene
    const longer = `Operators (${organization.name})`
    await linkPrincipal(
      { store: scene.store, records: createRecordsCache(scene.store), clock: scene.clock },
      running.engine,
      { actor: { kind: 'system' }, organization, kind: 'group', ours: longer, aws: 'Operators' },
      signal,
    )
    await running.untilQuiet()
    expect(name()).toBe('Operators')
    expect((await read()).link).toMatchObject({ pushedTitle: 'Operators', adoptedUnder: longer })
  })
  it('keeps the list of that name from a group here, until one of the two lists is called otherwise', async () => {
    const { scene, running, aws, read } = await start([imported('Operators')])
    await using _ = running
    await scene.save({ put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } })
    const given = { roles: [{ name: roleName(on(ADMIN, PROD)) }], traits: {} }
    await scene.save({ put: 'list', list: { ...imported('Operators'), grants: given, revision: 5 } })
    await running.untilQuiet()
    const { notes } = running.engine.status()
    expect(notes).toMatchObject([{ kind: 'name-conflict', about: 'Operators' }])
    expect(notes[0]?.message).toContain(`the list "Operators (${scene.organization.name})"`)
    expect(notes[0]?.message).toContain('another title')
    expect(notes[0]?.message).not.toContain('plugins link')
    const { list } = await read()
    if (!list) throw new Error('no list')
    await scene.save({ put: 'list', list: { ...list, title: 'Night shift', revision: list.revision + 1 } })
    await running.untilQuiet()
    const names = new Map([...aws.groups].map(([id, { displayName }]) => [displayName, id]))
    expect([...names.keys()].toSorted()).toEqual(['Night shift', 'Operators'])
    expect(names.get('Night shift')).toBe('g-here')
    expect(running.engine.status().notes).toEqual([])
  })
  it('is left alone where the longer title is taken, too, or the list of its name is wanted here', async () => {
    const taken = await start([imported('Operators'), aList('own', { title: 'operators (AWS-identity-center)' })])
    await using _ = taken.running
    expect((await taken.read()).list).toBeUndefined()
    const wanted = await start([
      { ...imported('Operators'), grants: { roles: [{ name: roleName(on(ADMIN, PROD)) }], traits: {} } },
    ])
    await using __ = wanted.running
    expect((await wanted.read()).list).toBeUndefined()
    expect(wanted.running.engine.status().notes.map(({ kind }) => kind)).toContain('name-conflict')
  })
})

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
