import { expect, it } from 'vitest'
import { inOrder, parseSort } from './sort.ts'

interface Row {
  readonly place: number
  readonly size: number | undefined
}
const SIZES = [undefined, 0, 1, 10] as const
/** Every list of at most four. */
const LISTS = Array.from({ length: 4 }).reduce<(number | undefined)[][]>(
  (lists) => [[], ...lists.flatMap((list) => SIZES.map((size) => [...list, size]))],
  [[]],
)
const rowsOf = (sizes: readonly (number | undefined)[]): Row[] => sizes.map((size, place) => ({ place, size }))
const values = { size: ({ size }: Row) => size }

it('orders up and down, with what has no value last and what is alike as it was', () => {
  for (const given of LISTS.map(rowsOf))
    for (const sort of ['size', '-size']) {
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
    }
})

it('leaves things as they are where the order is none that it knows', () => {
  for (const sort of [undefined, '', '-', 'name', 'constructor', '--size'])
    expect(inOrder(rowsOf([1, undefined, 0]), sort, values)).toEqual(rowsOf([1, undefined, 0]))
})

it('compares text with text and numbers with numbers', () => {
  expect(inOrder(['b', 'a'], 'text', { text: (text) => text })).toEqual(['a', 'b'])
  expect(inOrder([10, 9], 'number', { number: (number) => number })).toEqual([9, 10])
})

it('takes no notice of capitals and accents, as everybody reads a list of names', () => {
  const names = ['Zoe', 'ana', 'Émile', 'frank', 'Ana', 'E\u0301a', '\u6771\u4EAC']
  const value = { name: (name: string) => name }
  expect(inOrder(names, 'name', value)).toEqual(['ana', 'Ana', 'E\u0301a', 'Émile', 'frank', 'Zoe', '\u6771\u4EAC'])
  expect(inOrder(names, '-name', value)).toEqual(['\u6771\u4EAC', 'Zoe', 'frank', 'Émile', 'E\u0301a', 'ana', 'Ana'])
})
