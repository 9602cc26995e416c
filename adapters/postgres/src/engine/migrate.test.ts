import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { onEachDatabase } from '../testing/on-each-database.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'

const FIRST = `
  -- several statements; with semicolons; anywhere
  create table planet (id bigint primary key, name text not null default 'a;b');
  insert into planet (id) values (1), (2);
  create function one() returns int language plpgsql as $$ begin return 1; end; $$;
`
const SECOND = 'alter table planet add column moons int not null default 0;'

onEachDatabase<{ planet: { id: string } }>(
  'migrations',
  (database) => {
    let folder: string
    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'gatehouse-migrations-'))
      await forgetEverything(database())
      write('0001-planets.sql', FIRST)
      write('0002-moons.sql', SECOND)
    })
    afterEach(() => rmSync(folder, { recursive: true }))

    it('run in order, once', async () => {
      expect(await migrate(database(), folder)).toEqual(['0001-planets', '0002-moons'])
      expect(await migrate(database(), folder)).toEqual([])
      write('0003-more.sql', 'insert into planet values (3, $$x$$, 1)')
      expect(await migrate(database(), folder)).toEqual(['0003-more'])
      expect(await database().kysely.selectFrom('planet').select('id').orderBy('id').execute()).toHaveLength(3)
    })

    it('run once when two start at once', async () => {
      const ran = await Promise.all([migrate(database(), folder), migrate(database(), folder)])
      expect(ran.flat().sort()).toEqual(['0001-planets', '0002-moons'])
    })

    it('leave nothing of a file that fails in the middle, and keep the files before it', async () => {
      write('0003-half.sql', 'create table half (id int); insert into planet values (3); select nonsense;')
      await expect(migrate(database(), folder)).rejects.toMatchObject({
        problem: { code: 'migration-failed', migration: '0003-half', reason: expect.stringContaining('nonsense') },
      })
      expect(await tableNames(database())).not.toContain('half')
      expect(await database().kysely.selectFrom('planet').select('id').execute()).toHaveLength(2)
      write('0003-half.sql', 'create table half (id int);')
      expect(await migrate(database(), folder)).toEqual(['0003-half'])
    })

    it('are refused on a database of a newer version', async () => {
      await migrate(database(), folder)
      rmSync(join(folder, '0002-moons.sql'))
      await expect(migrate(database(), folder)).rejects.toMatchObject({
        problem: { code: 'newer-database', migrations: ['0002-moons'] },
      })
    })

    it('are refused when a file is not what it was', async () => {
      await migrate(database(), folder)
      write('0001-planets.sql', `${FIRST} `)
      write('0003-more.sql', 'create table more (id int)')
      await expect(migrate(database(), folder)).rejects.toMatchObject({
        problem: { code: 'migration-changed', migration: '0001-planets' },
      })
      expect(await tableNames(database())).not.toContain('more')
    })

    it('are refused when a number is missing or taken twice', async () => {
      write('0002-again.sql', 'select 1')
      await expect(migrate(database(), folder)).rejects.toMatchObject({ problem: { code: 'bad-migration-folder' } })
    })
  },
  { migrations: null },
)

async function forgetEverything(database: Database<{ planet: { id: string } }>): Promise<void> {
  await sql`drop schema public cascade; create schema public`.execute(database.kysely)
}

async function tableNames(database: Database<{ planet: { id: string } }>): Promise<string[]> {
  return (await database.kysely.introspection.getTables()).map(({ name }) => name)
}
