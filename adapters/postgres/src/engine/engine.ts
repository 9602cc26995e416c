import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import type { EngineFailure } from './durable-file-system.ts'

/** PostgreSQL's wire protocol as a function: what a client sends, and what the server answers to it. */
export interface Engine {
  exec(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /** The whole cluster as a tar archive, from which another engine can start. */
  dump(): Promise<Uint8Array<ArrayBuffer>>
  close(): Promise<void>
}

/** How PGlite leaves its main loop when a statement fails; it goes on after it (pglite.ts, POSTGRES_MAIN_LONGJMP). */
const STATEMENT_FAILED = 100

/** Starts PGlite in this thread. `fail` is called when it cannot go on; from then on nothing is answered. */
export async function startEngine(options: PGliteOptions, fail: EngineFailure): Promise<Engine> {
  let lastWords = ''
  let failure: Error | undefined
  const lite = await PGlite.create({
    ...options,
    onStderr(line) {
      if (/\b(PANIC|FATAL):/.test(line)) lastWords = `; PostgreSQL said: ${line}`
      return false
    },
  }).catch((error: unknown) => {
    throw new Error(`PostgreSQL did not start (${String(error)})${lastWords}`, { cause: error })
  })
  failOnCrash(lite, (reason, cause) => {
    failure ??= new Error(reason + lastWords, { cause })
    fail(reason + lastWords, cause)
  })

  return {
    async exec(message) {
      if (failure) throw failure
      if (isStartup(message)) return new Uint8Array(lite.execProtocolRawSync(message))
      const parts: Uint8Array<ArrayBuffer>[] = []
      // The bytes lie in WebAssembly's memory, which is used again at once.
      await lite.execProtocolRawStream(message, {
        syncToFs: false,
        onRawData: (bytes) => parts.push(new Uint8Array(bytes)),
      })
      if (failure) throw failure
      return concat(parts)
    },
    async dump() {
      const archive = await lite.dumpDataDir('none')
      return new Uint8Array(await archive.arrayBuffer())
    },
    close: () => lite.close(),
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let end = 0
  for (const part of parts) {
    whole.set(part, end)
    end += part.length
  }
  return whole
}

/** The first message of a connection is the only one without a type; it begins with its length instead. */
function isStartup(message: Uint8Array): boolean {
  return message[0] === 0
}

/**
 * PGlite takes any exception from its main loop for a failed statement and answers "ready for the next", which a client
 * reads as success. A crash of WebAssembly or a PANIC must never look like a commit.
 */
function failOnCrash(lite: PGlite, fail: EngineFailure): void {
  // Declared nowhere: PGlite's types leave most of the module's functions out.
  const module = lite.Module as unknown as { _PostgresMainLoopOnce: () => unknown }
  const runOnce = module._PostgresMainLoopOnce
  module._PostgresMainLoopOnce = () => {
    try {
      return runOnce()
    } catch (error) {
      if (!isFailedStatement(error)) fail(`PostgreSQL crashed (${String(error)})`, error)
      throw error
    }
  }
}

function isFailedStatement(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === STATEMENT_FAILED
}
