import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { onEachDatabase } from '../testing/on-each-database.ts'
import type { Database } from './database.ts'

interface Tables {
  counter: { id: number; value: number }
}

async function createCounter(database: Database<Tables>): Promise<void> {
  await sql`drop table if exists counter; create table counter (id int primary key, value int not null)`.execute(
    database.kysely,
  )
  await database.kysely.insertInto('counter').values({ id: 1, value: 0 }).execute()
}

const increment = (database: Database<Tables>): Promise<void> =>
  database.transaction(async (transaction) => {
    const { value } = await transaction.selectFrom('counter').select('value').executeTakeFirstOrThrow()
    await transaction
      .updateTable('counter')
      .set({ value: value + 1 })
      .execute()
  })

onEachDatabase<Tables>(
  'the database',
  (database) => {
    it('answers in the types of the pg driver', async () => {
      const { rows } = await sql`
      select 9007199254740993::bigint as bigint, 1.50::numeric as numeric, 7::int as int, true as bool,
             '2026-03-01T09:00:00.123Z'::timestamptz as time, '{"a":[1]}'::jsonb as json,
             array['x','y'] as texts, '\\x0102'::bytea as bytes, count(*) as count
    `.execute(database().kysely)
      expect(rows).toEqual([
        {
          bigint: '9007199254740993',
          numeric: '1.50',
          int: 7,
          bool: true,
          time: new Date('2026-03-01T09:00:00.123Z'),
          json: { a: [1] },
          texts: ['x', 'y'],
          bytes: Buffer.from([1, 2]),
          count: '1',
        },
      ])
    })

    it('takes a megabyte and gives it back', async () => {
      const text = 'é'.repeat(2_000_000)
      const { rows } = await sql<{ text: string }>`select ${text}::text as text`.execute(database().kysely)
      expect(rows[0]?.text === text).toBe(true)
    })

    it('goes on after a statement that failed', async () => {
      await createCounter(database())
      const again = database().kysely.insertInto('counter').values({ id: 1, value: 0 }).execute()
      await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'counter_pkey' })
      await expect(sql`select nonsense`.execute(database().kysely)).rejects.toMatchObject({ code: '42703' })
      expect(await database().kysely.selectFrom('counter').selectAll().execute()).toEqual([{ id: 1, value: 0 }])
    })

    it('leaves nothing of a transaction that threw', async () => {
      await createCounter(database())
      const work = database().transaction(async (transaction) => {
        await transaction.updateTable('counter').set({ value: 5 }).execute()
        throw new Error('changed my mind')
      })
      await expect(work).rejects.toThrow('changed my mind')
      expect(await database().kysely.selectFrom('counter').select('value').execute()).toEqual([{ value: 0 }])
    })

    it('loses no update of transactions that run at once', async () => {
      await createCounter(database())
      await Promise.all(Array.from({ length: 8 }, () => increment(database())))
      expect(await database().kysely.selectFrom('counter').select('value').execute()).toEqual([{ value: 8 }])
    })

    it('says so when a transaction is bypassed', async () => {
      const work = database().transaction(() => sql`select 1`.execute(database().kysely))
      await expect(work).rejects.toMatchObject({ problem: { code: 'database-inside-transaction' } })
      expect((await sql`select 1 as one`.execute(database().kysely)).rows).toEqual([{ one: 1 }])
    })

    it('writes nothing through a snapshot', async () => {
      await createCounter(database())
      const work = database().snapshot((transaction) => transaction.updateTable('counter').set({ value: 1 }).execute())
      await expect(work).rejects.toMatchObject({ code: '25006' })
    })

    it('does not begin what was called off', async () => {
      const work = database().transaction(async () => 'done', AbortSignal.abort(new Error('called off')))
      await expect(work).rejects.toThrow('called off')
    })
  },
  { migrations: null },
)
