import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inOrder, parseSort } from './sort.ts'

interface Row {
  readonly place: number
  readonly size: number | undefined
}
const rows = fc
  .array(fc.option(fc.nat({ max: 5 }), { nil: undefined }))
  .map((sizes): Row[] => sizes.map((size, place) => ({ place, size })))
const values = { size: ({ size }: Row) => size }

it('orders up and down, with what has no value last and what is alike as it was', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom('size', '-size'), (given, sort) => {
      const found = inOrder(given, sort, values)
      expect(found.toSorted((a, b) => a.place - b.place)).toEqual(given)
      const { isDown } = parseSort(sort)
      for (const [index, row] of found.entries()) {
        const next = found[index + 1]
        if (!next) continue
        if (row.size === next.size) expect(row.place).toBeLessThan(next.place)
        else if (row.size === undefined) expect.fail('nothing comes before something')
        else if (next.size !== undefined) expect(row.size > next.size).toBe(isDown)
      }
    }),
  )
})

it('leaves things as they are where the order is none that it knows', () => {
  fc.assert(
    fc.property(rows, fc.option(fc.string(), { nil: undefined }), (given, sort) => {
      fc.pre(parseSort(sort).by !== 'size')
      expect(inOrder(given, sort, values)).toEqual(given)
    }),
  )
  expect(inOrder([2, 1], 'constructor', {})).toEqual([2, 1])
})

it('compares text with text and numbers with numbers', () => {
  expect(inOrder(['b', 'a'], 'text', { text: (text) => text })).toEqual(['a', 'b'])
  expect(inOrder([10, 9], 'number', { number: (number) => number })).toEqual([9, 10])
})
