import { expect, it } from 'vitest'
import { ariaSort, nextSort } from './next-sort.ts'

it('goes up by another column, and then down and up by the same', () => {
  expect(nextSort(undefined, 'name')).toBe('name')
  expect(nextSort('-created', 'name')).toBe('name')
  expect(nextSort('name', 'name')).toBe('-name')
  expect(nextSort('-name', 'name')).toBe('name')
})

it('says of one column that it is the one, and which way', () => {
  expect(['name', '-name', 'created', undefined].map((sort) => ariaSort(sort, 'name'))).toEqual([
    'ascending',
    'descending',
    'none',
    'none',
  ])
})
