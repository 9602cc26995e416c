import {
  DEFAULT_SCHEDULE,
  groupKey,
  hours,
  minutes,
  parsePattern,
  plus,
  type RoleReference,
  systemRoleName,
} from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  aList,
  aLock,
  aMember,
  approved,
  aRequest,
  aRole,
  aUser,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
  STAGING,
  userId,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { reviewAccessList } from '../access-lists/review-access-list.ts'
import { createRecordsCache } from '../governance/records-cache.ts'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryIds } from '../testing/in-memory-clock.ts'
import { createInMemoryAws, type InMemoryAws } from '../testing/in-memory-identity-center.ts'
import { awsGroup, awsUser, directly, heldBy, hold, key, lists, lived, shadow, start } from '../testing/lived-aws.ts'

const { signal } = new AbortController()
const NOTHING_READ = AbortSignal.timeout(60_000)
const deletions = (aws: InMemoryAws) =>
  aws.writes.filter(
    ({ operation, about }) => operation.startsWith('Delete') || /-[a-z]/.test(about.split(' -')[1] ?? ''),
  )

describe('adoption', () => {
  it('makes lists of groups and records of direct assignments, writes nothing, and leaves an empty plan', async () => {
    const aws = lived()
    const scene = await shadow()
    await scene.save({ put: 'user', user: aUser('ana') })
    await using running = await scene.start(aws)
    await running.untilQuiet()
    const [finance, platform] = (await lists(scene)).toSorted((a, b) => (a.title < b.title ? -1 : 1))
    expect(platform?.grants.roles.map(({ name }: RoleReference) => name).toSorted()).toEqual(
      [systemRoleName(PROD, ADMIN), systemRoleName(STAGING, READ_ONLY)].toSorted(),
    )
    expect(platform?.members.map((member) => member.kind).toSorted()).toEqual(['aws-only', 'aws-only', 'user'])
    expect(finance?.members).toMatchObject([{ kind: 'aws-only', userName: 'dmitri@acme.example' }])
    expect((await scene.store.readRecords(signal)).adopted.map(({ grant }) => grant)).toEqual([key(READ_ONLY, SANDBOX)])
    await start(scene)
    await running.untilQuiet()
    expect(aws.writes).toEqual([])
  })

  it('follows in shadow mode what changes in AWS, and plans no removal for it', async () => {
    const aws = lived()
    const scene = await shadow()
    await using running = await scene.start(aws)
    await running.untilQuiet()
    aws.groups.get(awsGroup('finance'))?.members.add(awsUser('chiara'))
    aws.groups.get(awsGroup('platform'))?.members.delete(awsUser('bruno'))
    hold(aws, 'GROUP:g-finance', key(ADMIN, STAGING))
    await running.engine.sweepNow(NOTHING_READ)
    const membersOf = async (title: string) => (await lists(scene)).find((list) => list.title === title)?.members.length
    expect([await membersOf('finance'), await membersOf('platform')]).toEqual([2, 2])
    await start(scene)
    await running.untilQuiet()
    expect(aws.writes).toEqual([])
  })

  it('keeps in shadow mode what somebody has changed here, and plans it', async () => {
    const aws = lived()
    const scene = await shadow()
    await using running = await scene.start(aws)
    await running.untilQuiet()
    const platform = (await lists(scene)).find(({ title }) => title === 'platform')
    if (!platform) throw new Error('platform was not adopted')
    await scene.save(
      { put: 'user', user: aUser('zoe') },
      { put: 'list', list: { ...platform, members: [...platform.members.slice(1), aMember('zoe')], revision: 9 } },
    )
    await running.engine.sweepNow(NOTHING_READ)
    await running.engine.sweepNow(NOTHING_READ)
    const { plan } = await running.engine.plan({ refresh: false }, signal)
    expect(plan.operations.map(({ kind }) => kind).toSorted()).toEqual(['add-member', 'create-user', 'remove-member'])
  })

  it('adopts what a user holds when he is linked later, instead of removing it', async () => {
    const aws = lived()
    hold(aws, 'USER:u-dmitri', key(ADMIN, SANDBOX), key(ADMIN, STAGING))
    const scene = await startEngineScene(NOW)
    await scene.save({ put: 'user', user: aUser('dmitri') })
    await using running = await scene.start(aws)
    await running.untilQuiet()
    expect(running.engine.status().notes).toMatchObject([{ kind: 'name-conflict' }])
    const { pushed } = {
      pushed: {
        userName: 'dmitri@acme.example',
        givenName: 'dmitri',
        familyName: 'dmitri',
        displayName: 'dmitri@acme.example',
        email: 'dmitri@acme.example',
        active: true,
      },
    }
    await scene.save({
      put: 'user-link',
      link: {
        organization: scene.organization.id,
        user: userId('dmitri'),
        awsUser: awsUser('dmitri'),
        origin: 'adopted',
        pushed,
        assignmentsAdopted: false,
        userDeleted: false,
      },
    })
    await running.engine.sweepNow(NOTHING_READ)
    await running.untilQuiet()
    expect(directly(aws, 'dmitri')).toEqual([key(ADMIN, SANDBOX), key(ADMIN, STAGING)].toSorted())
    expect(deletions(aws)).toEqual([])
  })

  it('adopts what is in accounts that come into the filter, instead of removing it', async () => {
    const aws = lived()
    const scene = await startEngineScene(NOW, {
      mode: 'shadow',
      accountFilter: [{ include: 'id', pattern: parsePattern(STAGING.id) }],
    })
    await using running = await scene.start(aws)
    await running.untilQuiet()
    await start({ ...scene, organization: { ...scene.organization } })
    await running.untilQuiet()
    await scene.save({
      put: 'organization',
      organization: { ...scene.organization, mode: 'active', accountFilter: [], revision: 10 },
    })
    await running.engine.sweepNow(NOTHING_READ)
    await running.untilQuiet()
    expect(aws.writes).toEqual([])
    const platform = (await lists(scene)).find(({ title }) => title === 'platform')
    expect(platform?.grants.roles).toHaveLength(2)
  })
})

describe('decisions', () => {
  const aws = () =>
    createInMemoryAws({
      accounts: [...A_CATALOGUE.accounts.values()],
      permissionSets: [...A_CATALOGUE.permissionSets.values()],
    })

  it('take access away at the very instant it ends, and never give it back to an earlier clock', async () => {
    const world = aws()
    const scene = await startEngineScene(NOW)
    await scene.save(
      { put: 'user', user: aUser('ana') },
      { put: 'request', request: aRequest('r', 'ana', { roles: [on(ADMIN, PROD)], ...approved(NOW, hours(1)) }) },
    )
    await using running = await scene.start(world)
    await running.untilQuiet()
    expect(directly(world, 'ana')).toEqual([key(ADMIN, PROD)])
    scene.clock.set(plus(NOW, hours(1)))
    await running.untilQuiet()
    expect(directly(world, 'ana')).toEqual([])
    scene.clock.set(NOW)
    await running.untilQuiet()
    expect(directly(world, 'ana')).toEqual([])
    expect(running.engine.status().clockBehind).toBe(true)
    await running.kill()
    await using again = await scene.start(world)
    await again.untilQuiet()
    expect(directly(world, 'ana')).toEqual([])
  })

  it('suspend an overdue list when its grace ends, without a budget or a member less, and restore it with the review', async () => {
    const world = aws()
    const scene = await startEngineScene(NOW, { removalBudget: { atLeast: 0, percent: 0 } })
    const audit = { ...DEFAULT_SCHEDULE, nextAuditDate: plus(NOW, hours(1)), suspendAfter: hours(1) }
    const team = aList('team', { owners: ['boris'], members: ['ana'], grants: [on(READ_ONLY, PROD)], audit })
    await scene.save(
      { put: 'user', user: aUser('ana') },
      { put: 'user', user: aUser('boris') },
      { put: 'list', list: team },
    )
    await using running = await scene.start(world)
    await running.untilQuiet()
    const held = (): readonly string[] => [...world.groups.keys()].flatMap((id) => heldBy(world, `GROUP:${id}`))
    scene.clock.set(plus(NOW, hours(1)))
    await running.untilQuiet()
    expect(held()).toEqual([key(READ_ONLY, PROD)])
    scene.clock.set(plus(NOW, hours(2)))
    await running.untilQuiet()
    expect(held()).toEqual([])
    expect([...world.groups.values()].map(({ members }) => members.size)).toEqual([1])
    const [removal] = scene.store.events.filter(({ event }) => event.endsWith('account_assignment.deleted'))
    expect(removal?.fields['cause']).toBe(
      'the access list team is suspended since 2027-03-01T11:00:00Z for want of a review',
    )
    const ports = { ...scene, records: createRecordsCache(scene.store), ids: createInMemoryIds() }
    const boris = { kind: 'user', user: userId('boris'), assumed: [] } as const
    await reviewAccessList(ports, { actor: boris, list: 'team', notes: '', removeMembers: [] }, signal)
    await running.untilQuiet()
    expect(held()).toEqual([key(READ_ONLY, PROD)])
  })

  it('lock a user out everywhere, and let him in again', async () => {
    const world = aws()
    const scene = await startEngineScene(NOW)
    await scene.save(
      { put: 'user', user: aUser('ana', { roles: [on(ADMIN, PROD)] }) },
      { put: 'list', list: aList('team', { members: ['ana'], grants: [on(READ_ONLY, PROD)] }) },
    )
    await using running = await scene.start(world)
    await running.untilQuiet()
    const lock = aLock({ kind: 'user', user: userId('ana') })
    await scene.save({ put: 'lock', lock })
    await running.untilQuiet()
    expect([...world.users.values()].map(({ profile }) => profile.active)).toEqual([false])
    expect(directly(world, 'ana')).toEqual([])
    expect([...world.groups.values()].map(({ members }) => members.size)).toEqual([0])
    await scene.save({ delete: 'lock', id: lock.id })
    await running.untilQuiet()
    expect([...world.users.values()].map(({ profile }) => profile.active)).toEqual([true])
    expect(directly(world, 'ana')).toEqual([key(ADMIN, PROD)])
    expect([...world.groups.values()].map(({ members }) => members.size)).toEqual([1])
  })

  it('take a denied user out of the group and give him the rest directly', async () => {
    const world = aws()
    const scene = await startEngineScene(NOW)
    await scene.save(
      { put: 'role', role: aRole('no-admin', { deny: { assignments: [['*', ADMIN.arn]] } }) },
      { put: 'user', user: aUser('ana', { roles: ['no-admin'] }) },
      { put: 'user', user: aUser('bruno') },
      {
        put: 'list',
        list: aList('team', { members: ['ana', 'bruno'], grants: [on(READ_ONLY, PROD), on(ADMIN, PROD)] }),
      },
    )
    await using running = await scene.start(world)
    await running.untilQuiet()
    expect(directly(world, 'ana')).toEqual([key(READ_ONLY, PROD)])
    const [group] = [...world.groups.values()]
    expect(group?.members.size).toBe(1)
  })

  it('remove the group with the last grant of a list that was made here', async () => {
    const world = aws()
    const scene = await startEngineScene(NOW)
    const team = aList('team', { members: ['ana'], grants: [on(READ_ONLY, PROD)] })
    await scene.save({ put: 'user', user: aUser('ana') }, { put: 'list', list: team })
    await using running = await scene.start(world)
    await running.untilQuiet()
    expect(world.groups.size).toBe(1)
    await scene.save({ put: 'list', list: { ...team, grants: { roles: [], traits: {} }, revision: 2 } })
    await scene.store.commit(
      {
        events: [
          { event: 'access_list.update', code: 'TAL002I', time: NOW, subjects: [`list:${team.id}`], fields: {} },
        ],
      },
      signal,
    )
    await running.untilQuiet()
    expect(world.groups.size).toBe(0)
    expect([...world.assignments.values()].flatMap((held) => [...held])).toEqual([])
    expect(
      (await scene.store.readRecords(signal)).groupLinks.filter(({ group }) => group === groupKey(team.id, 'members')),
    ).toEqual([])
  })

  it('never take over a group or user of the same name', async () => {
    const world = lived()
    const scene = await startEngineScene(NOW)
    await scene.save(
      { put: 'user', user: aUser('bruno', { roles: [on(ADMIN, PROD)] }) },
      { put: 'list', list: aList('Platform', { members: ['bruno'], grants: [on(ADMIN, PROD)] }) },
    )
    await using running = await scene.start(world)
    await running.untilQuiet()
    expect(world.writes).toEqual([])
    expect(running.engine.status().notes.map(({ kind }) => kind)).toEqual(['name-conflict', 'name-conflict'])
  })

  it('wait for an account that is suspended (D5-20)', async () => {
    const world = aws()
    world.accounts.set(PROD.id, { ...PROD, state: 'SUSPENDED' })
    const scene = await startEngineScene(NOW)
    await scene.save({ put: 'user', user: aUser('ana', { roles: [on(ADMIN, PROD), on(ADMIN, STAGING)] }) })
    await using running = await scene.start(world)
    await running.untilQuiet()
    expect(directly(world, 'ana')).toEqual([key(ADMIN, STAGING)])
    world.accounts.set(PROD.id, PROD)
    scene.clock.advance(minutes(6))
    await running.engine.sweepNow(NOTHING_READ)
    await running.untilQuiet()
    expect(directly(world, 'ana')).toEqual([key(ADMIN, PROD), key(ADMIN, STAGING)].toSorted())
  })
})
