import { useState } from 'react'
import { type ActiveRow, findActive } from './active-row.ts'
import { type PageKey, usePageKeys } from './page-keys.tsx'

/** What the keys of a table do beside going through its rows. */
export interface RowKeys<Row> {
  /** What Enter opens, such as `the user`. */
  readonly opens?: string
  readonly acts?: readonly {
    readonly key: string
    readonly words: string
    readonly run: (row: Row | undefined) => void
  }[]
}

/** `j` and `k` go through rows, `x` chooses one, and further keys act on the one that they have come to. */
export function useRowKeys<Row>({
  rows,
  idOf,
  keys,
  onToggle,
}: {
  readonly rows: readonly Row[]
  readonly idOf: (row: Row) => string
  /** Without them there are none. */
  readonly keys: RowKeys<Row> | undefined
  readonly onToggle?: ((row: Row) => void) | undefined
}) {
  const [before, setBefore] = useState<ActiveRow>()
  const [moves, setMoves] = useState(0)
  const active = findActive(before ? rows.map(idOf) : [], before)
  if (active && active !== before) setBefore(active)
  const current = active && rows[active.index]
  const setActive = (index: number): void => {
    const row = rows[index]
    if (row !== undefined) setBefore({ id: idOf(row), index })
  }
  const step = (by: number): void => {
    setActive(active ? Math.max(0, Math.min(rows.length - 1, active.index + by)) : 0)
    setMoves(moves + 1)
  }
  const of = ({ opens, acts = [] }: RowKeys<Row>): readonly PageKey[] => [
    { key: 'j', words: 'the next row', run: () => step(1) },
    { key: 'k', words: 'the row before', run: () => step(-1) },
    ...(opens === undefined ? [] : [{ key: 'Enter', words: `open ${opens}` }]),
    ...(onToggle ? [{ key: 'x', words: 'choose the row, or not', run: () => current && onToggle(current) }] : []),
    ...acts.map(({ key, words, run }) => ({ key, words, run: () => run(current) })),
  ]
  return { active, moves, setActive, ...usePageKeys(keys ? of(keys) : []) }
}
