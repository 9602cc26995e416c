import { DomainError } from '@gatehouse/domain'
import { aRole } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { startGovernance } from '../testing/index.ts'
import { decide } from './decide.ts'

/** Somebody whose commits come first so many times. */
async function beside(commits: number) {
  const scene = await startGovernance({})
  let left = commits
  let made = 0
  const commit: typeof scene.store.commit = async (asked, signal) => {
    if (left-- > 0) {
      const records = [{ put: 'role' as const, role: aRole(`other-${left}`) }]
      await scene.store.commit({ records }, signal)
    }
    return scene.store.commit(asked, signal)
  }
  const decided = decide(
    { ...scene, store: { ...scene.store, commit } },
    ({ records }) => {
      made++
      return { changes: [{ put: 'role', role: aRole('mine') }], events: [], result: records.roles.length }
    },
    scene.signal,
  )
  return { scene, decided, made: () => made }
}

describe('a decision', () => {
  it('is made again on what others have saved meanwhile, as while the users of an organization are sent', async () => {
    const { decided, made, scene } = await beside(20)
    await decided
    expect(made()).toBe(21)
    expect((await scene.store.readRecords(scene.signal)).roles.some(({ name }) => name === 'mine')).toBe(true)
  })

  it('is refused, with nothing saved, when others never let it through', async () => {
    const { decided, scene } = await beside(Infinity)
    await expect(decided).rejects.toSatisfy((error) => error instanceof DomainError && error.problem.code === 'stale')
    expect((await scene.store.readRecords(scene.signal)).roles.some(({ name }) => name === 'mine')).toBe(false)
  })
})
