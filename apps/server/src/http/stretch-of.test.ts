import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { stretchOf } from './stretch-of.ts'

it('looks through every event once, page after page, from either end', () => {
  fc.assert(
    fc.property(
      fc.nat(60),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom('newest', 'oldest'),
      (newest, size, order) => {
        const seen: number[] = []
        let next: number | undefined
        do {
          const cursor = next === undefined ? {} : { [order === 'newest' ? 'before' : 'after']: next }
          const stretch = stretchOf({ order, ...cursor }, newest, size)
          const { before = newest + 1, after = 0 } = stretch.within
          for (let seq = after + 1; seq < Math.min(before, newest + 1); seq++) seen.push(seq)
          next = stretch.next
        } while (next !== undefined)
        expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: newest }, (_, index) => index + 1))
      },
    ),
  )
})
