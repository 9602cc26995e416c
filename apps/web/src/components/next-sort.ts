import { parseSort } from '@gatehouse/api'

/** What pressing a column's title makes of the order: up first, and then the other way around. */
export const nextSort = (sort: string | undefined, column: string): string => (sort === column ? `-${column}` : column)

/** What those who do not see the arrow hear. */
export function ariaSort(sort: string | undefined, column: string): 'ascending' | 'descending' | 'none' {
  const { by, isDown } = parseSort(sort)
  if (by !== column) return 'none'
  return isDown ? 'descending' : 'ascending'
}
