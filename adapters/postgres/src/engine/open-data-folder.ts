import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { nodeDisk, type Disk } from './disk.ts'
import { DurableFileSystem, type EngineFailure } from './durable-file-system.ts'
import { startEngine, type Engine } from './engine.ts'
import { lockFolder } from './folder-lock.ts'
import { durableStartParameters } from './start-parameters.ts'

/** What lies in a data folder. */
export function dataFolderPaths(dataDir: string): { cluster: string; lock: string; unfinished: string } {
  return {
    cluster: join(dataDir, 'postgres'),
    lock: join(dataDir, 'postgres.lock'),
    unfinished: join(dataDir, 'postgres.unfinished'),
  }
}

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
    await ensureCluster(dataDir, nodeDisk, createInThread)
    const fs = new DurableFileSystem(cluster, nodeDisk, fail)
    const engine = await startEngine({ fs, startParams: durableStartParameters }, fail)
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
 * Creating is all or nothing: a marker, itself on the disk, says that what follows is not a database yet. It is gone
 * for good before the first query, so a folder that holds it never held anything confirmed.
 */
export async function ensureCluster(
  dataDir: string,
  disk: Disk,
  create: (cluster: string) => Promise<void>,
): Promise<void> {
  const { cluster, unfinished } = dataFolderPaths(dataDir)
  if (existsSync(cluster) && !existsSync(unfinished)) return
  disk.writeFile(unfinished, new TextEncoder().encode('The database beside this file is still being created.\n'))
  disk.flushFolder(dataDir)
  disk.flushFolder(dirname(dataDir))
  disk.removeTree(cluster)
  await create(cluster)
  disk.flushFolder(dataDir)
  disk.removeFile(unfinished)
  disk.flushFolder(dataDir)
}

async function createInThread(folder: string): Promise<void> {
  const worker = new Worker(new URL('./create-data-folder-worker.ts', import.meta.url), { workerData: { folder } })
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`creating ${folder} ended with ${code}`))))
  })
}
