import { type DriftFinding, followKey, hours, minus, type Operation, operationKey } from '@gatehouse/domain'
import { aMember, aUser, NOW } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { InMemoryAws } from '../testing/in-memory-identity-center.ts'
import { awsGroup, awsUser, lists, lived, shadow } from '../testing/lived-aws.ts'

const { signal } = new AbortController()
const NOTHING_READ = AbortSignal.timeout(60_000)
const REPORT_ALL = {
  'assignment-added': 'report',
  'assignment-removed': 'report',
  'member-added': 'report',
  'member-removed': 'report',
  'group-renamed': 'report',
  'group-deleted': 'report',
} as const

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
    const keys = drift(scene, 'remove-member').map(({ operation }) => followKey(operationKey(operation)))
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
})
