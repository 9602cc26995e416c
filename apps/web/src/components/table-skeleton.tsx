import { Group, Stack, Table } from '@mantine/core'
import { useRowHeight } from './row-height.ts'
import { Bone } from './skeleton.tsx'

interface SkeletonColumn {
  readonly id: string
  readonly title?: string
  readonly isTitleHidden?: boolean
  readonly width?: number
  readonly align?: 'right'
}

const ROWS = Array.from({ length: 16 }, (_, index) => `row ${index}`)
const WIDTHS = ['long', 'middle', 'short'] as const
const UNKNOWN: readonly SkeletonColumn[] = ['a', 'b', 'c', 'd'].map((id) => ({ id }))

/** A table with its real head, where that is known, and rows as high as they will be. */
export function TableSkeleton({
  columns = UNKNOWN,
  hasCount = false,
}: {
  readonly columns?: readonly SkeletonColumn[]
  /** A line above says how many there are. */
  readonly hasCount?: boolean
}) {
  const height = useRowHeight()
  return (
    <Stack gap="xs" aria-hidden>
      {hasCount && (
        <Group className="above-table">
          <Bone width="short" />
        </Group>
      )}
      <div className="table-frame rows" data-height={height}>
        <Table layout="fixed">
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ id, title = '', isTitleHidden = false, width, align }) => (
                <Table.Th key={id} ta={align} {...(width === undefined ? {} : { w: width })}>
                  {isTitleHidden ? '' : title}&nbsp;
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ROWS.map((row, index) => (
              <Table.Tr key={row}>
                {columns.map(({ id }, column) => (
                  <Table.Td key={id}>
                    <Bone width={WIDTHS[(index + column) % 3] ?? 'middle'} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Stack>
  )
}
