import type { SortValue } from '@gatehouse/api'
import { Checkbox, Table } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type FocusEvent, type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { isFocusGivenUp } from '../app/keep-focus.ts'
import type { ActiveRow } from './active-row.ts'
import { ROW_PX, useRowHeight } from './row-height.ts'
import { SELECTION_PX, TableHead, type TableSort } from './table-head.tsx'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** Of what speaks for itself, such as buttons; it is read out all the same. */
  readonly isTitleHidden?: boolean
  /** In pixels; what has none shares what is left. */
  readonly width?: number
  /** Numbers stand at the right. */
  readonly align?: 'right'
  /** What rows are put in order by, where all of them have been read. */
  readonly sortBy?: (row: Row) => SortValue
  /** The server puts rows in order by this column, under the name of its id. */
  readonly isSorted?: true
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
  readonly selection?: Selection<Row> | undefined
  readonly sort?: TableSort | undefined
  /** What is shown is about to be replaced. */
  readonly isBusy?: boolean
  /** The row that keys act on. */
  readonly active?: ActiveRow | undefined
  /** How often keys have gone to a row: the focus follows. */
  readonly moves?: number
  /** Called when the focus comes to another row. */
  readonly onActive?: ((index: number) => void) | undefined
}

const FLEXIBLE_PX = 180

/** A real table of which only what is in sight is drawn; its head stays, and its frame scrolls by keyboard too. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    label,
    rows,
    columns,
    idOf,
    total,
    onEnd,
    selection,
    sort,
    isBusy = false,
    active,
    moves = 0,
    onActive,
  } = props
  const frame = useRef<HTMLElement>(null)
  const height = useRowHeight()
  const rowPx = ROW_PX[height]
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: 12,
    scrollMargin: rowPx,
    scrollPaddingStart: rowPx,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => virtual.measure(), [virtual, rowPx])
  useEffect(() => {
    if (last >= rows.length - 15) onEnd?.()
  }, [last, rows.length, onEnd])
  useEffect(() => {
    frame.current?.scrollTo({ top: 0 })
  }, [sort?.by])
  const takeOwed = useActiveRow(frame, virtual.scrollToIndex, active, moves)
  const follow = ({ target }: FocusEvent): void => {
    if (target === frame.current) takeOwed()
    const index = target.closest('[data-row]')?.getAttribute('data-row')
    if (index !== null && index !== undefined) onActive?.(Number(index))
  }
  const before = (items[0]?.start ?? rowPx) - rowPx
  const after = Math.max(0, rows.length * rowPx - ((items.at(-1)?.end ?? rowPx) - rowPx))
  const minWidth = columns.reduce((sum, { width }) => sum + (width ?? FLEXIBLE_PX), selection ? SELECTION_PX : 0)
  return (
    <section
      className="table-frame rows"
      aria-label={label}
      aria-busy={isBusy || undefined}
      data-height={height}
      tabIndex={0}
      ref={frame}
      onFocus={follow}
    >
      <Table miw={minWidth} aria-rowcount={(total ?? rows.length) + 1} aria-label={label} layout="fixed">
        <TableHead columns={columns} hasSelection={selection !== undefined} sort={sort} />
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
                isActive={index === active?.index}
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

/**
 * Keeps the focus on the row that keys have come to, and brings it to the next one when that is gone. What it returns
 * does so later, for when a dialog had the focus meanwhile.
 */
function useActiveRow(
  frame: RefObject<HTMLElement | null>,
  scrollTo: (index: number) => void,
  active: ActiveRow | undefined,
  moves: number,
): () => void {
  const isOwed = useRef(false)
  const rowNow = (): Element | null | undefined => frame.current?.querySelector('[data-active]')
  useEffect(() => {
    if (moves === 0 || !active || rowNow()?.contains(document.activeElement)) return
    scrollTo(active.index)
    // Drawn by then; whoever listens to the page hears the row that the keys have come to.
    const drawn = requestAnimationFrame(() => focusIn(rowNow()))
    return () => cancelAnimationFrame(drawn)
  }, [moves])
  useEffect(() => {
    if (active === undefined || rowNow()?.contains(document.activeElement)) return
    if (document.activeElement !== document.body) isOwed.current = document.activeElement?.closest(DIALOG) !== null
    else if (!isFocusGivenUp()) focusIn(rowNow())
  }, [active?.id])
  return () => {
    if (isOwed.current) focusIn(rowNow())
    isOwed.current = false
  }
}

const DIALOG = '[aria-modal="true"]'

const focusIn = (row: Element | null | undefined): void =>
  row?.querySelector<HTMLElement>(':is(a[href], input, button)')?.focus({ preventScroll: true })

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
  readonly selection: DataTableProps<Row>['selection']
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
            onKeyDown={openOnEnter}
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

/** A box is ticked by the space bar; Enter goes where the row leads. */
function openOnEnter({ key, currentTarget }: KeyboardEvent): void {
  if (key === 'Enter') currentTarget.closest('tr')?.querySelector('a')?.click()
}

/** Keeps the length of what is not drawn. */
const Spacer = ({ height }: { readonly height: number }) =>
  height <= 0 ? null : (
    <tr aria-hidden>
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
