import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findActive } from './active-row.ts'

const ids = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 30 })

it('keys stay with the row they have come to, whatever comes and goes around it', () => {
  fc.assert(
    fc.property(ids, ids, fc.nat(), fc.nat(), (before, others, at, place) => {
      const index = at % before.length
      const id = before[index] ?? ''
      const after = others.filter((other) => other !== id)
      after.splice(place % (after.length + 1), 0, id)
      expect(findActive(after, { id, index })).toEqual({ id, index: after.indexOf(id) })
    }),
  )
})

it('the next row takes the place of one that is gone, and the last one that of the last', () => {
  fc.assert(
    fc.property(ids, fc.nat(), (before, at) => {
      const index = at % before.length
      const after = before.toSpliced(index, 1)
      const found = findActive(after, { id: before[index] ?? '', index })
      expect(found?.id).toBe(before[index + 1] ?? before[index - 1])
    }),
  )
  expect(findActive([], { id: 'a', index: 0 })).toBeUndefined()
  expect(findActive(['a'], undefined)).toBeUndefined()
})

it('a row that stays where it is stays the same, so that nothing is drawn again', () => {
  const active = { id: 'b', index: 1 }
  expect(findActive(['a', 'b', 'c'], active)).toBe(active)
})
