import { type Duration, milliseconds, minutes, seconds } from '@gatehouse/domain'
import { NOW } from '@gatehouse/domain/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createInMemoryClock } from '../testing/in-memory-clock.ts'
import { createRecentSlots } from './recent-slots.ts'

const TEN_SECONDS = seconds(10)

it('keeps an hour and no more, however often and whenever something is measured', () => {
  const pauses = fc.array(fc.integer({ min: -7_200_000, max: 7_200_000 }).map(milliseconds), { maxLength: 200 })
  fc.assert(
    fc.property(pauses, (moves) => {
      const clock = createInMemoryClock(NOW)
      const slots = createRecentSlots<number>(clock, TEN_SECONDS)
      for (const move of moves) {
        clock.advance(move)
        slots.change((before = 0) => before + 1)
        const kept = slots.list()
        expect(kept.length).toBeLessThanOrEqual(360)
        expect(kept.every(({ at }) => at <= clock.now() && at > clock.now() - minutes(60))).toBe(true)
      }
    }),
  )
})

it('never holds more than the slots of an hour when nobody reads', () => {
  const clock = createInMemoryClock(NOW)
  const slots = createRecentSlots<number>(clock, TEN_SECONDS)
  for (let measured = 0; measured < 2_000; measured++) {
    slots.change((before = 0) => before + 1)
    clock.advance(milliseconds(5_000))
  }
  const kept = slots.list()
  expect(kept).toHaveLength(360 - 1) // the slot of this moment is empty yet
  expect(new Set(kept.map(({ value }) => value))).toEqual(new Set([2]))
})

it('sums up what falls into one slot, the oldest slot first', () => {
  const clock = createInMemoryClock(NOW)
  const slots = createRecentSlots<number>(clock, TEN_SECONDS)
  const steps: readonly Duration[] = [seconds(0), seconds(9), seconds(1), seconds(30)]
  for (const step of steps) {
    clock.advance(step)
    slots.change((before = 0) => before + 1)
  }
  expect(slots.list().map(({ at, value }) => [at - NOW, value])).toEqual([
    [0, 2],
    [10_000, 1],
    [40_000, 1],
  ])
})
