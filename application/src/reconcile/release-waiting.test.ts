import { explain, operationKey } from '@gatehouse/domain'
import { NOW } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'
import { EVA, KEEPER, withRecords } from '../testing/keeper.ts'
import { addGroup, addUser, awsGroup, awsUser, lists } from '../testing/lived-aws.ts'
import { releaseWaiting } from './release-waiting.ts'
import { refusalOf } from '../testing/problem-of.ts'

const { signal } = new AbortController()
const NOTHING_READ = AbortSignal.timeout(60_000)
const named = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

/** An organization whose group has a crowd. */
async function crowded(mode: 'shadow' | 'active') {
  const aws = createInMemoryAws({ accounts: [], permissionSets: [] })
  const crowd = named(60, 'm')
  for (const name of crowd) addUser(aws, name)
  addGroup(aws, 'platform', crowd)
  const scene = await startEngineScene(NOW, { mode: 'shadow', defaultOwners: [] })
  const running = await scene.start(aws)
  await running.untilQuiet()
  await scene.save(...KEEPER, { put: 'organization', organization: { ...scene.organization, mode, revision: 9 } })
  // What is planned in shadow mode stays so.
  const settle = async (): Promise<void> => (mode === 'active' ? running.untilQuiet() : undefined)
  await settle()
  const { engine } = running
  return {
    engine,
    async look() {
      await engine.sweepNow(NOTHING_READ)
      await settle()
    },
    leave(names: readonly string[]) {
      for (const name of names) aws.groups.get(awsGroup('platform'))?.members.delete(awsUser(name))
    },
    join(names: readonly string[]) {
      for (const name of names) addUser(aws, name)
      for (const name of names) aws.groups.get(awsGroup('platform'))?.members.add(awsUser(name))
    },
    crowd,
    findings: () => [...engine.status().findings.keys()],
    members: async () => (await lists(scene))[0]?.members.length,
    release: (asked: { findings?: readonly string[]; operations?: readonly string[] }) =>
      releaseWaiting(
        withRecords(scene),
        engine,
        { organization: scene.organization.name, actor: EVA, operations: [], findings: [], follow: [], ...asked },
        signal,
      ),
    events: () => scene.store.list({ limit: 5, event: 'aws_identity_center.removals.released' }, signal),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}

describe('releasing a doubt', () => {
  it('is refused as changed when more is gone by now than was shown (D5-11)', async () => {
    await using scene = await crowded('shadow')
    scene.leave(scene.crowd.slice(0, 12))
    await scene.look()
    expect(scene.findings()).toEqual(['read-member'])
    scene.leave(scene.crowd.slice(12, 40))
    await scene.look()
    for (const key of ['read-member 12', 'read-member']) {
      const problem = await refusalOf(scene.release({ findings: [key] }))
      expect(problem).toMatchObject({ code: 'plan-changed', message: expect.stringContaining('40 of 60') as string })
      expect(explain(problem).remedy).toContain('"read-member 40"')
    }
    expect(await scene.release({ findings: ['read-member 40'] })).toBe(1)
    const [released] = await scene.events()
    expect(released?.fields).toMatchObject({ findings: ['read-member 40'], findings_count: 1 })
    expect(released?.subjects).toEqual(['organization:acme'])
  })

  it('of what the records are to follow is for as many as were shown, also when more go before it is done', async () => {
    await using scene = await crowded('shadow')
    scene.leave(scene.crowd.slice(0, 12))
    await scene.look()
    await scene.release({ findings: ['read-member 12'] })
    await scene.look()
    expect(scene.findings()).toEqual(['adopt-removals'])
    await scene.release({ findings: ['adopt-removals 12'] })
    scene.leave(scene.crowd.slice(12, 14))
    await scene.look()
    expect([scene.findings(), await scene.members()]).toEqual([['adopt-removals'], 60])
    expect(await refusalOf(scene.release({ findings: ['adopt-removals 12'] }))).toMatchObject({ code: 'plan-changed' })
    await scene.release({ findings: ['adopt-removals 14'] })
    await scene.look()
    expect([scene.findings(), await scene.members()]).toEqual([[], 46])
  })
})

describe('a release', () => {
  it('of what does not wait says where to look at what does', async () => {
    await using scene = await crowded('active')
    const problem = await refusalOf(scene.release({ operations: ['remove-member nobody'] }))
    expect(explain(problem)).toEqual({
      message: 'there is no held operation or finding "remove-member nobody".',
      remedy: 'It may be done or gone by now. Look at what waits: "tctl plugins status".',
    })
  })

  it('of many names a hundred in its event, and how many there were', async () => {
    await using scene = await crowded('active')
    scene.join(named(130, 'stranger'))
    await scene.look()
    const keys = scene.engine.status().held.map(({ operation }) => operationKey(operation))
    expect(await scene.release({ operations: keys })).toBe(130)
    const [event] = await scene.events()
    expect(event?.fields).toMatchObject({ operations_count: 130, findings: [], findings_count: 0 })
    expect(event?.fields['operations']).toEqual(keys.slice(0, 100))
  })
})
