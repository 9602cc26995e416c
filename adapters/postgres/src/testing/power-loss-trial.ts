import { existsSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import type { Database } from '../engine/database.ts'
import { DurableFileSystem } from '../engine/durable-file-system.ts'
import type { EngineLink } from '../engine/engine-link.ts'
import { nodeDisk, type Disk } from '../engine/disk.ts'
import { dataFolderPaths } from '../engine/data-folder-paths.ts'
import { databaseOverEngine } from '../engine/open-embedded-database.ts'
import { startCluster } from '../engine/start-cluster.ts'
import { durableStartParameters } from '../engine/start-parameters.ts'
import { examineLedgers, type LedgerTables, type Verdict } from './ledger.ts'
import type { RecordingDisk } from './recording-disk.ts'
import { RecordingFileSystem } from './recording-file-system.ts'

/** Opens a recorded data folder in this thread, so that a test can stop at any operation of the file system. */
export async function openRecorded(
  dataDir: string,
  recording: RecordingDisk,
  { flushes }: { flushes: boolean },
): Promise<Database<LedgerTables>> {
  const { cluster } = dataFolderPaths(dataDir)
  const fs = new RecordingFileSystem(cluster, recording, neverFails, { flushes })
  const startParams = flushes ? durableStartParameters : PGlite.defaultStartParams
  return databaseOverEngine(linkTo(await startCluster(cluster, { fs, startParams }, neverFails)))
}

/** Opens what a power loss left and checks that the ledgers 1 to `confirmed` are all there, and nothing is by halves. */
export async function examine(dataDir: string, confirmed: number): Promise<Verdict | { state: 'never created' }> {
  const { cluster } = dataFolderPaths(dataDir)
  if (!existsSync(cluster)) {
    return confirmed === 0 ? { state: 'never created' } : { state: 'damaged', because: 'the folder is gone' }
  }
  let database: Database<LedgerTables> | undefined
  try {
    const fs = new DurableFileSystem(cluster, withoutFlushes, neverFails)
    database = databaseOverEngine(
      linkTo(await startCluster(cluster, { fs, startParams: durableStartParameters }, neverFails)),
    )
    return await examineLedgers(database, confirmed)
  } catch (error) {
    return { state: 'damaged', because: String(error) }
  } finally {
    await database?.close()
  }
}

const withoutFlushes: Disk = { ...nodeDisk, flushFile: () => {}, flushFolder: () => {} }

function neverFails(reason: string): void {
  throw new Error(reason)
}

function linkTo(engine: Pick<EngineLink, 'exec' | 'dump' | 'close'>): EngineLink {
  return { ...engine, onFatal: () => {} }
}
