import { inOrder, parseSort } from '@gatehouse/api'
import { useMemo } from 'react'
import type { Column } from './data-table.tsx'
import type { TableSort } from './table-head.tsx'

/** An order as the address of a page has it; `first` is the one where it says none. */
export interface SortInAddress {
  readonly value: string | undefined
  readonly first: string
  readonly onChange: (sort: string | undefined) => void
}

/** Only who has all rows can put them in order: the server, or this page once it has read them to the end. */
export function useSorted<Row>({
  rows,
  columns,
  isWhole,
  sort,
}: {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly isWhole: boolean
  readonly sort: SortInAddress | undefined
}): { readonly rows: readonly Row[]; readonly sort: TableSort | undefined } {
  const by = sort?.value ?? sort?.first
  const column = columns.find(({ id }) => id === parseSort(by).by)
  const id = column?.id
  const sortBy = isWhole && !column?.isSorted ? column?.sortBy : undefined
  const sorted = useMemo(
    () => (id !== undefined && sortBy ? inOrder(rows, by, { [id]: sortBy }) : rows),
    [rows, by, id, sortBy],
  )
  const canSort = (asked: string): boolean =>
    columns.some((one) => one.id === asked && (one.isSorted === true || (isWhole && one.sortBy !== undefined)))
  const onSort = (next: string): void => sort?.onChange(next === sort.first ? undefined : next)
  return {
    rows: sorted,
    sort: sort && { by: id !== undefined && canSort(id) ? by : undefined, canSort, onSort },
  }
}
