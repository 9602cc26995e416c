import { Button, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { type Column, DataTable, type Selection } from './data-table.tsx'
import { formatCount } from './format-count.ts'
import { Loaded } from './loaded.tsx'
import { TableSkeleton } from './table-skeleton.tsx'
import { type RowKeys, useRowKeys } from './use-row-keys.ts'
import { type SortInAddress, useSorted } from './use-sorted.ts'

interface PagedTableProps<Row> {
  readonly query: {
    readonly data: readonly Row[] | undefined
    readonly isError: boolean
    readonly error: unknown
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    /** What is shown is of the question before. */
    readonly isPlaceholderData?: boolean
    readonly fetchNextPage: () => Promise<unknown>
  }
  readonly label: string
  /** Of one and of several. */
  readonly noun: readonly [one: string, several: string]
  readonly empty: ReactNode
  readonly total?: number | undefined
  readonly columns: readonly Column<Row>[]
  readonly idOf: (row: Row) => string
  readonly sort?: SortInAddress
  readonly selection?: Selection<Row> | undefined
  /** What may be done with what is chosen; it stands above the table. */
  readonly bulk?: ReactNode
  readonly keys?: RowKeys<Row>
  /** Those of the address, which make a sentence with the number of rows. */
  readonly filters?: ReactNode
}

/** A table that reads on as one scrolls, with the number of rows above and a sentence where there are none. */
export function PagedTable<Row>(props: PagedTableProps<Row>) {
  const { query, columns } = props
  return (
    <Loaded query={query} like={<TableSkeleton columns={columns} hasCount />}>
      {(rows) => <Rows {...props} rows={rows} />}
    </Loaded>
  )
}

function Rows<Row>(props: PagedTableProps<Row> & { readonly rows: readonly Row[] }) {
  const { query, label, noun, empty, total, columns, idOf, selection, bulk, keys } = props
  const { hasNextPage, isPlaceholderData = false } = query
  const { rows, sort } = useSorted({ rows: props.rows, columns, isWhole: !hasNextPage, sort: props.sort })
  const found = useRowKeys<Row>({ rows, idOf, keys, onToggle: selection && ((row) => selection.onToggle(idOf(row))) })
  const readOn = (): void => {
    if (hasNextPage && !query.isFetchingNextPage && !query.isError) void query.fetchNextPage()
  }
  const count = sayCount(rows.length, hasNextPage, total, noun)
  const [said, setSaid] = useState(count)
  if (!isPlaceholderData && said !== count) setSaid(count)
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs" className="above-table">
        <Group gap={6}>
          <Text size="sm" c="dimmed" role="status">
            {said}
          </Text>
          {props.filters}
        </Group>
        {bulk}
        {keys && rows.length > 0 && (
          <Button size="compact-xs" variant="subtle" color="gray" visibleFrom="xs" onClick={found.show}>
            Keys
          </Button>
        )}
      </Group>
      {rows.length === 0 && !hasNextPage ? (
        empty
      ) : (
        <DataTable
          label={label}
          rows={rows}
          columns={columns}
          idOf={idOf}
          total={hasNextPage ? (total ?? -2) : rows.length}
          onEnd={readOn}
          selection={selection}
          sort={sort}
          isBusy={isPlaceholderData}
          {...(keys ? { active: found.active, moves: found.moves, onActive: found.setActive } : {})}
        />
      )}
      {rows.length === 0 && hasNextPage && <ReadOn onEnd={readOn} />}
      {found.dialog}
    </Stack>
  )
}

/** A page may hold nothing that is looked for, and the next one may. */
function ReadOn({ onEnd }: { readonly onEnd: () => void }) {
  useEffect(onEnd)
  return null
}

function sayCount(
  shown: number,
  hasMore: boolean,
  total: number | undefined,
  [one, several]: readonly [string, string],
): string {
  if (hasMore && total === undefined) return `the first ${formatCount(shown)} ${several}`
  const count = hasMore && total !== undefined ? total : shown
  return `${formatCount(count)} ${count === 1 ? one : several}`
}
