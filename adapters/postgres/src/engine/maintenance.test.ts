import { sql } from 'kysely'
import { afterEach, expect, it, vi } from 'vitest'
import type { Database } from './database.ts'
import { openEmbeddedDatabase } from './open-embedded-database.ts'

interface Tables {
  thing: { id: number }
}

afterEach(() => void vi.useRealTimers())

it('writes checkpoints and vacuums, by itself, when something was written', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  await using database = await openEmbeddedDatabase<Tables>({ memory: true })
  await sql`create table thing (id int)`.execute(database.kysely)
  await database.kysely.insertInto('thing').values({ id: 1 }).execute()
  const before = await checkpointPosition(database)

  vi.advanceTimersByTime(10_000)
  await expect.poll(() => checkpointPosition(database)).not.toBe(before)
  const after = await checkpointPosition(database)
  vi.advanceTimersByTime(10_000)
  await sql`select pg_sleep(0.1)`.execute(database.kysely) // behind whatever the timer has ordered
  expect(await checkpointPosition(database)).toBe(after)

  expect(await estimatedRows(database)).toBe(-1) // unknown
  vi.advanceTimersByTime(3 * 60_000)
  await expect.poll(() => estimatedRows(database)).toBe(1)
})

async function checkpointPosition(database: Database<Tables>): Promise<unknown> {
  const { rows } = await sql<{ at: string }>`select redo_lsn::text as at from pg_control_checkpoint()`.execute(
    database.kysely,
  )
  return rows[0]?.at
}

async function estimatedRows(database: Database<Tables>): Promise<unknown> {
  const { rows } = await sql<{ rows: number }>`select reltuples as rows from pg_class where relname = 'thing'`.execute(
    database.kysely,
  )
  return rows[0]?.rows
}
