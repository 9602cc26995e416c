import { sql, type Transaction } from 'kysely'
import type { Tables } from './schema.ts'
import { toJson } from './values.ts'

type ColumnKind = 'text' | 'boolean' | 'integer' | 'bigint' | 'jsonb' | 'timestamptz'
export type Row = Readonly<Record<string, unknown>>

/** A table as bulk statements see it: which columns are written, and which of them say what row it is. */
export interface BulkTable<Column extends string = string> {
  readonly name: keyof Tables
  /** May hold a column that the database generates. */
  readonly key: readonly string[]
  readonly columns: Readonly<Record<Column, ColumnKind>>
  /** A row of `input` that this condition does not hold for is left out. */
  readonly onlyWhere?: string
}

/** Names of tables and columns come from constants of this folder, never from input. */
export function bulkTable<Name extends keyof Tables, Column extends keyof Tables[Name] & string>(
  name: Name,
  key: readonly (keyof Tables[Name] & string)[],
  columns: Readonly<Record<Column, ColumnKind>>,
  options: { onlyWhere?: string } = {},
): BulkTable<Column> {
  return { name, key, columns, ...options }
}

/** Bounds what one statement holds in memory, of which the embedded database has little. */
const ROWS_PER_STATEMENT = 5000

/** Inserts rows, or changes those that are there and differ, in as few statements as there are thousands. */
export async function upsertRows(
  transaction: Transaction<Tables>,
  table: BulkTable,
  rows: readonly Row[],
): Promise<void> {
  const names = Object.keys(table.columns)
  const changing = names.filter((name) => !table.key.includes(name))
  const target = list(table.key)
  const onConflict =
    changing.length === 0
      ? 'do nothing'
      : `do update set (${list(changing)}) = row(${list(changing, 'excluded')})
         where (${list(changing, table.name)}) is distinct from (${list(changing, 'excluded')})`
  for (const part of chunks(rows))
    await sql`
      insert into ${sql.table(table.name)} (${sql.raw(list(names))})
      select ${sql.raw(list(names, 'input'))} from ${recordset(table, names, part)}
      where ${sql.raw(table.onlyWhere ?? 'true')}
      on conflict (${sql.raw(target)}) ${sql.raw(onConflict)}
    `.execute(transaction)
}

/** Deletes the rows that equal one of `rows` in the columns that these have; all of them have the same. */
export async function deleteRows(
  transaction: Transaction<Tables>,
  table: BulkTable,
  rows: readonly Row[],
): Promise<void> {
  const names = Object.keys(rows[0] ?? {})
  const matching = names.map((name) => `"${table.name}"."${name}" = input."${name}"`).join(' and ')
  for (const part of chunks(rows))
    await sql`
      delete from ${sql.table(table.name)} using ${recordset(table, names, part)} where ${sql.raw(matching)}
    `.execute(transaction)
}

function recordset(table: BulkTable, names: readonly string[], rows: readonly Row[]) {
  const columns = names.map((name) => `"${name}" ${table.columns[name]}`).join(', ')
  return sql`json_to_recordset(${toJson(rows)}::json) as input(${sql.raw(columns)})`
}

const list = (names: readonly string[], of?: string): string =>
  names.map((name) => (of ? `"${of}"."${name}"` : `"${name}"`)).join(', ')

function* chunks(rows: readonly Row[]): Iterable<readonly Row[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    yield rows.slice(start, start + ROWS_PER_STATEMENT)
}
