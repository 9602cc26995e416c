import {
  type AccessList,
  type AwsGroupId,
  type AwsUserId,
  days,
  grantKey,
  hours,
  minutes,
  operationKey,
  plus,
  removeList,
  removeUser,
  type UserId,
} from '@gatehouse/domain'
import {
  A_CATALOGUE,
  ADMIN,
  approved,
  aRequest,
  aUser,
  NOW,
  on,
  PROD,
  READ_ONLY,
  STAGING,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { linkPrincipal } from '../adopt/link-principal.ts'
import { createRecordsCache } from '../governance/records-cache.ts'
import { readView } from '../governance/read-view.ts'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { type EngineScene, type RunningEngine, startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws, type Wire } from '../testing/in-memory-identity-center.ts'

const { signal } = new AbortController()
const PLATFORM = 'g-platform' as AwsGroupId
const FINANCE = 'g-finance' as AwsGroupId
const awsUser = (name: string) => `u-${name}` as AwsUserId
const key = (set: { arn: typeof ADMIN.arn }, account: { id: typeof PROD.id }) =>
  grantKey({ account: account.id, permissionSet: set.arn })

const anEmptyAws = (): InMemoryAws =>
  createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
function addUser(aws: InMemoryAws, name: string): void {
  const userName = `${name}@acme.example`
  const profile = { userName, givenName: name, familyName: name, displayName: name, email: userName, active: true }
  aws.users.set(awsUser(name), { profile })
}
function join(aws: InMemoryAws, group: AwsGroupId, names: readonly string[]): void {
  for (const name of names) {
    addUser(aws, name)
    aws.groups.get(group)?.members.add(awsUser(name))
  }
}
function leave(aws: InMemoryAws, group: AwsGroupId, names: readonly string[]): void {
  for (const name of names) aws.groups.get(group)?.members.delete(awsUser(name))
}
const allHeld = (aws: InMemoryAws): readonly string[] => [...aws.assignments.values()].flatMap((held) => [...held])
const removals = (aws: InMemoryAws) =>
  aws.writes.filter(
    ({ operation, about }) => operation.startsWith('Delete') || /-[a-z]/.test(about.split(' -')[1] ?? ''),
  )
const names = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

const listCalled = async (scene: EngineScene, title: string): Promise<AccessList> => {
  const list = (await scene.store.readRecords(signal)).lists.find((one) => one.title === title)
  if (!list) throw new Error(`no list ${title}`)
  return list
}
const portsOf = ({ store, clock }: EngineScene) => ({ store, records: createRecordsCache(store), clock })
const viewOfEngine = async (scene: EngineScene) => (await readView(portsOf(scene), signal)).view
async function remove(scene: EngineScene, title: string): Promise<void> {
  const list = await listCalled(scene, title)
  const { changes, events } = removeList(
    list,
    { withGroup: false },
    await viewOfEngine(scene),
    scene.clock.now(),
    'ana',
  )
  await scene.store.commit({ records: changes, events }, signal)
}
const sweep = (running: RunningEngine): Promise<void> => running.engine.sweepNow(AbortSignal.timeout(5_000))

/** Two groups that were there before us; the lists made of them are in force, or still follow AWS. */
async function adopted(
  options: { members?: readonly string[]; mode?: 'shadow'; wire?: (scene: EngineScene) => Wire } = {},
) {
  const aws = anEmptyAws()
  aws.groups.set(PLATFORM, { displayName: 'platform', members: new Set() })
  aws.groups.set(FINANCE, { displayName: 'finance', members: new Set() })
  join(aws, PLATFORM, options.members ?? ['ana', 'bruno', 'chiara'])
  join(aws, FINANCE, ['dmitri'])
  aws.assignments.set(`GROUP:${PLATFORM}` as never, new Set([key(ADMIN, PROD), key(READ_ONLY, STAGING)])) // AWS's key
  const scene = await startEngineScene(NOW, { mode: 'shadow', defaultOwners: [] })
  const running = await scene.start(aws, options.wire?.(scene))
  await running.untilQuiet()
  if (options.mode !== 'shadow') {
    await scene.save({ put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } })
    await running.untilQuiet()
  }
  return { aws, scene, running }
}

describe('a decision while AWS is asked', () => {
  it('keeps the group of an adopted list that is removed while its new name is being written', async () => {
    let removed = false
    const { aws, scene, running } = await adopted({
      wire: (within) => ({
        async before({ operation }) {
          if (operation !== 'PatchGroup' || removed) return
          removed = true
          await remove(within, 'platform two')
        },
        after: async () => {},
      }),
    })
    await using _ = running
    const list = await listCalled(scene, 'platform')
    await scene.save({ put: 'list', list: { ...list, title: 'platform two', revision: 5 } })
    await running.untilQuiet()
    expect(removed).toBe(true)
    expect(aws.groups.has(PLATFORM)).toBe(true)
    expect(allHeld(aws)).toHaveLength(2)
  })

  it('about the organization is not undone by a sweep that began before it', async () => {
    const scene = await startEngineScene(NOW, { mode: 'shadow', managementAccount: '' })
    const commit = scene.store.commit.bind(scene.store)
    const organization = { ...scene.organization, mode: 'active', revision: 2 } as const
    let isDecided = false
    scene.store.commit = async (change, within) => {
      if (!isDecided && change.mirror?.some((one) => 'put' in one && one.put === 'swept')) {
        isDecided = true
        await commit({ records: [{ put: 'organization', organization }] }, signal)
      }
      return commit(change, within)
    }
    await using running = await scene.start(anEmptyAws())
    await running.untilQuiet()
    await sweep(running)
    const { organizations } = await scene.store.readRecords(signal)
    expect(organizations).toMatchObject([{ mode: 'active', managementAccount: '100000000000' }])
  })
})

describe('a release', () => {
  it('is for the members that are gone in AWS, and not for those that go later', async () => {
    const members = names(20, 'm')
    const { aws, scene, running } = await adopted({ members, mode: 'shadow' })
    await using _ = running
    const lose = async (gone: readonly string[]): Promise<void> => {
      leave(aws, PLATFORM, gone)
      await sweep(running)
      await running.engine.release(['read-member 12'], {})
      await sweep(running)
      await sweep(running)
    }
    const findings = (): readonly string[] => [...running.engine.status().findings.keys()]
    const size = async (): Promise<number> => (await listCalled(scene, 'platform')).members.length
    await lose(members.slice(0, 12))
    expect({ findings: findings(), size: await size() }).toEqual({ findings: ['adopt-removals'], size: 20 })
    await running.engine.release(['adopt-removals 12'], {})
    await sweep(running)
    expect({ findings: findings(), size: await size() }).toEqual({ findings: [], size: 8 })
    const others = names(20, 'n')
    join(aws, PLATFORM, others)
    await sweep(running)
    await running.untilQuiet()
    await lose(others.slice(0, 12))
    expect({ findings: findings(), size: await size() }).toEqual({ findings: ['adopt-removals'], size: 28 })
  })

  it('of what is gone by itself is not kept for the day on which it is back', async () => {
    const { aws, running, scene } = await adopted()
    await using _ = running
    const strangers = names(12, 'e')
    join(aws, FINANCE, strangers)
    await sweep(running)
    await running.untilQuiet()
    const { held } = await running.engine.plan({ refresh: false }, signal)
    expect(held).toHaveLength(12)
    leave(aws, FINANCE, strangers)
    await sweep(running)
    await running.engine.release(['read-member 12'], {})
    await sweep(running)
    const keys = held.map(({ operation }) => operationKey(operation))
    await running.engine.release(keys, {})
    await running.untilQuiet()
    scene.clock.advance(days(30))
    join(aws, FINANCE, strangers)
    await sweep(running)
    await running.untilQuiet()
    expect((await running.engine.plan({ refresh: false }, signal)).held).toHaveLength(12)
    expect(removals(aws)).toEqual([])
  })
})

describe('a clock that goes back', () => {
  it('earns no new budget', async () => {
    const { aws, running, scene } = await adopted()
    await using _ = running
    scene.clock.advance(days(3))
    await running.untilQuiet()
    scene.clock.set(NOW)
    for (const prefix of ['e', 'f', 'g']) {
      join(aws, FINANCE, names(8, prefix))
      await sweep(running)
      await running.untilQuiet()
    }
    expect(aws.groups.get(FINANCE)?.members.size).toBe(1 + 8 + 8) // the first eight are taken out, the others held
  })

  it('makes no pause longer before access that has to go is tried again', async () => {
    const aws = anEmptyAws()
    const scene = await startEngineScene(plus(NOW, days(1)))
    await scene.save({ put: 'user', user: aUser('ana', { roles: [on(ADMIN, PROD)] }) })
    let isRefused = false
    await using running = await scene.start(aws, {
      async before({ operation }) {
        if (operation !== 'DeleteAccountAssignment' || isRefused) return
        isRefused = true
        throw new IdentityCenterError('invalid', operation, 'not now')
      },
      after: async () => {},
    })
    await running.untilQuiet()
    await scene.save({ put: 'user', user: aUser('ana') })
    running.engine.wake()
    await expect.poll(() => running.engine.status().waiting).toHaveLength(1)
    scene.clock.set(plus(NOW, minutes(2)))
    await expect
      .poll(() => {
        running.engine.wake()
        return allHeld(aws)
      })
      .toEqual([])
  })
})

describe('who is no longer ours', () => {
  it('is inactive from the deletion on, though an assignment can not be taken away', async () => {
    const aws = anEmptyAws()
    const scene = await startEngineScene(NOW)
    const ana = aUser('ana', { roles: [on(ADMIN, PROD)] })
    await scene.save({ put: 'user', user: ana })
    await using running = await scene.start(aws)
    await running.untilQuiet()
    aws.accounts.set(PROD.id, { ...PROD, state: 'SUSPENDED' })
    await sweep(running)
    const { changes, events } = removeUser(ana, await viewOfEngine(scene), NOW, 'eva')
    await scene.store.commit({ records: changes, events }, signal)
    await running.untilQuiet()
    expect([...aws.users.values()].map(({ profile }) => profile.active)).toEqual([false])
    aws.accounts.set(PROD.id, PROD)
    await sweep(running)
    await running.untilQuiet()
    expect([...aws.users.keys(), ...allHeld(aws)]).toEqual([])
  })

  it('is a list whose group was let go: when it is back, what the group holds by then is adopted', async () => {
    const { aws, scene, running } = await adopted()
    await using _ = running
    const list = await listCalled(scene, 'platform')
    await remove(scene, 'platform')
    await running.untilQuiet()
    join(aws, PLATFORM, ['eva'])
    await sweep(running)
    await running.untilQuiet()
    await scene.save({ put: 'list', list: { ...list, members: [], grants: { roles: [], traits: {} }, revision: 1 } })
    await running.untilQuiet()
    await sweep(running)
    await running.untilQuiet()
    expect(removals(aws)).toEqual([])
    const back = await listCalled(scene, 'platform')
    expect([back.members.length, back.grants.roles.length]).toEqual([4, 2])
  })

  it('is not left behind by a link to somebody else in AWS', async () => {
    const aws = anEmptyAws()
    addUser(aws, 'dmitri')
    const scene = await startEngineScene(NOW)
    const request = aRequest('r', 'ana', { roles: [on(ADMIN, PROD)], ...approved(NOW, hours(1)) })
    await scene.save({ put: 'user', user: aUser('ana') }, { put: 'request', request })
    await using running = await scene.start(aws)
    await running.untilQuiet()
    await expect(link(scene, running, 'ana@acme.example', 'dmitri@acme.example')).rejects.toMatchObject({
      problem: { code: 'conflict' },
    })
    scene.clock.advance(hours(2))
    await running.untilQuiet()
    expect(allHeld(aws)).toEqual([])
  })

  it('is one link, when somebody else is linked to the user whom he has left in AWS', async () => {
    const { aws, scene, running } = await adopted()
    await using _ = running
    const first = aUser('ana')
    await scene.save({ put: 'user', user: first })
    await link(scene, running, 'ana@acme.example', 'ana@acme.example')
    await running.untilQuiet()
    const { changes, events } = removeUser(first, await viewOfEngine(scene), NOW, 'eva')
    await scene.store.commit({ records: changes, events }, signal)
    await running.untilQuiet()
    expect(aws.users.get(awsUser('ana'))?.profile.active).toBe(false)
    await scene.save({ put: 'user', user: { ...first, id: 'another ana' as UserId } })
    await link(scene, running, 'ana@acme.example', 'ana@acme.example')
    await running.untilQuiet()
    const { userLinks } = await scene.store.readRecords(signal)
    expect(userLinks.map(({ user, awsUser: id }) => [user, id])).toEqual([['another ana', awsUser('ana')]])
    expect(aws.users.get(awsUser('ana'))?.profile.active).toBe(true)
  })
})

const link = (scene: EngineScene, { engine }: RunningEngine, ours: string, aws: string) =>
  linkPrincipal(
    portsOf(scene),
    engine,
    { actor: { kind: 'system' }, organization: scene.organization, kind: 'user', ours, aws },
    signal,
  )
