import { expect, it } from 'vitest'
import { fewAtOnce } from './few-at-once.ts'

it('runs everything, never more than so many at once, also past what fails', async () => {
  const inTurn = fewAtOnce(3)
  let [running, most] = [0, 0]
  const runs = Array.from({ length: 20 }, (_, index) =>
    inTurn(async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve))
      running -= 1
      if (index % 4 === 0) throw new Error('refused')
      return index
    }),
  )
  const results = await Promise.allSettled(runs)
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(15)
  expect([most, running]).toEqual([3, 0])
  expect(await inTurn(async () => 'after')).toBe('after')
})
