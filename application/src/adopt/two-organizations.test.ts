import {
  type AccessList,
  effectiveRoles,
  findingKey,
  followKey,
  grantKey,
  type RoleReference,
  type AwsGroupId,
  type AwsUserId,
  type GrantKey,
  heldGrants,
  type Organization,
} from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  aList,
  anOrganization,
  aRole,
  aUser,
  GLOBEX,
  GLOBEX_CATALOGUE,
  aMemberList,
  LAB,
  LAB_READ_ONLY,
  NOW,
  on,
  PROD,
  roleName,
  userId,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { createRecordsCache } from '../governance/records-cache.ts'
import { readView } from '../governance/read-view.ts'
import { type EngineScene, type RunningEngine, startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws } from '../testing/in-memory-identity-center.ts'
import { linkPrincipal } from './link-principal.ts'

const { signal } = new AbortController()
const ACME = anOrganization({ name: 'acme' })

interface Group {
  readonly id: string
  readonly name: string
  readonly externalId?: string
  readonly members?: readonly string[]
}

/** AWS of the organization globex. */
function globexWith(groups: readonly Group[], users: readonly string[]): InMemoryAws {
  const aws = createInMemoryAws({
    accounts: [...GLOBEX_CATALOGUE.accounts.values()],
    permissionSets: [...GLOBEX_CATALOGUE.permissionSets.values()],
  })
  for (const name of users) {
    const userName = `${name}@acme.example`
    const profile = { userName, givenName: name, familyName: name, displayName: name, email: userName, active: true }
    aws.users.set(awsUser(name), { profile })
  }
  for (const { id, name, externalId, members = [] } of groups)
    aws.groups.set(id as AwsGroupId, {
      displayName: name,
      ...(externalId === undefined ? {} : { externalId }),
      members: new Set(members.map(awsUser)),
    })
  return aws
}
const awsUser = (name: string) => `u-${name}` as AwsUserId

/** Globex, whose engine runs, beside acme, which is enrolled and read. */
async function globexBesideAcme(organization: Partial<Organization> = {}) {
  const scene = await startEngineScene(NOW, { ...GLOBEX, mode: 'shadow', ...organization })
  await scene.store.commit(
    {
      organization: ACME.id,
      records: [{ put: 'organization', organization: ACME }],
      mirror: [
        ...[...A_CATALOGUE.accounts.values()].map((account) => ({ put: 'account', account }) as const),
        ...[...A_CATALOGUE.permissionSets.values()].map(
          (permissionSet) => ({ put: 'permission-set', permissionSet }) as const,
        ),
      ],
    },
    signal,
  )
  return scene
}

async function viewOf(scene: EngineScene) {
  return readView({ records: createRecordsCache(scene.store), clock: scene.clock }, signal)
}

/** What somebody is, and what he holds in acme. */
async function powersOf(name: string, scene: EngineScene): Promise<readonly string[]> {
  const { view, now } = await viewOf(scene)
  const user = view.userById.get(userId(name))
  const acme = view.byOrganization.find(({ organization }) => organization.id === ACME.id)
  if (!user || !acme) return []
  const held: ReadonlyMap<GrantKey, unknown> = heldGrants(user, acme, now)
  return [...effectiveRoles(user, view, now).names, ...held.keys()]
}

/** Reads AWS, and adopts; in shadow mode a plan with something to do is never quiet. */
const look = ({ engine }: RunningEngine): Promise<unknown> => engine.sweepNow(AbortSignal.timeout(60_000))

const POWERFUL = aRole('powerful', {
  allow: {
    rules: [{ resources: ['*'], verbs: ['*'] }],
    assignments: [
      [PROD.id, ADMIN.arn],
      ['*', '*'],
    ],
  },
})

describe('a group that was made of a list in a former enrolment', () => {
  const POWERFUL = aRole('powerful', {
    allow: {
      rules: [{ resources: ['*'], verbs: ['*'] }],
      assignments: [
        [PROD.id, ADMIN.arn],
        ['*', '*'],
      ],
    },
  })
  const ADMINISTRATORS = aList('administrators', { title: 'Administrators', members: ['root'], grants: ['powerful'] })
  async function enrolledAgain(list = ADMINISTRATORS) {
    const scene = await globexBesideAcme()
    await scene.save(
      { put: 'role', role: POWERFUL },
      { put: 'user', user: aUser('root') },
      { put: 'user', user: aUser('mallory') },
      { put: 'list', list },
    )
    const left = { id: 'g-1', name: 'Administrators', externalId: 'administrators/members' }
    const aws = globexWith([{ ...left, members: ['root', 'mallory'] }], ['root', 'mallory'])
    return { scene, aws, running: await scene.start(aws) }
  }

  it('is the list’s again, and brings nobody into a list that gives rights here whom somebody has put there since', async () => {
    const { scene, aws, running } = await enrolledAgain()
    await using _ = running
    await look(running)
    await look(running)
    const { lists, groupLinks } = await scene.store.readRecords(signal)
    expect(groupLinks.map(({ list, awsGroup, origin }) => [list, awsGroup, origin])).toEqual([
      [ADMINISTRATORS.id, 'g-1', 'created'],
    ])
    expect(lists.flatMap(({ members }) => members.map((one) => one.kind === 'user' && one.user))).toEqual([
      userId('root'),
    ])
    expect(await powersOf('mallory', scene)).toEqual([])
    expect(aws.writes).toEqual([])
  })

  it('brings in whoever is there, where the list gives only what that organization has', async () => {
    const grants = { roles: [{ name: on(LAB_READ_ONLY, LAB) }], traits: {} }
    const { scene, running } = await enrolledAgain({ ...ADMINISTRATORS, grants })
    await using _ = running
    await look(running)
    expect(await namesIn(scene)).toEqual(['root', 'mallory'].map(userId))
  })

  it('shows who is there without being in the list, before anything is written', async () => {
    const { running } = await enrolledAgain()
    await using _ = running
    await look(running)
    const { allowed, held } = await running.engine.plan({ refresh: false }, signal)
    const removals = [...allowed, ...held.map(({ operation }) => operation)].filter(
      ({ kind }) => kind === 'remove-member',
    )
    expect(removals).toMatchObject([{ member: { awsUser: 'u-mallory' }, cause: { kind: 'foreign' } }])
  })
})

describe('a group of globex whose list gives something in acme, too', () => {
  const GIVEN: RoleReference = { name: on(ADMIN, PROD), pinned: { account: PROD.id, permissionSet: ADMIN.arn } }
  const PROD_ADMIN = grantKey({ account: PROD.id, permissionSet: ADMIN.arn })
  const PEOPLE = ['ana', 'bea', 'cid', 'dan', 'mallory']
  const DEVELOPERS = { id: 'g-1', name: 'Developers', members: ['ana', 'bea', 'cid', 'dan'] }

  /** The group was adopted, and somebody has given its list more. */
  async function shared(roles: readonly RoleReference[] = [GIVEN], more: Partial<Organization> = {}) {
    const scene = await globexBesideAcme()
    await scene.save(
      ...PEOPLE.map((name) => ({ put: 'user', user: aUser(name) }) as const),
      { put: 'role', role: POWERFUL },
      { put: 'role', role: aRole('anywhere', { allow: { assignments: [['*', ADMIN.arn]] } }) },
      { put: 'role', role: aRole('lab', { allow: { assignments: [[LAB.id, '*']] } }) },
    )
    const aws = globexWith([DEVELOPERS], PEOPLE)
    const running = await scene.start(aws)
    await look(running)
    const list = await only(scene)
    await scene.save(
      { put: 'list', list: { ...list, grants: { ...list.grants, roles }, revision: 9 } },
      { put: 'organization', organization: { ...scene.organization, ...more, revision: 9 } },
    )
    const group = aws.groups.get('g-1' as AwsGroupId)
    if (!group) throw new Error('no group')
    return { scene, aws, running, members: group.members }
  }
  const ALL = ['ana', 'bea', 'cid', 'dan'].map(userId)

  it('is followed while its list gives nothing but what is globex’s', async () => {
    const { scene, running, members } = await shared([
      { name: on(LAB_READ_ONLY, LAB), pinned: { account: LAB.id, permissionSet: LAB_READ_ONLY.arn } },
      { name: roleName('lab') },
    ])
    await using _ = running
    members.add(awsUser('mallory'))
    members.delete(awsUser('bea'))
    await look(running)
    expect(await namesIn(scene)).toEqual(['ana', 'cid', 'dan', 'mallory'].map(userId))
  })

  it.each([
    ['a role of acme', [GIVEN]],
    ['a role that may mean accounts of acme', [{ name: roleName('anywhere') }]],
    ['a role with rights in Gatehouse', [{ name: roleName('powerful') }]],
  ])('brings nobody in, and takes nobody out, where the list gives %s', async (_, roles) => {
    const { scene, running, members } = await shared(roles)
    await using __ = running
    members.add(awsUser('mallory'))
    members.delete(awsUser('ana'))
    await look(running)
    expect(await namesIn(scene)).toEqual(ALL)
    expect(await powersOf('mallory', scene)).toEqual([])
    const notes = running.engine.status().notes.filter(({ kind }) => kind === 'not-followed')
    expect(notes.map(({ about, message }) => [about, message.split(' ', 4).join(' ')])).toEqual([
      ['Developers', 'mallory@acme.example was put into'],
      ['Developers', 'ana@acme.example was taken out'],
    ])
  })

  it('brings nobody in through a list that its list is in', async () => {
    const { scene, running, members } = await shared([])
    await using _ = running
    const { id } = await only(scene)
    await scene.save({ put: 'list', list: aList('outer', { members: [aMemberList(id)], grants: [GIVEN] }) })
    members.add(awsUser('mallory'))
    await look(running)
    expect(await powersOf('mallory', scene)).toEqual([])
    expect(await powersOf('ana', scene)).toContain(PROD_ADMIN)
  })

  it('waits for a person where drift policy would have it adopted, and follows his decision', async () => {
    const driftPolicy = { ...GLOBEX.driftPolicy, 'member-added': 'adopt' } as const
    const { scene, running, members } = await shared([GIVEN], { mode: 'active', driftPolicy })
    await using _ = running
    await running.untilQuiet()
    members.add(awsUser('mallory'))
    await look(running)
    await running.untilQuiet()
    expect(await powersOf('mallory', scene)).toEqual([])
    const { drift } = running.engine.status()
    expect(drift.map(({ kind }) => kind)).toEqual(['member-added'])
    await scene.store.commit(
      {
        organization: GLOBEX.id,
        memory: drift.map((one) => ({ put: 'released', key: followKey(findingKey(one), 'eva') })),
      },
      signal,
    )
    await running.kill()
    const again = await scene.start(globexWith([{ ...DEVELOPERS, members: PEOPLE }], PEOPLE))
    await using __ = again
    await look(again)
    expect(await powersOf('mallory', scene)).toContain(PROD_ADMIN)
  })

  it('takes the right to change the list to be linked with it, and brings nobody in afterwards', async () => {
    const scene = await globexBesideAcme()
    const linker = aRole('linker', { allow: { rules: [{ resources: ['aws_identity_center'], verbs: ['*'] }] } })
    await scene.save(
      ...['ana', 'mallory'].map((name) => ({ put: 'user', user: aUser(name) }) as const),
      { put: 'role', role: POWERFUL },
      { put: 'role', role: linker },
      { put: 'user', user: aUser('root', { roles: ['powerful'] }) },
      { put: 'user', user: aUser('lena', { roles: ['linker'] }) },
      { put: 'list', list: aList('own', { title: 'Developers', grants: [GIVEN] }) },
    )
    const aws = globexWith([{ ...DEVELOPERS, members: ['ana'] }], ['ana', 'mallory'])
    const running = await scene.start(aws)
    await using _ = running
    await look(running)
    await expect(linkAs('lena', scene, running, 'Developers')).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(await namesIn(scene)).toEqual([])
    await linkAs('root', scene, running, 'Developers')
    expect(await namesIn(scene)).toEqual([userId('ana')])
    aws.groups.get('g-1' as AwsGroupId)?.members.add(awsUser('mallory'))
    await look(running)
    expect(await namesIn(scene)).toEqual([userId('ana')])
  })
})

const namesIn = async (scene: EngineScene) =>
  (await only(scene)).members.map((member) => (member.kind === 'user' ? member.user : member.kind))

async function only(scene: EngineScene): Promise<AccessList> {
  const [list] = (await scene.store.readRecords(signal)).lists
  if (!list) throw new Error('no list')
  return list
}

const linkAs = (name: string, scene: EngineScene, { engine }: RunningEngine, list: string, aws = list) =>
  linkPrincipal(
    { store: scene.store, records: createRecordsCache(scene.store), clock: scene.clock },
    engine,
    {
      actor: { kind: 'user', user: userId(name), assumed: [] },
      organization: scene.organization,
      kind: 'group',
      ours: list,
      aws,
    },
    signal,
  )
