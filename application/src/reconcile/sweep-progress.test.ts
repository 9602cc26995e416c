import { type Instant, instant } from '@gatehouse/domain'
import { expect, it } from 'vitest'
import { inParallel } from './in-parallel.ts'
import { counting, createSweepProgress } from './sweep-progress.ts'

it('counts what is done of a phase, and keeps when the phase began', async () => {
  let now: Instant = instant('2026-03-01T09:00Z')
  const progress = createSweepProgress(() => now)
  expect(progress.latest()).toBeUndefined()
  progress.report('listing', 0)
  expect(progress.latest()).toEqual({ phase: 'listing', done: 0, since: now })
  const began = instant('2026-03-01T09:01Z')
  now = began
  const read = counting(progress.report, { phase: 'members', total: 3 }, (item: number) => Promise.resolve(item * 2))
  now = instant('2026-03-01T09:02Z')
  expect(await inParallel([1, 2, 3], read)).toEqual([2, 4, 6])
  expect(progress.latest()).toEqual({ phase: 'members', done: 3, total: 3, since: began })
  progress.clear()
  expect(progress.latest()).toBeUndefined()
})
