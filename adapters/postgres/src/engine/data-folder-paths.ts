import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What lies in a data folder. */
export function dataFolderPaths(dataDir: string): { cluster: string; lock: string } {
  return { cluster: join(dataDir, 'postgres'), lock: join(dataDir, 'postgres.lock') }
}

/** Whether there is a database already, or opening the folder would make one. */
export const hasDatabase = (dataDir: string): boolean => existsSync(dataFolderPaths(dataDir).cluster)
