import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sliceAfter, sliceByParts } from './paging.ts'

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

it('neither repeats nor skips what is there all the time, whatever comes in between and whichever two go', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 30 })
  const each = { idOf: String, present: (one: number) => one }
  fc.assert(
    fc.property(
      numbers,
      fc.array(numbers),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.nat()),
      (first, more, limit, picks) => {
        const down = (of: Iterable<number>) => [...of].toSorted((a, b) => b - a)
        const present = new Set(first)
        const gone = new Set<number>()
        const given: number[] = []
        const coming = more[Symbol.iterator]()
        let cursor: string | undefined
        do {
          const page = sliceAfter(down(present), { limit, cursor }, each)
          given.push(...page.items)
          cursor = page.next
          for (const one of coming.next().value ?? []) if (!gone.has(one)) present.add(one)
          const all = down(present)
          for (const pick of [picks.next().value, picks.next().value]) {
            const one = pick % 3 === 0 ? all[pick % all.length] : undefined
            if (one !== undefined && present.delete(one)) gone.add(one)
          }
        } while (cursor !== undefined)
        expect(new Set(given).size).toBe(given.length)
        for (const one of first) if (!gone.has(one)) expect(given).toContain(one)
      },
    ),
  )
})

it('refuses a cursor that it did not make', () => {
  const each = { idOf: String, present: (one: number) => one }
  for (const cursor of ['p0', 'x', 'a', 'aaaa', `a${Buffer.from('[-1]').toString('base64url')}`])
    expect(() => sliceAfter([1], { limit: 1, cursor }, each)).toThrow('query.cursor')
})
