import { awsPrincipalKey } from '@gatehouse/domain'
import { ADMIN, aUser, on, PROD, READ_ONLY, STAGING } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { Wire } from '../testing/in-memory-identity-center.ts'
import { awsGroup, awsUser, heldBy, hold, key, REPORT_ALL } from '../testing/lived-aws.ts'
import { inAws, settled, WHOLE } from '../testing/withdrawal-scene.ts'

const { signal } = new AbortController()

describe('removing an organization', () => {
  it('leaves AWS as it is unless somebody asks for more', async () => {
    await using scene = await settled()
    const now = inAws(scene.aws)
    expect(now.held.length).toBe(scene.before.held.length + 3)
    const report = await scene.remove({ removeMade: false })
    expect([report.state, report.made, inAws(scene.aws)]).toEqual(['done', undefined, now])
    expect(scene.event('plugin.delete')?.fields).not.toHaveProperty('removed_in_aws')
  })

  it('says before what of AWS would go and what would stay, and changes nothing', async () => {
    await using scene = await settled()
    const now = inAws(scene.aws)
    const { made, state, blockers } = await scene.preview()
    expect({ state, blockers }).toEqual({ state: 'shown', blockers: [] })
    expect(made?.goes.filter((one) => one.startsWith('group '))).toHaveLength(1)
    expect(made?.goes.filter((one) => !one.startsWith('group '))).toHaveLength(3)
    expect(inAws(scene.aws)).toEqual(now)
  })

  it('takes away all assignments and groups that we made, and none that was there: AWS is as before us', async () => {
    await using scene = await settled()
    expect((await scene.remove()).state).toBe('begun')
    await scene.first.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
    // What somebody grants meanwhile is not given any more.
    await scene.scene.save({ put: 'user', user: aUser('bruno', { roles: [on(ADMIN, PROD)], revision: 3 }) })
    await scene.first.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
    const report = await scene.remove()
    expect([report.state, report.blockers, await scene.organizations()]).toEqual(['done', [], 0])
    expect(scene.event('plugin.delete')?.fields).toMatchObject({ removed_in_aws: { assignments: 3, groups: 1 } })
    expect(inAws(scene.aws)).toEqual(scene.before)
    expect(scene.aws.users.size).toBe(4)
  })

  it('goes on after a crash at any write', async () => {
    for (const at of [0, 1, 2, 3]) {
      let isBegun = false
      let writes = 0
      const cut: Wire = {
        ...WHOLE,
        after: async () => {
          if (isBegun && writes++ === at) await new Promise(() => {}) // the answer never comes
        },
      }
      const scene = await settled(cut)
      isBegun = true
      await scene.remove()
      scene.first.engine.wake()
      await new Promise((resolve) => setTimeout(resolve, 60))
      await scene.first.kill()
      await expect(scene.remove()).rejects.toMatchObject({ problem: { code: 'conflict' } })
      await using second = await scene.scene.start(scene.aws)
      await second.untilQuiet()
      expect(inAws(scene.aws), `cut after write ${at}`).toEqual(scene.before)
      expect((await scene.remove()).state).toBe('done')
    }
  })

  it('names what AWS did not let go of, and ends once each of these rows is released', async () => {
    const principal = awsPrincipalKey({ type: 'USER', id: awsUser('ana') })
    await using scene = await settled({
      ...WHOLE,
      refuses: ({ operation, about }) =>
        operation.toLowerCase().includes('delete') && about.includes(awsUser('ana')) ? 'AWS says no' : undefined,
    })
    await scene.remove()
    const left = async () => (await scene.preview()).made
    await expect
      .poll(
        async () => {
          scene.first.engine.wake()
          return (await left())?.goes
        },
        { timeout: 10_000 },
      )
      .toEqual([`${principal}|${key(READ_ONLY, PROD)}`])
    const made = await left()
    expect(made?.refusals.get(made.goes[0] ?? '')).toContain('AWS says no')
    await expect(scene.remove()).rejects.toThrow('1 thing that Gatehouse made is still in AWS.')
    const report = await scene.remove({ release: made?.goes ?? [] })
    expect([report.state, await scene.organizations()]).toEqual(['done', 0])
    expect(scene.event('plugin.delete')?.fields).toMatchObject({
      released: made?.goes,
      removed_in_aws: { assignments: 2, groups: 1 },
      left_in_aws: { assignments: 1, groups: 0 },
    })
  })

  it('leaves what was released when it began, and the group that holds it', async () => {
    await using scene = await settled()
    const [ours] = [...scene.aws.groups].find(([, { displayName }]) => displayName === 'Ours') ?? []
    const kept = `GROUP:${ours}|${key(READ_ONLY, STAGING)}`
    await scene.remove({ release: [kept] })
    await scene.first.untilQuiet()
    expect(heldBy(scene.aws, `GROUP:${ours}`)).toEqual([key(READ_ONLY, STAGING)])
    const { made } = await scene.preview()
    expect(made?.goes).toEqual([])
    expect(made?.stays.map(({ key: one }) => one)).toEqual([kept, `group ${ours}`])
    expect((await scene.remove()).state).toBe('done')
  })

  it('leaves a group of ours in which AWS holds what somebody else made, and says why', async () => {
    await using scene = await settled()
    const { organization } = scene.scene
    const driftPolicy = { ...REPORT_ALL }
    await scene.scene.save({
      put: 'organization',
      organization: { ...organization, mode: 'active', driftPolicy, revision: 10 },
    })
    const [ours] = [...scene.aws.groups].find(([, { displayName }]) => displayName === 'Ours') ?? []
    hold(scene.aws, `GROUP:${ours}`, key(ADMIN, PROD))
    await scene.first.engine.sweepNow(signal)
    const { made } = await scene.preview()
    expect(made?.stays).toEqual([{ key: `group ${ours}`, reason: 'it holds an assignment that stays' }])
    await scene.remove()
    await scene.first.untilQuiet()
    expect(heldBy(scene.aws, `GROUP:${ours}`)).toEqual([key(ADMIN, PROD)])
    expect((await scene.remove()).state).toBe('done')
  })

  it('leaves what somebody else made again after it was gone', async () => {
    await using scene = await settled()
    const driftPolicy = { ...REPORT_ALL }
    const organization = { ...scene.scene.organization, mode: 'active', driftPolicy, revision: 10 } as const
    await scene.scene.save({ put: 'organization', organization })
    const principal = `USER:${awsUser('ana')}` as const
    const before = heldBy(scene.aws, principal)
    scene.aws.assignments.get(principal as never)?.delete(key(READ_ONLY, PROD) as never) // written as AWS's key
    await scene.first.kill() // a process misses nothing that it has just written itself
    await using second = await scene.scene.start(scene.aws)
    await second.untilQuiet()
    expect(second.engine.status().drift.map(({ kind }) => kind)).toEqual(['assignment-removed'])
    hold(scene.aws, principal, key(READ_ONLY, PROD))
    await second.engine.sweepNow(signal)
    await scene.remove()
    await second.untilQuiet()
    expect(heldBy(scene.aws, principal)).toEqual(before)
  })

  it('does not begin on the word of a reading that failed', async () => {
    await using scene = await settled()
    const finding = {
      id: 'read-failed',
      kind: 'account',
      message: 'AWS could not be read',
      foundAt: scene.scene.clock.now(),
    } as const
    await scene.scene.store.commit(
      { organization: scene.scene.organization.id, mirror: [{ put: 'finding', finding }] },
      signal,
    )
    await expect(scene.remove()).rejects.toThrow('AWS was not read whole the last time')
  })

  it('asks for the number where more goes than may at once, and gives everything again when it is stopped', async () => {
    await using scene = await settled()
    const now = inAws(scene.aws)
    const removalBudget = { atLeast: 1, percent: 0 }
    const organization = { ...scene.scene.organization, mode: 'active', removalBudget, revision: 10 } as const
    await scene.scene.save({ put: 'organization', organization })
    await expect(scene.remove()).rejects.toMatchObject({ problem: { code: 'too-many-removals', confirm: 5 } })
    await expect(scene.stop()).rejects.toMatchObject({ problem: { code: 'conflict' } })
    await scene.remove({ confirmRemovals: 5 })
    await scene.first.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
    expect((await scene.stop()).withdrawal).toBeUndefined()
    await scene.first.untilQuiet()
    expect(inAws(scene.aws).groups).toEqual(now.groups)
    expect(inAws(scene.aws).held).toHaveLength(now.held.length)
    expect(heldBy(scene.aws, `GROUP:${awsGroup('finance')}`)).toContain(key(ADMIN, STAGING))
    const [ours] = [...scene.aws.groups].find(([, { displayName }]) => displayName === 'Ours') ?? []
    expect(heldBy(scene.aws, `GROUP:${ours}`)).toEqual([key(READ_ONLY, STAGING)])
  })
})
