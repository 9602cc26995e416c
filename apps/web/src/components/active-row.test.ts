import { expect, it } from 'vitest'
import { findActive } from './active-row.ts'

/** Every list of at most four of these, each once. */
const LISTS = ['a', 'b', 'c', 'd'].reduce<string[][]>(
  (lists) => [...lists, ...lists.flatMap((list) => ['a', 'b', 'c', 'd'].map((id) => [...list, id]))],
  [[]],
)
const ORDERS = [...new Map(LISTS.map((list) => [list.join(), list])).values()].filter(
  (list) => new Set(list).size === list.length,
)

it('keys stay with the row they have come to, whatever comes and goes around it', () => {
  for (const before of ORDERS)
    for (const [index, id] of before.entries())
      for (const after of ORDERS.filter((list) => list.includes(id)))
        expect(findActive(after, { id, index })).toEqual({ id, index: after.indexOf(id) })
})

it('the next row takes the place of one that is gone, and where there is none the one before', () => {
  for (const before of ORDERS)
    for (const [index, id] of before.entries())
      expect(findActive(before.toSpliced(index, 1), { id, index })?.id).toBe(before[index + 1] ?? before[index - 1])
})

it('a row that stays where it is stays the same, so that nothing is drawn again', () => {
  const active = { id: 'b', index: 1 }
  expect(findActive(['a', 'b', 'c'], active)).toBe(active)
  expect(findActive(['a'], undefined)).toBeUndefined()
})
