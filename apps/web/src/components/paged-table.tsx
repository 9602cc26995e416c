import { Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { formatCount } from './format-count.ts'
import { type Column, DataTable, type Selection } from './data-table.tsx'
import { Loaded } from './loaded.tsx'
import { TableSkeleton } from './skeleton.tsx'

/** A table that reads on as one scrolls, with the number of rows above and a sentence where there are none. */
export function PagedTable<Row>({
  query,
  label,
  noun,
  empty,
  total,
  columns,
  idOf,
  selection,
}: {
  readonly query: {
    readonly data: readonly Row[] | undefined
    readonly isError: boolean
    readonly error: unknown
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => Promise<unknown>
  }
  readonly label: string
  /** Of one and of several. */
  readonly noun: readonly [one: string, several: string]
  readonly empty: ReactNode
  readonly total?: number | undefined
  readonly columns: readonly Column<Row>[]
  readonly idOf: (row: Row) => string
  readonly selection?: Selection<Row> | undefined
}) {
  const readOn = (): void => {
    if (query.hasNextPage && !query.isFetchingNextPage && !query.isError) void query.fetchNextPage()
  }
  return (
    <Loaded query={query} like={<TableSkeleton columns={columns} hasCount />}>
      {(rows) => (
        <Stack gap="xs">
          <Text size="sm" c="dimmed" role="status">
            {sayCount(rows.length, query.hasNextPage, total, noun)}
          </Text>
          {rows.length === 0 && !query.hasNextPage ? (
            empty
          ) : (
            <DataTable
              label={label}
              rows={rows}
              columns={columns}
              idOf={idOf}
              total={query.hasNextPage ? (total ?? -2) : rows.length}
              onEnd={readOn}
              {...(selection ? { selection } : {})}
            />
          )}
          {rows.length === 0 && query.hasNextPage && <ReadOn onEnd={readOn} />}
        </Stack>
      )}
    </Loaded>
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
