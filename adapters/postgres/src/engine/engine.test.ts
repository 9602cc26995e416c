import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { compileSmall } from './compile-small.ts'
import { createDataFolder } from './create-data-folder.ts'
import { nodeDisk } from './disk.ts'
import { DurableFileSystem } from './durable-file-system.ts'
import { startEngine } from './engine.ts'
import { databaseOverEngine } from './open-embedded-database.ts'
import { durableStartParameters } from './start-parameters.ts'

it('confirms nothing after a flush that failed', async () => {
  compileSmall()
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-engine-'))
  await createDataFolder(folder)
  let isBroken = false
  const disk = {
    ...nodeDisk,
    flushFile(path: string, descriptor: number) {
      if (isBroken) throw new Error('EIO: i/o error, fdatasync')
      nodeDisk.flushFile(path, descriptor)
    },
  }
  const failures: string[] = []
  const fail = (reason: string, cause?: unknown): void => {
    failures.push(reason)
    throw new Error(reason, { cause })
  }
  const fs = new DurableFileSystem(folder, disk, fail)
  const engine = await startEngine({ fs, startParams: durableStartParameters }, fail)
  const database = databaseOverEngine<{ doubt: { id: number } }>({ ...engine, onFatal: () => {} })
  await sql`create table doubt (id int)`.execute(database.kysely)

  isBroken = true
  await expect(database.kysely.insertInto('doubt').values({ id: 1 }).execute()).rejects.toThrow('flushing')
  await expect(database.kysely.selectFrom('doubt').selectAll().execute()).rejects.toThrow('flushing')
  expect(failures[0]).toContain('pg_wal')
  rmSync(folder, { recursive: true })
})
