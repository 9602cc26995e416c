import { sql, type Kysely } from 'kysely'
import type { Database } from '../engine/database.ts'

interface TableContent {
  readonly name: string
  /** Those that can be written: all but generated ones. */
  readonly columns: readonly string[]
  readonly rows: string
}

/** Returns a function that gives every table the rows it has now: those that migrations put there. */
export async function rememberContent<Tables>(database: Database<Tables>): Promise<() => Promise<void>> {
  const tables = await readTables(database.kysely)
  const filled = tables.filter(({ rows }) => rows !== '[]')
  return () =>
    database.transaction(async (transaction) => {
      // Neither foreign keys nor triggers that refuse deletion are in the way of a test.
      await sql`set local session_replication_role = replica`.execute(transaction)
      const changed = await listFilled(transaction, tables)
      if (changed.length > 0)
        await sql`truncate ${sql.join(changed.map((name) => sql.table(name)))} cascade`.execute(transaction)
      for (const { name, columns, rows } of filled) {
        const names = sql.join(columns.map((column) => sql.ref(column)))
        await sql`
          insert into ${sql.table(name)} (${names}) overriding system value
          select ${names} from jsonb_populate_recordset(null::${sql.table(name)}, ${rows}::jsonb)
        `.execute(transaction)
      }
    })
}

async function readTables<Tables>(kysely: Kysely<Tables>): Promise<TableContent[]> {
  const { rows: tables } = await sql<{ name: string; columns: string[] }>`
    select table_name as name, array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' and is_generated = 'NEVER'
      and table_name not in ('kysely_migration', 'kysely_migration_lock', 'migration_file')
    group by table_name
  `.execute(kysely)
  const contents: TableContent[] = []
  for (const table of tables) {
    const { rows } = await sql<{ rows: string }>`
      select coalesce(jsonb_agg(to_jsonb(t)), '[]')::text as rows from ${sql.table(table.name)} as t
    `.execute(kysely)
    contents.push({ ...table, rows: rows[0]?.rows ?? '[]' })
  }
  return contents
}

/** Truncating an empty table costs as much as a full one, and most tests fill a few. */
async function listFilled<Tables>(kysely: Kysely<Tables>, tables: readonly TableContent[]): Promise<string[]> {
  if (tables.length === 0) return []
  const checks = tables.map(
    ({ name }) => sql`select ${name}::text as name where exists (select from ${sql.table(name)})`,
  )
  const { rows } = await sql<{ name: string }>`${sql.join(checks, sql` union all `)}`.execute(kysely)
  return rows.map(({ name }) => name)
}
