import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { differencesOf } from './differences.ts'

it('names exactly what came and what went, wherever it stood and in whatever order', () => {
  const things = Array.from({ length: 12 }, (_, id) => ({ id }))
  const some = fc.shuffledSubarray(things)
  fc.assert(
    fc.property(some, some, (before, after) => {
      const { gone, come } = differencesOf(before, after)
      const idsOf = (of: readonly { readonly id: number }[]) => of.map(({ id }) => id).toSorted((a, b) => a - b)
      // What only moved may be named as gone and come: that is more work, and nothing wrong.
      expect(idsOf(gone.filter((one) => !come.includes(one)))).toEqual(
        idsOf(before.filter((one) => !after.includes(one))),
      )
      expect(idsOf(come.filter((one) => !gone.includes(one)))).toEqual(
        idsOf(after.filter((one) => !before.includes(one))),
      )
    }),
    { numRuns: 1_000 },
  )
})

it('names only what differs where the rest has kept its order', () => {
  const things = Array.from({ length: 1_000 }, (_, id) => ({ id }))
  const fresh = { id: 500 }
  expect(differencesOf(things, things.with(500, fresh))).toEqual({ gone: [things[500]], come: [fresh] })
  expect(differencesOf(things, [...things, fresh])).toEqual({ gone: [], come: [fresh] })
  expect(differencesOf(things, things.slice(1))).toEqual({ gone: [things[0]], come: [] })
})
