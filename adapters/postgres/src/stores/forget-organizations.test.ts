import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../testing/index.ts'
import { RECORD_TABLES } from './record-tables.ts'
import { KEPT } from './forget-organizations.ts'

it('forgets every table that is about an organization', async () => {
  await using test = await createTestDatabase<unknown>()
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = current_schema() and column_name = 'organization_id'
  `.execute(test.database.kysely)
  const records = RECORD_TABLES.filter(({ columns }) => 'organization_id' in columns).map(({ name }) => name)
  expect(rows.map(({ name }) => name).toSorted()).toEqual([...KEPT, ...records].toSorted())
})
