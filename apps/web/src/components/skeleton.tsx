import { Card, Group, Stack, Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { Crumbs } from './crumbs.tsx'
import { useRowHeight } from './row-height.ts'
import { useWaiting } from './waiting.ts'

/** Where something will stand; it takes its room at once, and is seen only when that takes a moment. */
export function Skeleton({ children }: { readonly children: ReactNode }) {
  useWaiting()
  return (
    <div className="skeleton" role="group" aria-label="Loading" aria-busy>
      {children}
    </div>
  )
}

type Width = 'short' | 'middle' | 'long'

const Bone = ({ width, as = 'line' }: { readonly width: Width; readonly as?: 'line' | 'title' | 'heading' }) => (
  <div className="bone" data-as={as} data-width={width} />
)

export const LinesSkeleton = () => (
  <Stack gap={6} aria-hidden>
    <Bone width="middle" />
    <Bone width="long" />
    <Bone width="short" />
  </Stack>
)

export const CardsSkeleton = () => (
  <Stack gap="xs" aria-hidden>
    {['first', 'second'].map((card) => (
      <Card key={card} withBorder padding="sm">
        <Bone width="middle" />
      </Card>
    ))}
  </Stack>
)

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

/** A whole page: where it belongs is known already, its title is not. */
export const PageSkeleton = ({
  wide = false,
  children,
}: {
  readonly wide?: boolean
  readonly children?: ReactNode
}) => (
  <Stack gap="md" maw={wide ? undefined : 1280}>
    <Crumbs hiddenFrom="sm" />
    <Group h={36} aria-hidden>
      <Bone width="middle" as="title" />
    </Group>
    {children ?? (
      <Stack gap="lg" aria-hidden>
        <LinesSkeleton />
        <Bone width="short" as="heading" />
        <LinesSkeleton />
        <Bone width="short" as="heading" />
        <LinesSkeleton />
      </Stack>
    )}
  </Stack>
)
