import { expect, it } from 'vitest'
import { outlineOf, roundUp, stretches } from './chart-figures.ts'

const plain = { x: (at: number) => at, y: (value: number) => 100 - value }

it('leaves room above what is measured, up to a number that is short to write', () => {
  expect([0, 1, 3, 7, 10, 11, 24, 47, 61, 130].map(roundUp)).toEqual([1, 1, 4, 10, 10, 20, 40, 60, 100, 200])
})

it('draws what follows each other as one outline, and nothing where nothing was measured', () => {
  const points = [
    { at: 0, value: 5 },
    { at: 10, value: 8 },
    { at: 40, value: 1 },
  ]
  expect(outlineOf(points, 10, plain)).toBe('M0 100V95H10V92H20V100M40 100V99H50V100')
  expect(outlineOf([], 10, plain)).toBe('')
})

it('sums up into stretches, the oldest first', () => {
  const at = (minute: number) => ({ at: new Date(minute * 60_000).toISOString() })
  const found = stretches([at(1), at(4), at(11)], 300_000)
  expect(found.map(({ from, points }) => [from / 60_000, points.length])).toEqual([
    [0, 2],
    [10, 1],
  ])
})
