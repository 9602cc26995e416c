import { ADMIN, aUser, on, PROD, READ_ONLY, SANDBOX, STAGING } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { awsGroup, awsUser, heldBy, hold, key, REPORT_ALL } from '../testing/lived-aws.ts'
import { inAws, settled, WHOLE } from '../testing/withdrawal-scene.ts'

const { signal } = new AbortController()
type Scene = Awaited<ReturnType<typeof settled>>
const PLATFORM = `GROUP:${awsGroup('platform')}`

async function lose(scene: Scene, principal: string, grant: string): Promise<void> {
  scene.aws.assignments.get(principal as never)?.delete(grant as never) // written as AWS's keys
  await scene.first.engine.sweepNow(signal)
  await scene.first.untilQuiet()
}

describe('removing an organization leaves what was there before Gatehouse', () => {
  it('where a repair has made an assignment of an adopted group again', async () => {
    await using scene = await settled()
    await lose(scene, PLATFORM, key(ADMIN, PROD))
    expect(heldBy(scene.aws, PLATFORM)).toContain(key(ADMIN, PROD))
    await scene.remove()
    await scene.first.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
  })

  it('where a person has put back an assignment that was reported as lost', async () => {
    await using scene = await settled()
    await scene.save({ driftPolicy: REPORT_ALL })
    await lose(scene, PLATFORM, key(ADMIN, PROD))
    expect(heldBy(scene.aws, PLATFORM)).not.toContain(key(ADMIN, PROD))
    const drift = scene.first.engine.status().drift.map(({ operation }) => operation)
    expect(drift).toMatchObject([{ kind: 'create-assignment' }])
    await scene.save({ driftPolicy: { ...REPORT_ALL, 'assignment-removed': 'revert' } })
    await scene.first.untilQuiet()
    expect(heldBy(scene.aws, PLATFORM)).toContain(key(ADMIN, PROD))
    await scene.remove()
    await scene.first.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
  })

  it('where it was made again twice, and by another process', async () => {
    await using scene = await settled()
    await lose(scene, PLATFORM, key(ADMIN, PROD))
    await scene.first.kill()
    await using second = await scene.scene.start(scene.aws)
    await second.untilQuiet()
    await lose({ ...scene, first: second }, PLATFORM, key(ADMIN, PROD))
    expect(heldBy(scene.aws, PLATFORM)).toContain(key(ADMIN, PROD))
    await scene.remove()
    await second.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
  })

  it('and takes away what we made and made again', async () => {
    await using scene = await settled()
    const ana = `USER:${awsUser('ana')}`
    await scene.first.kill() // a process misses nothing that it has just written itself
    await using second = await scene.scene.start(scene.aws)
    await second.untilQuiet()
    await lose({ ...scene, first: second }, ana, key(READ_ONLY, PROD))
    expect(heldBy(scene.aws, ana)).toContain(key(READ_ONLY, PROD))
    await scene.remove()
    await second.untilQuiet()
    expect(inAws(scene.aws)).toEqual(scene.before)
  })

  it('and takes away what was given anew after somebody had ended what was there', async () => {
    await using scene = await settled()
    const roles = (...names: string[]) => ({
      put: 'user' as const,
      user: aUser('bruno', { roles: names, revision: 5 + names.length }),
    })
    const bruno = `USER:${awsUser('bruno')}` as const
    hold(scene.aws, bruno, key(ADMIN, SANDBOX))
    await scene.scene.save(roles(on(ADMIN, SANDBOX)))
    await scene.first.engine.sweepNow(signal)
    await scene.first.untilQuiet()
    await scene.scene.save(roles())
    await scene.first.untilQuiet()
    expect(heldBy(scene.aws, bruno)).toEqual([])
    await scene.scene.save(roles(on(ADMIN, SANDBOX), on(ADMIN, PROD)))
    await scene.first.untilQuiet()
    await scene.remove()
    await scene.first.untilQuiet()
    expect(heldBy(scene.aws, bruno)).toEqual([])
  })

  it('where an adopted group was deleted in AWS and made again: it stays with what it had, less what we added', async () => {
    await using scene = await settled()
    scene.aws.groups.delete(awsGroup('finance'))
    scene.aws.assignments.delete(`GROUP:${awsGroup('finance')}` as never) // AWS's key
    await scene.first.engine.sweepNow(signal)
    await scene.first.untilQuiet()
    const anew = [...scene.aws.groups].find(([, { displayName }]) => displayName === 'finance')?.[0]
    expect(heldBy(scene.aws, `GROUP:${anew}`)).toEqual([key(READ_ONLY, PROD), key(ADMIN, STAGING)].toSorted())
    const { made } = await scene.preview()
    expect(made?.goes).not.toContain(`group ${anew}`)
    await scene.remove()
    await scene.first.untilQuiet()
    expect(inAws(scene.aws).groups).toEqual(scene.before.groups)
    expect(heldBy(scene.aws, `GROUP:${anew}`)).toContain(key(READ_ONLY, PROD))
    expect((await scene.remove()).state).toBe('done')
  })
})

describe('a group of ours is deleted in AWS only after a look at it', () => {
  const ours = ({ aws }: Scene) => [...aws.groups].find(([, { displayName }]) => displayName === 'Ours')?.[0]

  it('and stays where somebody has assigned it to an account since the last reading', async () => {
    await using scene = await settled()
    await scene.save({ driftPolicy: REPORT_ALL })
    await scene.first.untilQuiet()
    const group = ours(scene)
    hold(scene.aws, `GROUP:${group}`, key(ADMIN, PROD))
    await scene.remove()
    await scene.first.untilQuiet()
    expect([ours(scene), heldBy(scene.aws, `GROUP:${group}`)]).toEqual([group, [key(ADMIN, PROD)]])
    expect((await scene.preview()).made?.moved).toEqual([
      { key: `group ${group}`, reason: 'it holds an assignment that stays' },
    ])
  })

  it('and stays where somebody was put into it since', async () => {
    await using scene = await settled()
    await scene.save({ driftPolicy: REPORT_ALL })
    await scene.first.untilQuiet()
    const group = ours(scene)
    if (group !== undefined) scene.aws.groups.get(group)?.members.add(awsUser('dmitri'))
    await scene.remove()
    await scene.first.untilQuiet()
    expect(scene.aws.groups.get(group as never)?.members).toContain(awsUser('dmitri')) // there is one
    expect((await scene.preview()).made?.moved).toEqual([
      { key: `group ${group}`, reason: 'somebody was put into it in AWS' },
    ])
  })

  it('and stays while AWS does not say what it holds', async () => {
    let isSilent = false
    await using scene = await settled({
      ...WHOLE,
      beforeRead: async ({ operation }) => {
        if (isSilent && operation === 'ListGroupMemberships')
          throw new IdentityCenterError('throttled', operation, 'Rate exceeded')
      },
    })
    isSilent = true
    await scene.remove()
    scene.first.engine.wake()
    await expect
      .poll(async () => [...((await scene.preview()).made?.refusals.values() ?? [])])
      .toEqual([expect.stringContaining('could not be read')])
    expect(ours(scene)).toBeDefined()
  })
})
