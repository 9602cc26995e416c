import { Table, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { Column } from './data-table.tsx'
import { ariaSort, nextSort } from './next-sort.ts'

export interface TableSort {
  /** The column that rows are in order by, with a minus when the order is the other way around. */
  readonly by: string | undefined
  /** Whether all rows can be put in order by a column, not only those that have been read. */
  readonly canSort: (column: string) => boolean
  readonly onSort: (by: string) => void
}

export const SELECTION_PX = 44

export const TableHead = <Row,>({
  columns,
  hasSelection,
  sort,
}: {
  readonly columns: readonly Column<Row>[]
  readonly hasSelection: boolean
  readonly sort: TableSort | undefined
}) => (
  <Table.Thead>
    <Table.Tr aria-rowindex={1}>
      {hasSelection && (
        <Table.Th w={SELECTION_PX}>
          <VisuallyHidden>Chosen</VisuallyHidden>
        </Table.Th>
      )}
      {columns.map(({ id, title, width, align, isTitleHidden = false }) => {
        const sized = width === undefined ? {} : { w: width }
        if (!sort?.canSort(id))
          return (
            <Table.Th key={id} ta={align} {...sized}>
              {isTitleHidden ? <VisuallyHidden>{title}</VisuallyHidden> : title}
            </Table.Th>
          )
        return (
          <Table.Th key={id} ta={align} aria-sort={ariaSort(sort.by, id)} {...sized}>
            <UnstyledButton className="sort" onClick={() => sort.onSort(nextSort(sort.by, id))}>
              {title}
              <Arrow direction={ariaSort(sort.by, id)} />
            </UnstyledButton>
          </Table.Th>
        )
      })}
    </Table.Tr>
  </Table.Thead>
)

function Arrow({ direction }: { readonly direction: ReturnType<typeof ariaSort> }) {
  if (direction === 'none') return null
  const Icon = direction === 'ascending' ? IconArrowUp : IconArrowDown
  return <Icon size={14} aria-hidden className="inline-icon" />
}
