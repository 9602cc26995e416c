import { type DriftPolicy, findingKey, operationKey, systemRoleName } from '@gatehouse/domain'
import { ADMIN, aUser, PROD, READ_ONLY, SANDBOX, STAGING } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { InMemoryAws } from '../testing/in-memory-identity-center.ts'
import {
  addGroup,
  addUser,
  awsGroup,
  awsUser,
  heldBy,
  hold,
  key,
  lists,
  lived,
  REPORT_ALL,
  shadow,
} from '../testing/lived-aws.ts'
import type { OrganizationEngine } from './organization-engine.ts'
import { EVA, KEEPER, withRecords } from '../testing/keeper.ts'
import { releaseWaiting } from './release-waiting.ts'

const { signal } = new AbortController()
const NOTHING_READ = AbortSignal.timeout(60_000)

describe('drift', () => {
  async function settled(aws: InMemoryAws, policy: Partial<DriftPolicy> = {}) {
    const scene = await shadow()
    await scene.save({ put: 'user', user: aUser('ana') })
    const running = await scene.start(aws)
    await running.untilQuiet()
    const driftPolicy = { ...scene.organization.driftPolicy, ...policy }
    const organization = { ...scene.organization, mode: 'active', driftPolicy, revision: 9 } as const
    await scene.save({ put: 'organization', organization })
    await running.untilQuiet()
    return { scene, running }
  }

  it('reverts an assignment and a member that appeared or vanished in AWS (D5-35, D5-36)', async () => {
    const aws = lived()
    const { running } = await settled(aws)
    await using _ = running
    hold(aws, 'GROUP:g-finance', key(ADMIN, PROD))
    aws.assignments.get('GROUP:g-platform' as never)?.delete(key(ADMIN, PROD) as never) // by hand
    aws.groups.get(awsGroup('finance'))?.members.add(awsUser('bruno'))
    aws.groups.get(awsGroup('platform'))?.members.delete(awsUser('ana'))
    await running.engine.sweepNow(NOTHING_READ)
    await running.untilQuiet()
    expect(heldBy(aws, 'GROUP:g-finance')).toEqual([key(READ_ONLY, PROD)])
    expect(heldBy(aws, 'GROUP:g-platform')).toEqual([key(ADMIN, PROD), key(READ_ONLY, STAGING)].toSorted())
    expect([...(aws.groups.get(awsGroup('finance'))?.members ?? [])]).toEqual([awsUser('dmitri')])
    expect(aws.groups.get(awsGroup('platform'))?.members.size).toBe(3)
  })

  it('holds back more foreign removals than the budget until somebody releases them', async () => {
    const aws = lived()
    const { running } = await settled(aws)
    await using _ = running
    for (let index = 0; index < 12; index++) {
      addUser(aws, `extra${index}`)
      aws.groups.get(awsGroup('finance'))?.members.add(awsUser(`extra${index}`))
    }
    await running.engine.sweepNow(NOTHING_READ)
    await running.untilQuiet()
    expect(aws.groups.get(awsGroup('finance'))?.members.size).toBe(13)
    const { held } = await running.engine.plan({ refresh: false }, signal)
    expect(held).toHaveLength(12)
    await running.engine.release(
      held.map(({ operation }) => operationKey(operation)),
      {},
    )
    await running.untilQuiet()
    expect(aws.groups.get(awsGroup('finance'))?.members.size).toBe(1)
  })

  it('concludes nothing from a read that shows only a part, and says so (D5-11)', async () => {
    const aws = lived()
    const { running, scene } = await settled(aws)
    await using _ = running
    const groups = new Map(aws.groups)
    const users = new Map(aws.users)
    aws.groups.clear()
    aws.users.clear()
    await running.engine.sweepNow(NOTHING_READ)
    await running.untilQuiet()
    expect([...running.engine.status().findings.values()].map(({ kind }) => kind).toSorted()).toEqual(['group', 'user'])
    expect(aws.writes).toEqual([])
    expect(await lists(scene)).toHaveLength(2)
    for (const [id, group] of groups) aws.groups.set(id, group)
    for (const [id, user] of users) aws.users.set(id, user)
    await running.engine.sweepNow(NOTHING_READ)
    await running.untilQuiet()
    expect(running.engine.status().findings.size).toBe(0)
    expect(aws.writes).toEqual([])
  })

  it('makes a deleted group again and replays its members and assignments (D5-32)', async () => {
    const aws = lived()
    for (const name of ['a', 'b', 'c', 'd']) addGroup(aws, name, ['ana'])
    const { running } = await settled(aws)
    await using _ = running
    aws.groups.delete(awsGroup('platform'))
    aws.assignments.delete('GROUP:g-platform' as never) // AWS would keep them with a dead id
    await running.engine.sweepNow(NOTHING_READ)
    await running.untilQuiet()
    const [id, group] = [...aws.groups].find(([, { displayName }]) => displayName === 'platform') ?? []
    expect([...(group?.members ?? [])].toSorted()).toEqual(['ana', 'bruno', 'chiara'].map(awsUser))
    expect(heldBy(aws, `GROUP:${id}`)).toEqual([key(ADMIN, PROD), key(READ_ONLY, STAGING)].toSorted())
  })

  describe('that policy leaves to a person', () => {
    /** Everything that can be changed beside us, once each, but for a deleted group. */
    async function changed() {
      const aws = lived()
      const { scene, running } = await settled(aws, REPORT_ALL)
      await scene.save(...KEEPER)
      await running.untilQuiet()
      hold(aws, 'GROUP:g-finance', key(ADMIN, PROD))
      hold(aws, 'USER:u-ana', key(ADMIN, STAGING))
      aws.assignments.get('GROUP:g-platform' as never)?.delete(key(ADMIN, PROD) as never)
      aws.groups.get(awsGroup('finance'))?.members.add(awsUser('bruno'))
      aws.groups.get(awsGroup('platform'))?.members.delete(awsUser('ana'))
      const finance = aws.groups.get(awsGroup('finance'))
      if (finance) finance.displayName = 'treasury'
      await running.engine.sweepNow(NOTHING_READ)
      await running.untilQuiet()
      return { aws, scene, running }
    }
    const said = [
      'AdministratorAccess on prod for group finance was added in AWS.',
      'AdministratorAccess on prod for group platform was removed in AWS.',
      'AdministratorAccess on staging for ana@acme.example was added in AWS.',
      'Group finance was renamed in AWS to "treasury".',
      'ana@acme.example was taken out of group platform in AWS.',
      'bruno@acme.example was put into group finance in AWS.',
    ]
    const messagesIn = (running: { readonly engine: OrganizationEngine }) =>
      running.engine
        .status()
        .drift.map(({ message }) => message)
        .toSorted()

    it('is said, recorded, and left as it is', async () => {
      const { aws, running, scene } = await changed()
      await using _ = running
      const before = aws.writes.length
      expect(messagesIn(running)).toEqual(said)
      await running.engine.sweepNow(NOTHING_READ)
      await running.untilQuiet()
      expect(aws.writes.length).toBe(before)
      expect(messagesIn(running)).toEqual(said)
      const events = await scene.store.list({ limit: 5, event: 'aws_identity_center.drift.found' }, signal)
      expect(events[0]?.fields).toMatchObject({ count: said.length })
    })

    it('is taken back when somebody says so, each by itself', async () => {
      const { aws, running, scene } = await changed()
      await using _ = running
      const { drift } = running.engine.status()
      const keys = drift.map((finding) => findingKey(finding))
      const [first = '', ...others] = keys
      const command = { organization: scene.organization.name, actor: EVA, findings: [], follow: [] }
      await releaseWaiting(withRecords(scene), running.engine, { ...command, operations: [first] }, signal)
      await running.untilQuiet()
      await running.engine.sweepNow(NOTHING_READ)
      await running.untilQuiet()
      expect(running.engine.status().drift).toHaveLength(said.length - 1)
      await releaseWaiting(withRecords(scene), running.engine, { ...command, operations: others }, signal)
      await running.untilQuiet()
      await running.engine.sweepNow(NOTHING_READ)
      await running.untilQuiet()
      expect(messagesIn(running)).toEqual([])
      expect(heldBy(aws, 'GROUP:g-finance')).toEqual([key(READ_ONLY, PROD)])
      expect(heldBy(aws, 'GROUP:g-platform')).toContain(key(ADMIN, PROD))
      expect(heldBy(aws, 'USER:u-ana')).toEqual([key(READ_ONLY, SANDBOX)])
      expect([...(aws.groups.get(awsGroup('finance'))?.members ?? [])]).toEqual([awsUser('dmitri')])
      expect(aws.groups.get(awsGroup('platform'))?.members.has(awsUser('ana'))).toBe(true)
      expect(aws.groups.get(awsGroup('finance'))?.displayName).toBe('finance')
      // The same change at another time waits again.
      expect((await scene.store.readMemory(scene.organization.id, signal)).released).toEqual(new Set())
    })

    it('becomes a decision when somebody lets the records follow, and nothing is written', async () => {
      const { aws, running, scene } = await changed()
      await using _ = running
      const before = aws.writes.length
      const { drift } = running.engine.status()
      const follow = drift
        .filter(({ kind }) => kind.endsWith('-added') || kind === 'group-renamed')
        .map((finding) => findingKey(finding))
      const command = { organization: scene.organization.name, actor: EVA, findings: [], operations: [] }
      await releaseWaiting(withRecords(scene), running.engine, { ...command, follow }, signal)
      await running.engine.sweepNow(NOTHING_READ)
      await running.untilQuiet()
      expect(messagesIn(running)).toEqual(said.filter((message) => /removed|taken out/.test(message)))
      expect(aws.writes.length).toBe(before)
      const finance = (await lists(scene)).find(({ title }) => title === 'treasury')
      expect(finance?.members.map((member) => member.kind === 'aws-only' && member.userName)).toContain(
        'bruno@acme.example',
      )
      expect(finance?.grants.roles.map(({ name }) => name)).toContain(systemRoleName(PROD, ADMIN))
      const { adopted } = await scene.store.readRecords(signal)
      expect(adopted.map(({ grant }) => grant).toSorted()).toEqual(
        [key(READ_ONLY, SANDBOX), key(ADMIN, STAGING)].toSorted(),
      )
      const events = await scene.store.list({ limit: 5, event: 'aws_identity_center.drift.decided' }, signal)
      expect(events[0]).toMatchObject({
        user: 'eva@acme.example',
        fields: { taken_back: [], followed: { length: follow.length } },
      })
    })

    it('can be followed only where it came: what went is decided by what grants it', async () => {
      const { running, scene } = await changed()
      await using _ = running
      const command = { organization: scene.organization.name, actor: EVA, findings: [], operations: [] }
      const keys = running.engine.status().drift.map((finding) => findingKey(finding))
      await expect(
        releaseWaiting(withRecords(scene), running.engine, { ...command, follow: keys }, signal),
      ).rejects.toThrow('No record can follow')
      const [one = ''] = keys
      await expect(
        releaseWaiting(withRecords(scene), running.engine, { ...command, operations: [one], follow: [one] }, signal),
      ).rejects.toThrow('taken back and followed')
      await expect(
        releaseWaiting(withRecords(scene), running.engine, { ...command, follow: ['none'] }, signal),
      ).rejects.toThrow('none')
      expect(messagesIn(running)).toEqual(said)
    })
  })
})
