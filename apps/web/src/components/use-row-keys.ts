import { useState } from 'react'
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
  keys,
  onToggle,
}: {
  readonly rows: readonly Row[]
  /** Without them there are none. */
  readonly keys: RowKeys<Row> | undefined
  readonly onToggle?: ((row: Row) => void) | undefined
}) {
  const [asked, setActive] = useState<number>()
  const active = asked === undefined || rows.length === 0 ? undefined : Math.min(asked, rows.length - 1)
  const current = active === undefined ? undefined : rows[active]
  const step = (by: number): void =>
    setActive(active === undefined ? 0 : Math.max(0, Math.min(rows.length - 1, active + by)))
  const of = ({ opens, acts = [] }: RowKeys<Row>): readonly PageKey[] => [
    { key: 'j', words: 'the next row', run: () => step(1) },
    { key: 'k', words: 'the row before', run: () => step(-1) },
    ...(opens === undefined ? [] : [{ key: 'Enter', words: `open ${opens}` }]),
    ...(onToggle ? [{ key: 'x', words: 'choose the row, or not', run: () => current && onToggle(current) }] : []),
    ...acts.map(({ key, words, run }) => ({ key, words, run: () => run(current) })),
  ]
  return { active, setActive, ...usePageKeys(keys ? of(keys) : []) }
}
