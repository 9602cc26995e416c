import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createDataFolder } from './create-data-folder.ts'
import { dataFolderPaths } from './data-folder-paths.ts'
import { nodeDisk, type Disk } from './disk.ts'
import { DurableFileSystem, type EngineFailure } from './durable-file-system.ts'
import type { Engine } from './engine.ts'
import { lockFolder } from './folder-lock.ts'
import { startCluster } from './start-cluster.ts'
import { durableStartParameters } from './start-parameters.ts'

const UNFINISHED = 'postgres.unfinished-'

/**
 * Opens the database in a data folder, creating it where there is none, and owns the folder until the engine is closed
 * or this process ends.
 * @throws StorageError `folder-in-use`
 */
export async function openDataFolder(dataDir: string, fail: EngineFailure): Promise<Engine> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  chmodSync(dataDir, 0o700) // PGlite creates its files readable for all
  const { cluster, lock } = dataFolderPaths(dataDir)
  const owned = lockFolder(dataDir, lock)
  try {
    await ensureCluster(dataDir, nodeDisk, createDataFolder)
    const fs = new DurableFileSystem(cluster, nodeDisk, fail)
    const engine = await startCluster(cluster, { fs, startParams: durableStartParameters }, fail)
    return {
      ...engine,
      async close() {
        await engine.close()
        owned.release()
      },
    }
  } catch (error) {
    owned.release()
    throw error
  }
}

/**
 * Creating is all or nothing: the cluster is made under another name, and gets its own once it is whole and on the disk.
 * What a power loss interrupts is thrown away at the next start; nothing was ever confirmed there.
 */
export async function ensureCluster(
  dataDir: string,
  disk: Disk,
  create: (folder: string) => Promise<void>,
): Promise<void> {
  const { cluster } = dataFolderPaths(dataDir)
  if (existsSync(cluster)) return
  for (const name of readdirSync(dataDir)) if (name.startsWith(UNFINISHED)) disk.removeTree(join(dataDir, name))
  // A name that was never used: a process that outlived its killed parent may still be writing into the last one.
  const unfinished = join(dataDir, UNFINISHED + randomUUID())
  await create(unfinished)
  disk.rename(unfinished, cluster)
  disk.flushFolder(dataDir)
  disk.flushFolder(dirname(dataDir))
}
