import { DatabaseSync } from 'node:sqlite'
import { StorageError } from './storage-error.ts'

/** SQLite's extended result for a file that somebody else has locked (sqlite3.h, SQLITE_BUSY). */
const SQLITE_BUSY = 5

/**
 * Makes this process the only owner of a folder until `release`. The kernel holds the lock and frees it when the
 * process ends in any way, so there is nothing stale to clean up. The file itself stays empty.
 * @throws StorageError `folder-in-use`
 */
export function lockFolder(folder: string, lockFile: string): { release(): void } {
  const database = new DatabaseSync(lockFile)
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if (isBusy(error)) throw new StorageError({ code: 'folder-in-use', folder }, { cause: error })
    throw error
  }
  return { release: () => database.close() }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}
