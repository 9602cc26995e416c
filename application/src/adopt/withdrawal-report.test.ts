import { assignmentKey, minutes, parsePattern, type RecordedAuditEvent } from '@gatehouse/domain'
import { ADMIN, aList, aMember, aUser, on, PROD, READ_ONLY, STAGING } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { Wire } from '../testing/in-memory-identity-center.ts'
import { awsUser, heldBy, hold, key, REPORT_ALL } from '../testing/lived-aws.ts'
import { inAws, settled, WHOLE } from '../testing/withdrawal-scene.ts'
import { createRecordsCache } from '../governance/records-cache.ts'
import { type EditOrganizationCommand, editOrganization } from './edit-organization.ts'

const { signal } = new AbortController()
type Scene = Awaited<ReturnType<typeof settled>>

/** AWS refuses to delete assignments until it is told not to. */
function refusing() {
  const is = { refusing: true }
  const wire: Wire = {
    ...WHOLE,
    refuses: ({ operation }) => (is.refusing && operation === 'DeleteAccountAssignment' ? 'AWS says no' : undefined),
  }
  return { is, wire }
}
const groupOf = ({ aws }: Scene) => [...aws.groups].find(([, { displayName }]) => displayName === 'Ours')?.[0]
const last = ({ scene }: Scene, name: string): RecordedAuditEvent | undefined =>
  scene.store.events.findLast(({ event }) => event === name)
async function foreignAssignmentMeanwhile() {
  const { is, wire } = refusing()
  const scene = await settled(wire)
  await scene.save({ driftPolicy: REPORT_ALL })
  await scene.remove()
  scene.first.engine.wake()
  await expect.poll(async () => (await scene.preview()).made?.refusals.size).toBe(3)
  hold(scene.aws, `GROUP:${groupOf(scene)}`, key(ADMIN, PROD))
  await scene.first.engine.sweepNow(signal)
  is.refusing = false
  await expect
    .poll(
      async () => {
        scene.scene.clock.advance(minutes(1))
        scene.first.engine.wake()
        return (await scene.preview()).made?.goes
      },
      { timeout: 10_000 },
    )
    .toEqual([])
  return scene
}

describe('a removal that takes away what Gatehouse made', () => {
  it('does not end while something that was to go stays, until that is released, and says what AWS still has', async () => {
    await using scene = await foreignAssignmentMeanwhile()
    const group = `group ${groupOf(scene)}`
    const { made } = await scene.preview()
    expect(made?.moved).toEqual([{ key: group, reason: 'it holds an assignment that stays' }])
    await expect(scene.remove()).rejects.toThrow('1 thing that Gatehouse made is still in AWS.')
    expect((await scene.remove({ release: [group] })).state).toBe('done')
    expect(last(scene, 'plugin.delete')?.fields).toMatchObject({
      released: [group],
      removed_in_aws: { assignments: 3, groups: 0 },
      left_in_aws: { assignments: 0, groups: 1 },
    })
    expect(heldBy(scene.aws, `GROUP:${groupOf(scene)}`)).toEqual([key(ADMIN, PROD)])
  })

  it('does not end on the word of a reading that failed', async () => {
    await using scene = await settled()
    await scene.remove()
    await scene.first.untilQuiet()
    const foundAt = scene.scene.clock.now()
    const finding = { id: 'read-assignment', kind: 'assignment', message: 'much is missing', foundAt } as const
    const organization = scene.scene.organization.id
    await scene.scene.store.commit({ organization, mirror: [{ put: 'finding', finding }] }, signal)
    await expect(scene.remove()).rejects.toThrow('it is not sure that all is gone that Gatehouse made there')
    await scene.scene.store.commit({ organization, mirror: [{ delete: 'finding', id: finding.id }] }, signal)
    expect((await scene.remove()).state).toBe('done')
  })

  it('keeps the filters as they are until it is over or stopped', async () => {
    await using scene = await settled()
    const { store, clock, organization } = scene.scene
    const ports = { store, clock, records: createRecordsCache(store) }
    const command = { actor: { kind: 'system' }, organization: organization.id } as const
    const edit = (settings: Pick<EditOrganizationCommand, 'accountFilter' | 'hybrid'>) =>
      editOrganization(ports, { ...command, ...settings }, signal)
    const accountFilter = [{ exclude: 'name', pattern: parsePattern('prod*') }] as const
    await scene.remove()
    await expect(edit({ accountFilter })).rejects.toThrow('is being removed')
    expect((await edit({ hybrid: true })).hybrid).toBe(true)
    await scene.stop()
    expect((await edit({ accountFilter })).accountFilter).toHaveLength(1)
  })

  it('asks for the number of people who leave groups as well', async () => {
    await using scene = await settled()
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`)
    const members = names.map((name) => aMember(name))
    await scene.scene.save(...names.map((name) => ({ put: 'user', user: aUser(name) }) as const), {
      put: 'list',
      list: aList('many', { title: 'Many', members, grants: [on(READ_ONLY, STAGING)] }),
    })
    await scene.first.untilQuiet()
    // Four assignments, two groups, and thirteen people in them.
    await expect(scene.remove()).rejects.toMatchObject({ problem: { code: 'too-many-removals', confirm: 19 } })
    expect((await scene.remove({ confirmRemovals: 19 })).state).toBe('begun')
    expect(last(scene, 'plugin.removal.begin')?.fields).toMatchObject({ assignments: 4, groups: 2, memberships: 13 })
  })

  it('says what it does not know to be made by Gatehouse, and leaves it', async () => {
    await using scene = await settled()
    const warned = async () => (await scene.preview()).warnings.filter((text) => text.includes('earlier version'))
    expect(await warned()).toEqual([])
    const organization = scene.scene.organization.id
    const earlier = assignmentKey({ type: 'USER', id: awsUser('ana') }, key(READ_ONLY, PROD))
    await scene.first.kill()
    await scene.scene.store.commit({ organization, memory: [{ delete: 'made', key: earlier }] }, signal)
    expect(await warned()).toEqual([
      '1 assignment that is granted here stays in AWS: it is not known whether an earlier version of Gatehouse made it.',
    ])
  })

  it('names the decision behind everything that goes', async () => {
    await using scene = await settled()
    await scene.remove()
    await scene.first.untilQuiet()
    const begin = last(scene, 'plugin.removal.begin')
    const deleted = scene.scene.store.events.filter(
      ({ event, seq }) =>
        event === 'aws_identity_center.account_assignment.deleted' && begin !== undefined && seq > begin.seq,
    )
    expect(deleted).toHaveLength(3)
    for (const { fields } of deleted) expect(JSON.stringify(fields)).toContain(begin?.uid)
  })

  it('goes on after a crash with a creation under way, which goes, too', async () => {
    let isCut = false
    const scene = await settled({
      ...WHOLE,
      after: async ({ operation }) => {
        if (isCut && operation === 'CreateAccountAssignment') await new Promise(() => {}) // the answer never comes
      },
    })
    isCut = true
    const user = aUser('bruno', { roles: [on(ADMIN, PROD)], revision: 7 })
    await scene.scene.save({ put: 'user', user })
    scene.first.engine.wake()
    await expect.poll(() => heldBy(scene.aws, `USER:${awsUser('bruno')}`)).toEqual([key(ADMIN, PROD)])
    await scene.first.kill()
    await using second = await scene.scene.start(scene.aws)
    await second.untilQuiet()
    await scene.remove()
    await second.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
    expect((await scene.remove()).state).toBe('done')
  })

  it('goes on where the process ended before it had done anything about it', async () => {
    const scene = await settled()
    await scene.first.kill()
    expect((await scene.remove()).state).toBe('begun')
    await using second = await scene.scene.start(scene.aws)
    await second.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
    expect((await scene.remove()).state).toBe('done')
  })

  it('says only what AWS said about removals', async () => {
    await using scene = await settled({
      ...WHOLE,
      refuses: ({ operation, about }) =>
        operation === 'CreateAccountAssignment' && about.includes(awsUser('bruno')) ? 'no creation' : undefined,
    })
    await scene.scene.save({ put: 'user', user: aUser('bruno', { roles: [on(ADMIN, PROD)], revision: 7 }) })
    scene.first.engine.wake()
    const entries = async () => (await scene.scene.store.readJournal(scene.scene.organization.id, signal)).length
    await expect.poll(entries).toBe(1)
    expect((await scene.preview()).made?.refusals).toEqual(new Map())
  })
})
