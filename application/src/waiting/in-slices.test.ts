import type { Steps } from '@gatehouse/domain'
import { expect, it } from 'vitest'
import { inSlices } from './in-slices.ts'

/** Steps that take the thread for 5 ms each. */
function* busy(count: number, done: { steps: number }): Steps<string> {
  for (; done.steps < count; done.steps++) {
    const begun = performance.now()
    while (performance.now() - begun < 5);
    yield
  }
  return 'done'
}

it('lets others have their turn in the middle of long work', async () => {
  const done = { steps: 0 }
  const seen: number[] = []
  const timer = setInterval(() => seen.push(done.steps), 1)
  expect(await inSlices(busy(40, done), new AbortController().signal)).toBe('done')
  clearInterval(timer)
  expect(seen.length).toBeGreaterThan(3)
  expect(seen[0]).toBeLessThan(20)
})

it('stops in the middle when whoever asked has gone', async () => {
  const done = { steps: 0 }
  const controller = new AbortController()
  const work = inSlices(busy(1_000, done), controller.signal)
  setTimeout(() => controller.abort(), 10)
  await expect(work).rejects.toThrow('aborted')
  expect(done.steps).toBeLessThan(1_000)
})
