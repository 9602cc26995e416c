import { Worker } from 'node:worker_threads'
import type { EngineLink } from './engine-link.ts'
import type { EngineReply, EngineRequest, EngineWorkerData } from './engine-worker-messages.ts'
import { StorageError } from './storage-error.ts'

type Waiting = { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }
/** `Omit` that keeps the alternatives of a union apart. */
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/**
 * Starts an embedded engine in a thread of its own.
 * @throws StorageError `folder-in-use`, `engine-stopped`
 */
export async function startEngineWorker(where: EngineWorkerData['where']): Promise<EngineLink> {
  const folder = 'folder' in where ? where.folder : '(memory)'
  const workerData: EngineWorkerData = { where }
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'], // node:sqlite, the folder lock
    resourceLimits: { maxYoungGenerationSizeMb: 12 }, // short-lived buffers would fill four times as much
  })
  const waiting = new Map<number, Waiting>()
  const fatalListeners: ((error: Error) => void)[] = []
  let state: { kind: 'running' | 'closing' } | { kind: 'stopped'; error: Error } = { kind: 'running' }
  let lastId = 0

  const stop = (error: Error): void => {
    if (state.kind === 'stopped') return
    const unexpected = state.kind === 'running'
    state = { kind: 'stopped', error }
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    if (unexpected) for (const listener of fatalListeners) listener(error)
  }
  const stopped = (reason: string, cause?: unknown): StorageError =>
    new StorageError({ code: 'engine-stopped', folder, reason }, { cause })

  const ready = new Promise<void>((resolve, reject) => {
    fatalListeners.push(reject)
    worker.on('message', (reply: EngineReply) => {
      switch (reply.kind) {
        case 'ready':
          return resolve()
        case 'refused':
          return stop(new StorageError({ code: 'folder-in-use', folder }))
        case 'failed':
          return stop(stopped(reply.reason))
        case 'answer': {
          waiting.get(reply.id)?.resolve(reply.bytes)
          waiting.delete(reply.id)
        }
      }
    })
    worker.on('error', (error) => stop(stopped(String(error), error)))
    worker.on('exit', (code) => stop(stopped(`its thread ended with ${code}`)))
  })

  const ask = (request: WithoutId<EngineRequest>): Promise<Uint8Array> => {
    if (state.kind !== 'running')
      return Promise.reject(state.kind === 'stopped' ? state.error : stopped('it is closed'))
    const id = ++lastId
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...request, id } satisfies EngineRequest)
    })
  }

  await ready
  return {
    exec: (message) => ask({ kind: 'exec', message }),
    dump: () => ask({ kind: 'dump' }),
    async close() {
      if (state.kind !== 'running') return
      const exited = new Promise((resolve) => worker.once('exit', resolve))
      const closed = ask({ kind: 'close' })
      state = { kind: 'closing' }
      await closed
      await exited
    },
    onFatal(listener) {
      if (state.kind === 'stopped') listener(state.error)
      else fatalListeners.push(listener)
    },
  }
}
