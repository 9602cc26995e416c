import {
  type AuditEventName,
  type DriftFinding,
  findingKey,
  followKey,
  hours,
  minus,
  type Operation,
  whyAccess,
  whyNotFollow,
} from '@gatehouse/domain'
import { ADMIN, aMember, aRole, aUser, NOW, PROD, STAGING, userId } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { InMemoryAws } from '../testing/in-memory-identity-center.ts'
import { EVA, KEEPER, withRecords } from '../testing/keeper.ts'
import { addUser, awsGroup, awsUser, hold, key, lists, lived, REPORT_ALL, shadow } from '../testing/lived-aws.ts'
import { releaseWaiting } from './release-waiting.ts'

const { signal } = new AbortController()
const NOTHING_READ = AbortSignal.timeout(60_000)

/** An active organization that reports everything. */
async function settled(aws: InMemoryAws) {
  const scene = await shadow()
  await scene.save({ put: 'user', user: aUser('ana') }, { put: 'user', user: aUser('bruno') })
  const running = await scene.start(aws)
  await running.untilQuiet()
  await scene.save({
    put: 'organization',
    organization: { ...scene.organization, mode: 'active', driftPolicy: REPORT_ALL, revision: 9 },
  })
  await scene.save(...KEEPER)
  await running.untilQuiet()
  const { engine } = running
  return {
    aws,
    scene,
    engine,
    async look() {
      await engine.sweepNow(NOTHING_READ)
      await running.untilQuiet()
    },
    follow: (...findings: readonly DriftFinding[]) =>
      releaseWaiting(
        withRecords(scene),
        engine,
        {
          organization: scene.organization.name,
          actor: EVA,
          operations: [],
          findings: [],
          follow: findings.map(findingKey),
        },
        signal,
      ),
    list: async (title: string) => {
      const found = (await lists(scene)).find((one) => one.title === title)
      if (!found) throw new Error(`There is no list ${title}.`)
      return found
    },
    released: async () => [...(await scene.store.readMemory(scene.organization.id, signal)).released],
    notFollowed: () => engine.status().notes.filter(({ kind }) => kind === 'not-followed'),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}
type Scene = Awaited<ReturnType<typeof settled>>

const drift = ({ engine }: Scene, kind: Operation['kind']): readonly DriftFinding[] =>
  engine.status().drift.filter(({ operation }) => operation.kind === kind)
const putInto = ({ aws }: Scene, group: string, name: string) =>
  aws.groups.get(awsGroup(group))?.members.add(awsUser(name))

const rename = ({ aws }: Scene, group: string, displayName: string) =>
  Object.assign(aws.groups.get(awsGroup(group)) ?? {}, { displayName })

describe('letting the records follow AWS', () => {
  it('is for what was looked at: what could not be done says why, and is not done later', async () => {
    await using scene = await settled(lived())
    putInto(scene, 'finance', 'bruno')
    const finance = await scene.list('finance')
    const ended = aMember('bruno', { expires: minus(NOW, hours(1)) })
    await scene.scene.save({
      put: 'list',
      list: { ...finance, members: [...finance.members, ended], revision: finance.revision + 1 },
    })
    await scene.look()
    // As if his entry had come after somebody said so, and before the reading.
    const keys = drift(scene, 'remove-member').map((finding) => followKey(findingKey(finding), 'eva@acme.example'))
    expect(keys).toHaveLength(1)
    await scene.engine.release(keys, {})
    await scene.look()
    expect(scene.notFollowed().map(({ message }) => message)).toEqual([
      'The records did not follow what was found in AWS: the list has an entry of this person already.',
    ])
    expect(await scene.released()).toEqual([])
    const later = await scene.list('finance')
    await scene.scene.save({ put: 'list', list: { ...finance, revision: later.revision + 1 } })
    await scene.look()
    expect((await scene.list('finance')).members).toEqual(finance.members)
    expect(drift(scene, 'remove-member')).toHaveLength(1)
  })

  it('refuses, with words, a member who has an entry already', async () => {
    await using scene = await settled(lived())
    const finance = await scene.list('finance')
    const ended = aMember('bruno', { expires: minus(NOW, hours(1)) })
    const members = [...finance.members, ended]
    await scene.scene.save({ put: 'list', list: { ...finance, members, revision: finance.revision + 1 } })
    putInto(scene, 'finance', 'bruno')
    await scene.look()
    await expect(scene.follow(...drift(scene, 'remove-member'))).rejects.toThrow(
      'was put into group finance in AWS, but the list has an entry of this person',
    )
    expect(await scene.released()).toEqual([])
  })

  it('takes over the name of a group that was looked at, and no other', async () => {
    await using scene = await settled(lived())
    rename(scene, 'finance', 'treasury')
    await scene.look()
    const [looked] = drift(scene, 'rename-group')
    if (!looked) throw new Error('Nothing was found.')
    rename(scene, 'finance', 'cafeteria')
    await scene.engine.release([followKey(findingKey(looked), 'eva@acme.example')], {})
    await scene.look()
    expect((await scene.list('finance')).title).toBe('finance')
    expect(scene.notFollowed()[0]?.message).toContain('AWS no longer shows it as it was looked at')
    await expect(scene.follow(looked)).rejects.toThrow('there is no held operation or finding')
    await scene.follow(...drift(scene, 'rename-group'))
    await scene.look()
    expect((await scene.list('cafeteria')).id).toBe(awsGroup('finance'))
    expect(await scene.released()).toEqual([])
  })

  it('refuses a name that another list has', async () => {
    await using scene = await settled(lived())
    rename(scene, 'finance', 'PLATFORM')
    await scene.look()
    await expect(scene.follow(...drift(scene, 'rename-group'))).rejects.toThrow('another list is called "PLATFORM"')
    expect(await scene.released()).toEqual([])
  })

  it('refuses what becomes of a group of owners, whose name and members are said by the list', () => {
    const group = { group: 'finance/owners', title: 'finance (owners)', awsGroup: awsGroup('o') } as const
    const renamed = { kind: 'rename-group', ...group, from: 'owners2' } as const
    const member = { user: userId('bruno'), userName: 'bruno' }
    const added = { kind: 'remove-member', group, member, cause: { kind: 'foreign' } } as const
    const nothing = { lists: [], entriesOfUser: new Map() }
    expect(whyNotFollow({ kind: 'group-renamed', message: '', operation: renamed }, nothing)).toBeDefined()
    expect(whyNotFollow({ kind: 'member-added', message: '', operation: added }, nothing)).toBeDefined()
  })

  it('says who did so, where one looks for it: at the member, at the list and at the user', async () => {
    await using scene = await settled(lived())
    putInto(scene, 'finance', 'bruno')
    await scene.look()
    await scene.follow(...drift(scene, 'remove-member'))
    await scene.look()
    expect((await scene.list('finance')).members.at(-1)).toMatchObject({
      user: userId('bruno'),
      addedBy: 'eva@acme.example',
      reason: 'Found in Identity Center and kept',
    })
    const latest = async (event: AuditEventName) => (await scene.scene.store.list({ limit: 1, event }, signal))[0]
    expect((await latest('access_list.update'))?.fields).toMatchObject({ updated_by: 'eva@acme.example' })
    expect((await latest('aws_identity_center.drift.decided'))?.subjects.toSorted()).toEqual([
      'list:g-finance',
      `organization:${scene.scene.organization.id}`,
      `user:${userId('bruno')}`,
    ])
  })

  it('says of an assignment of a person who kept it: in the record, in the event and in the reason for the access', async () => {
    await using scene = await settled(lived())
    hold(scene.aws, 'USER:u-ana', key(ADMIN, STAGING))
    await scene.look()
    await scene.follow(...drift(scene, 'delete-assignment'))
    await scene.look()
    const kept = { user: userId('ana'), keptBy: 'eva@acme.example' }
    const { adopted } = await scene.scene.store.readRecords(signal)
    expect(adopted.filter(({ keptBy }) => keptBy !== undefined)).toEqual([
      { ...kept, grant: key(ADMIN, STAGING), organization: scene.scene.organization.id, adoptedAt: NOW },
    ])
    expect(adopted.length).toBeGreaterThan(1)
    const [event] = await scene.scene.store.list({ limit: 1, event: 'aws_identity_center.adopted' }, signal)
    expect(event?.subjects).toContain(`user:${userId('ana')}`)
    expect(event?.fields['kept']).toEqual([
      {
        user: 'ana@acme.example',
        account_id: STAGING.id,
        permission_set_arn: ADMIN.arn,
        kept_by: 'eva@acme.example',
      },
    ])
    const { view } = await scene.engine.plan({ refresh: false }, signal)
    const [path] = whyAccess(aUser('ana'), view, NOW, { account: STAGING.id, permissionSet: ADMIN.arn }).paths
    expect(path?.lease.cause).toEqual({ kind: 'adopted', keptBy: 'eva@acme.example' })
  })

  it('and taking it back are not both done, also when two people say so one after the other', async () => {
    await using scene = await settled(lived())
    putInto(scene, 'finance', 'bruno')
    await scene.look()
    const [key = ''] = drift(scene, 'remove-member').map(findingKey)
    const status = scene.engine.status()
    // An engine that has not got round to it.
    const slow = () => {
      const released = new Set<string>()
      const release = async (keys: readonly string[]) => keys.forEach((one) => released.add(one))
      const engine = { ...scene.engine, status: () => status, released: () => released, release }
      const asked = { organization: scene.scene.organization.name, actor: EVA, findings: [] }
      return (what: 'operations' | 'follow') =>
        releaseWaiting(
          withRecords(scene.scene),
          engine,
          { ...asked, operations: [], follow: [], [what]: [key] },
          signal,
        )
    }
    const followed = slow()
    expect(await followed('follow')).toBe(1)
    await expect(followed('operations')).rejects.toThrow('is followed already')
    expect(await followed('follow')).toBe(1)
    const takenBack = slow()
    expect(await takenBack('operations')).toBe(1)
    await expect(takenBack('follow')).rejects.toThrow('is taken back already')
  })

  it('of many is one event with their number, and with some of them in words', async () => {
    await using scene = await settled(lived())
    for (let index = 0; index < 60; index++) {
      addUser(scene.aws, `extra${index}`)
      putInto(scene, 'finance', `extra${index}`)
    }
    await scene.look()
    await scene.follow(...drift(scene, 'remove-member'))
    const query = { limit: 5, event: 'aws_identity_center.drift.decided' } as const
    const [event, ...others] = await scene.scene.store.list(query, signal)
    expect(others).toEqual([])
    expect(event?.fields).toMatchObject({ followed: { length: 50 }, followed_count: 60, taken_back_count: 0 })
  })

  describe('takes the rights that it takes by hand:', () => {
    /** Somebody with the right over drift, and with another one. */
    async function decidedBy(resource: 'user' | 'access_list') {
      const scene = await settled(lived())
      const rules = [{ resources: ['aws_identity_center', resource], verbs: ['update'] }] as const
      await scene.scene.save({ put: 'role', role: aRole('keeper', { allow: { rules } }) })
      putInto(scene, 'finance', 'bruno')
      rename(scene, 'finance', 'treasury')
      hold(scene.aws, 'GROUP:g-finance', key(ADMIN, PROD))
      hold(scene.aws, 'USER:u-ana', key(ADMIN, STAGING))
      await scene.look()
      const ofTheList = [...drift(scene, 'remove-member'), ...drift(scene, 'rename-group')]
      const [direct, granted] = drift(scene, 'delete-assignment').toSorted((a) => (a.message.includes('ana') ? -1 : 1))
      if (!direct || !granted || ofTheList.length < 2) throw new Error('Something was not found.')
      return { scene, direct, ofTheList: [...ofTheList, granted] }
    }

    it('those over the list for its members, its grants and its name', async () => {
      const { scene, direct, ofTheList } = await decidedBy('user')
      await using _ = scene
      for (const finding of ofTheList)
        await expect(scene.follow(finding)).rejects.toThrow(/update.*access_list|access_list.*update/)
      expect(await scene.follow(direct)).toBe(1)
    })

    it('those over the user for an assignment of his own', async () => {
      const { scene, direct, ofTheList } = await decidedBy('access_list')
      await using _ = scene
      await expect(scene.follow(...ofTheList, direct)).rejects.toThrow(/update.*user|user.*update/)
      expect(await scene.released()).toEqual([])
      expect(await scene.follow(...ofTheList)).toBe(3)
    })
  })
})
