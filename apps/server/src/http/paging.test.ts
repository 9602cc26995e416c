import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sliceByParts } from './paging.ts'

it('gives everything once, in pages with few items and few parts', () => {
  const sizes = fc.array(fc.nat({ max: 9 }), { maxLength: 20 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 12 }), (all, limit, most) => {
      const given: number[] = []
      let cursor: string | undefined
      do {
        const page = sliceByParts(all, { limit, cursor }, { most, partsOf: (size) => size, present: (size) => size })
        const parts = page.items.reduce((sum, size) => sum + size, 0)
        expect(page.items.length).toBeLessThanOrEqual(limit)
        if (page.items.length > 1) expect(parts).toBeLessThanOrEqual(most)
        given.push(...page.items)
        cursor = page.next
      } while (cursor !== undefined)
      expect(given).toEqual(all)
    }),
  )
})
