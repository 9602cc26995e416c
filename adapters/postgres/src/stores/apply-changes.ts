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
 * Applies many changes in few statements. For each row its last change counts. Rows are put table by table in the order
 * given, so what refers comes after what it refers to; then rows are deleted, in the opposite order. A row that is
 * deleted and put again is deleted first, with all that goes with it.
 */
export async function applyChanges(
  transaction: Transaction<Tables>,
  tables: readonly BulkTable[],
  changes: readonly RowChange[],
  betweenPutsAndDeletes: () => Promise<void> = async () => {},
): Promise<void> {
  const { replaced, puts, deletes } = settle(changes)
  await deleteAll(transaction, tables, replaced)
  for (const table of tables) await upsertRows(transaction, table, puts.get(table) ?? [])
  await betweenPutsAndDeletes()
  await deleteAll(transaction, tables, deletes)
}

interface Settled {
  readonly replaced: readonly RowsOf[]
  readonly puts: ReadonlyMap<BulkTable, readonly Row[]>
  readonly deletes: readonly RowsOf[]
}

function settle(changes: readonly RowChange[]): Settled {
  const last = new Map<string, RowChange>()
  const deletedOnce = new Map<string, Extract<RowChange, { delete: Row }>>()
  for (const change of changes) {
    const key = rowKey(change)
    last.set(key, change)
    if ('delete' in change) deletedOnce.set(key, change)
  }
  const puts = new Map<BulkTable, Row[]>()
  for (const change of last.values()) if ('put' in change) append(puts, change.table, change.put)
  const replaced: RowsOf[] = []
  const deletes: RowsOf[] = []
  for (const [key, change] of deletedOnce) {
    const isReplaced = 'put' in (last.get(key) ?? {})
    const into = isReplaced ? replaced : deletes
    into.push({ table: change.table, where: change.delete }, ...(change.with ?? []))
  }
  return { replaced, puts, deletes }
}

function rowKey(change: RowChange): string {
  const row = 'put' in change ? change.put : change.delete
  return JSON.stringify([change.table.name, ...change.table.key.map((column) => row[column])])
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
