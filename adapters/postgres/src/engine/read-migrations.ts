import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StorageError } from './storage-error.ts'

/** One file of the migrations folder, by its name without `.sql`. */
export interface MigrationFile {
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/

/**
 * Reads `0001-what-it-does.sql`, `0002-….sql` and so on, in that order; other files are not looked at.
 * @throws StorageError `bad-migration-folder`
 */
export async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const fileNames = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  fileNames.forEach((name, index) => {
    const expected = String(index + 1).padStart(4, '0')
    if (FILE_NAME.exec(name)?.[1] === expected) return
    throw new StorageError({
      code: 'bad-migration-folder',
      folder,
      reason: `${name} is where ${expected}-….sql belongs`,
    })
  })
  return Promise.all(
    fileNames.map(async (fileName) => {
      const sql = await readFile(join(folder, fileName), 'utf8')
      return { name: fileName.slice(0, -'.sql'.length), sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}
