import { Checkbox, Table, VisuallyHidden } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** Of what speaks for itself, such as buttons; it is read out all the same. */
  readonly isTitleHidden?: boolean
  /** In pixels; what has none shares what is left. */
  readonly width?: number
  /** Numbers stand at the right. */
  readonly align?: 'right'
  readonly cell: (row: Row) => ReactNode
}

export interface Selection<Row> {
  readonly selected: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  readonly nameOf: (row: Row) => string
}

interface DataTableProps<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly idOf: (row: Row) => string
  /** All there are, where only some have been read. */
  readonly total?: number | undefined
  /** Called when the last rows come into sight. */
  readonly onEnd?: (() => void) | undefined
  readonly selection?: Selection<Row>
  /** The row that keys act on. */
  readonly active?: number | undefined
}

/** As the style sheet has it. */
const ROW_PX = 41
const FLEXIBLE_PX = 180
const SELECTION_PX = 44

/** A real table of which only what is in sight is drawn; its head stays, and its frame scrolls by keyboard too. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, idOf, total, onEnd, selection, active } = props
  const frame = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: ROW_PX,
    scrollPaddingStart: ROW_PX,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - 15) onEnd?.()
  }, [last, rows.length, onEnd])
  useEffect(() => {
    if (active === undefined) return
    virtual.scrollToIndex(active)
    // Drawn by then; whoever listens to the page hears the row that the keys have come to.
    const drawn = requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`[data-row="${active}"] input`)?.focus({ preventScroll: true }),
    )
    return () => cancelAnimationFrame(drawn)
  }, [active, virtual])
  const before = (items[0]?.start ?? ROW_PX) - ROW_PX
  const after = Math.max(0, rows.length * ROW_PX - ((items.at(-1)?.end ?? ROW_PX) - ROW_PX))
  const minWidth = columns.reduce((sum, { width }) => sum + (width ?? FLEXIBLE_PX), selection ? SELECTION_PX : 0)
  return (
    <section className="table-frame rows" aria-label={label} tabIndex={0} ref={frame}>
      <Table miw={minWidth} aria-rowcount={(total ?? rows.length) + 1} aria-label={label} layout="fixed">
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            {selection && (
              <Table.Th w={SELECTION_PX}>
                <VisuallyHidden>Chosen</VisuallyHidden>
              </Table.Th>
            )}
            {columns.map(({ id, title, width, align, isTitleHidden = false }) => (
              <Table.Th key={id} ta={align} {...(width === undefined ? {} : { w: width })}>
                {isTitleHidden ? <VisuallyHidden>{title}</VisuallyHidden> : title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Spacer height={before} />
          {items.map(({ index }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <DataRow
                key={idOf(row)}
                row={row}
                columns={columns}
                id={idOf(row)}
                index={index}
                isActive={index === active}
                selection={selection}
              />
            )
          })}
          <Spacer height={after} />
        </Table.Tbody>
      </Table>
    </section>
  )
}

function DataRow<Row>({
  row,
  columns,
  id,
  index,
  isActive,
  selection,
}: Pick<DataTableProps<Row>, 'columns'> & {
  readonly row: Row
  readonly id: string
  readonly index: number
  readonly isActive: boolean
  readonly selection: DataTableProps<Row>['selection'] | undefined
}) {
  const isSelected = selection?.selected.has(id) ?? false
  return (
    <Table.Tr
      aria-rowindex={index + 2}
      data-row={index}
      data-active={isActive || undefined}
      data-selected={isSelected || undefined}
    >
      {selection && (
        <Table.Td>
          <Checkbox
            size="xs"
            checked={isSelected}
            onChange={() => selection.onToggle(id)}
            aria-label={`Choose ${selection.nameOf(row)}`}
          />
        </Table.Td>
      )}
      {columns.map(({ id: column, align, cell }) => (
        <Table.Td key={column} ta={align} className="cell">
          {cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}

/** Keeps the length of what is not drawn. */
const Spacer = ({ height }: { readonly height: number }) =>
  height <= 0 ? null : (
    <tr aria-hidden>
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
