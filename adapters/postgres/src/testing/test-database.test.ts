import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgresServer, type TestServer } from './postgres-server.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

interface Tables {
  planet: { id: number; name: string }
  moon: { planet: number; name: string }
}

const MIGRATION = `
  create table planet (id int generated always as identity primary key, name text not null unique);
  create table moon (planet int not null references planet, name text not null);
  insert into planet (name) values ('Earth');
  create function refuse() returns trigger language plpgsql as $$ begin raise 'append only'; end $$;
  create trigger append_only before delete or update on moon for each row execute function refuse();
  create trigger never_emptied before truncate on moon for each statement execute function refuse();
`

const KINDS: { kind: string; start: () => Promise<TestServer | { url?: never; stop(): Promise<void> }> }[] = [
  { kind: 'embedded', start: async () => ({ stop: async () => {} }) },
  { kind: 'on a PostgreSQL server', start: startPostgresServer },
]

describe.each(KINDS)('a test database, $kind', ({ start }) => {
  const migrations = mkdtempSync(join(tmpdir(), 'gatehouse-migrations-'))
  let server: Awaited<ReturnType<typeof start>>
  let made: TestDatabase<Tables> | undefined
  beforeAll(async () => {
    writeFileSync(join(migrations, '0001-sky.sql'), MIGRATION)
    server = await start()
    if (!('missing' in server)) {
      made = await createTestDatabase<Tables>({ migrations, ...(server.url !== undefined && { url: server.url }) })
    }
  })
  afterAll(async () => {
    await made?.[Symbol.asyncDispose]()
    if ('stop' in server) await server.stop()
    rmSync(migrations, { recursive: true })
  })

  it('goes back to the rows of the migrations, whatever protects them', async ({ skip }) => {
    if ('missing' in server) skip(server.missing)
    if (!made) return
    const { kysely } = made.database
    await kysely.insertInto('moon').values({ planet: 1, name: 'Moon' }).execute()
    await kysely.updateTable('planet').set({ name: 'Terra' }).execute()
    await made.empty()
    expect(await kysely.selectFrom('planet').selectAll().execute()).toEqual([{ id: 1, name: 'Earth' }])
    expect(await kysely.selectFrom('moon').selectAll().execute()).toEqual([])
  })
})
