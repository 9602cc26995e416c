import type { Transaction } from 'kysely'
import { type BulkTable, deleteRows, type Row, upsertRows } from './bulk.ts'
import type { Tables } from './schema.ts'

/** A change as rows: one row is there or gone afterwards. */
export type RowChange =
  | { readonly table: BulkTable; readonly put: Row }
  /** `with` goes too: rows of other tables, by some of their columns. */
  | { readonly table: BulkTable; readonly delete: Row; readonly with?: readonly RowsOf[] }
export interface RowsOf {
  readonly table: BulkTable
  readonly where: Row
}

/** A whole row: every column that the table writes. */
export const put = <Column extends string>(
  table: BulkTable<Column>,
  row: Readonly<Record<Column, unknown>>,
): RowChange => ({ table, put: row })

export const remove = <Column extends string>(
  table: BulkTable<Column>,
  key: Readonly<Partial<Record<Column, unknown>>>,
  also: readonly RowsOf[] = [],
): RowChange => ({ table, delete: key, with: also })

/**
 * Applies many changes in few statements, with the result that they would have one after the other: what a later change
 * deletes is never put, then rows are deleted, then put, table by table in the order given, so that what refers comes
 * after what it refers to.
 */
export async function applyChanges(
  transaction: Transaction<Tables>,
  tables: readonly BulkTable[],
  changes: readonly RowChange[],
): Promise<void> {
  const { deletes, puts } = settle(changes)
  await deleteAll(transaction, tables, deletes)
  for (const table of tables) await upsertRows(transaction, table, [...(puts.get(table)?.values() ?? [])])
}

interface Settled {
  readonly deletes: readonly RowsOf[]
  readonly puts: ReadonlyMap<BulkTable, ReadonlyMap<string, Row>>
}

function settle(changes: readonly RowChange[]): Settled {
  const deletes: RowsOf[] = []
  const puts = new Map<BulkTable, Map<string, Row>>()
  for (const change of changes) {
    const { table } = change
    if ('put' in change) {
      const rows = puts.get(table) ?? new Map<string, Row>()
      puts.set(table, rows.set(rowKey(table, change.put), change.put))
      continue
    }
    puts.get(table)?.delete(rowKey(table, change.delete))
    for (const { table: other, where } of change.with ?? []) forget(puts.get(other), where)
    deletes.push({ table, where: change.delete }, ...(change.with ?? []))
  }
  return { deletes, puts }
}

const rowKey = (table: BulkTable, row: Row): string => JSON.stringify(table.key.map((column) => row[column]))

function forget(rows: Map<string, Row> | undefined, where: Row): void {
  const conditions = Object.entries(where)
  for (const [key, row] of rows ?? [])
    if (conditions.every(([column, value]) => row[column] === value)) rows?.delete(key)
}

async function deleteAll(
  transaction: Transaction<Tables>,
  tables: readonly BulkTable[],
  rows: readonly RowsOf[],
): Promise<void> {
  const byTable = new Map<BulkTable, Map<string, Row[]>>()
  for (const { table, where } of rows) {
    const shapes = byTable.get(table) ?? new Map<string, Row[]>()
    byTable.set(table, shapes)
    append(shapes, Object.keys(where).join(), where)
  }
  for (const table of tables.toReversed())
    for (const same of byTable.get(table)?.values() ?? []) await deleteRows(transaction, table, same)
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
