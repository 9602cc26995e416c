// The thread that owns an embedded database: its folder lock, its file system and PGlite. A query that takes long
// keeps this thread busy, not the one that answers HTTP.
import { parentPort, workerData } from 'node:worker_threads'
import { compileSmall } from './compile-small.ts'
import type { EngineFailure } from './durable-file-system.ts'
import type { EngineReply, EngineRequest, EngineWorkerData } from './engine-worker-messages.ts'
import { startEngine, type Engine } from './engine.ts'
import { memoryStartParameters } from './start-parameters.ts'
import { openDataFolder } from './open-data-folder.ts'
import { StorageError } from './storage-error.ts'

if (!parentPort) throw new Error('engine-worker.ts runs as a worker thread only')
const port = parentPort

/** Leaves at once, so that nothing after the failure is answered. */
const fail: EngineFailure = (reason, cause) => {
  const detail = cause instanceof Error ? `${reason} (${cause.message})` : reason
  reply({ kind: 'failed', reason: detail })
  process.exit(1) // ends this thread only, and cannot be caught by PGlite
}

compileSmall()
const { where }: EngineWorkerData = workerData
try {
  const engine = 'folder' in where ? await openDataFolder(where.folder, fail) : await openMemory(where.template)
  serve(engine)
  reply({ kind: 'ready' })
} catch (error) {
  if (!(error instanceof StorageError) || error.problem.code !== 'folder-in-use') throw error
  reply({ kind: 'refused', folder: error.problem.folder })
}

async function openMemory(template?: Uint8Array): Promise<Engine> {
  const loadDataDir = template && new Blob([new Uint8Array(template)])
  return startEngine({ startParams: memoryStartParameters, ...(loadDataDir && { loadDataDir }) }, fail)
}

function serve(engine: Engine): void {
  let last = Promise.resolve()
  port.on('message', (request: EngineRequest) => {
    last = last.then(() => answer(engine, request)).catch((error: unknown) => fail('the engine failed', error))
  })
}

async function answer(engine: Engine, request: EngineRequest): Promise<void> {
  const bytes = await run(engine, request)
  reply({ kind: 'answer', id: request.id, bytes }, [bytes.buffer])
  if (request.kind === 'close') port.close()
}

async function run(engine: Engine, request: EngineRequest): Promise<Uint8Array<ArrayBuffer>> {
  switch (request.kind) {
    case 'exec':
      return engine.exec(request.message)
    case 'dump':
      return engine.dump()
    case 'close':
      await engine.close()
      return new Uint8Array()
  }
}

function reply(message: EngineReply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}
