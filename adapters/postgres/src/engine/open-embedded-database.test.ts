import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addLedger, createLedger, examineLedgers, type LedgerTables } from '../testing/ledger.ts'
import { startLedgerWriter } from '../testing/start-ledger-writer.ts'
import { openEmbeddedDatabase } from './open-embedded-database.ts'

describe('an embedded database', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'gatehouse-embedded-'))
  const dataDir = join(temporary, 'nested', 'data')
  beforeAll(async () => {
    mkdirSync(dataDir, { recursive: true })
    chmodSync(dataDir, 0o755)
    await (await openEmbeddedDatabase({ dataDir })).close()
  })
  afterAll(() => rmSync(temporary, { recursive: true, force: true }))

  it('makes its folder private', () => {
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  })

  it('has what it had when it was closed', async () => {
    await using first = await openEmbeddedDatabase<{ kept: { id: number } }>({ dataDir })
    await sql`create table kept (id int)`.execute(first.kysely)
    await first.kysely.insertInto('kept').values({ id: 7 }).execute()
    await first.close()
    await using again = await openEmbeddedDatabase<{ kept: { id: number } }>({ dataDir })
    expect(await again.kysely.selectFrom('kept').selectAll().execute()).toEqual([{ id: 7 }])
  })

  it('flushes', async () => {
    await using database = await openEmbeddedDatabase({ dataDir })
    const { rows } = await sql`
      select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method') order by name
    `.execute(database.kysely)
    expect(rows).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'synchronous_commit', setting: 'on' },
      { name: 'wal_sync_method', setting: 'fsync' },
    ])
  })

  it('has one owner, in this process too', async () => {
    await using _owner = await openEmbeddedDatabase({ dataDir })
    await expect(openEmbeddedDatabase({ dataDir })).rejects.toMatchObject({
      problem: { code: 'folder-in-use', folder: dataDir },
    })
  })

  it('refuses a second process, naming the folder', async () => {
    await using _owner = await openEmbeddedDatabase({ dataDir })
    const second = startLedgerWriter(dataDir)
    await expect(second.reached(0)).rejects.toThrow('folder-in-use')
    expect(second.errors()).toContain(dataDir)
  })

  it('is free again when its owner is killed', async () => {
    const owner = startLedgerWriter(dataDir, 'hold')
    await owner.reached(0)
    await expect(openEmbeddedDatabase({ dataDir })).rejects.toMatchObject({ problem: { code: 'folder-in-use' } })
    await owner.kill()
    await using database = await openEmbeddedDatabase({ dataDir })
    expect((await sql`select 1 as one`.execute(database.kysely)).rows).toEqual([{ one: 1 }])
  })

  it('keeps what was confirmed when the process is killed while it writes', { timeout: 90_000 }, async () => {
    const folder = join(temporary, 'killed')
    for (const writes of [3, 40, 11]) {
      const writer = startLedgerWriter(folder)
      await writer.reached(0)
      await writer.reached(writer.confirmed() + writes)
      await writer.kill()
      await using database = await openEmbeddedDatabase<LedgerTables>({ dataDir: folder })
      expect(await examineLedgers(database, writer.confirmed())).toEqual({ state: 'intact' })
    }
  })

  it('starts over when the process is killed while it creates the folder', { timeout: 90_000 }, async () => {
    const folder = join(temporary, 'interrupted')
    const writer = startLedgerWriter(folder)
    await expect.poll(() => statSync(join(folder, 'postgres.lock'), { throwIfNoEntry: false })).toBeDefined()
    await writer.kill()
    await using database = await openEmbeddedDatabase<LedgerTables>({ dataDir: folder })
    await createLedger(database)
    await addLedger(database, 1)
    expect(await examineLedgers(database, 1)).toEqual({ state: 'intact' })
  })
})
