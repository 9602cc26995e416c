import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { PGliteOptions } from '@electric-sql/pglite'
import type { EngineFailure } from './durable-file-system.ts'
import { startEngine, type Engine } from './engine.ts'

/** Starts an engine on a cluster of which the caller is the only owner. */
export async function startCluster(cluster: string, options: PGliteOptions, fail: EngineFailure): Promise<Engine> {
  // PostgreSQL's own mark of ownership means nothing here, every process in PGlite being number 42, and one that a power
  // loss left empty keeps it from starting.
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
  return startEngine(options, fail)
}
