import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../testing/index.ts'
import { RECORD_TABLES } from './record-tables.ts'

it('writes every column of a record’s table, as the type that it has', async () => {
  await using test = await createTestDatabase<unknown>()
  for (const { name, columns } of RECORD_TABLES) {
    const { rows } = await sql<{ name: string; type: string }>`
      select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = ${name}::regclass and attnum > 0 and not attisdropped
    `.execute(test.database.kysely)
    const types = rows.map(({ name: column, type }) => [
      column,
      type.replace('timestamp with time zone', 'timestamptz'),
    ])
    expect(Object.fromEntries(types), name).toEqual(columns)
  }
})
