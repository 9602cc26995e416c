import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { lockFolder } from './folder-lock.ts'
import type { Journal } from './journal.ts'
import type { Table } from './table.ts'

/** A journal longer than this, and than the last snapshot, is folded into a new snapshot. */
const COMPACT_BYTES = 8_000_000

const snapshotSchema = z.object({
  generation: z.number(),
  tables: z.record(z.string(), z.array(z.tuple([z.string(), z.unknown()]))),
})
const changesSchema = z.array(z.tuple([z.string(), z.string(), z.unknown()]))
type Changes = z.infer<typeof changesSchema>
type Tables = () => ReadonlyMap<string, Table<unknown>>

export interface FileJournal extends Journal {
  /** Puts what was saved into the tables; false when nothing was. */
  restore(tables: Tables): boolean
  /** Starts writing; the tables as they are now become the first snapshot when nothing was saved before. */
  begin(tables: Tables): Promise<void>
}

/**
 * A folder that holds a snapshot and the changes since: `snapshot.json` names the generation of the journal that continues it. A commit
 * appends one line, with everything that waits for it, and flushes it to disk; a line that a crash cut off never was acknowledged.
 */
export function createFileJournal(folder: string): FileJournal {
  const lock = lockFolder(folder)
  let generation = 0
  let tables: Tables = () => new Map()
  let handle: FileHandle | undefined
  let written = 0
  let snapshotBytes = 0
  let waiting: Changes = []
  let flushing: Promise<void> | undefined
  let failure: unknown

  const journalPath = (of: number) => join(folder, `journal-${of}.ndjson`)

  async function flush() {
    // Everything that was recorded meanwhile shares the next flush.
    await Promise.resolve()
    const changes = waiting
    waiting = []
    flushing = undefined
    if (changes.length === 0 || handle === undefined) return
    const line = Buffer.from(`${JSON.stringify(changes)}\n`)
    await handle.appendFile(line)
    await handle.datasync()
    written += line.length
  }

  async function writeSnapshot() {
    const next = generation + 1
    const rows = [...tables()].map(([name, table]) => [name, [...table.entries()]] as const)
    const text = JSON.stringify({ generation: next, tables: Object.fromEntries(rows) })
    writeFlushed(join(folder, 'snapshot.json'), text)
    await handle?.close()
    handle = await open(journalPath(next), 'a', 0o600)
    flushFolder(folder)
    rmSync(journalPath(generation), { force: true })
    generation = next
    written = 0
    snapshotBytes = text.length
  }

  let chain: Promise<void> = Promise.resolve()
  async function inTurn(work: () => Promise<void>): Promise<void> {
    chain = chain.then(work)
    return chain
  }

  return {
    restore(of) {
      const saved = readIfThere(join(folder, 'snapshot.json'))
      if (saved === undefined) return false
      const snapshot = snapshotSchema.parse(JSON.parse(saved))
      for (const [name, rows] of Object.entries(snapshot.tables)) {
        const table = of().get(name)
        for (const [key, row] of rows) table?.set(key, row)
      }
      generation = snapshot.generation
      snapshotBytes = saved.length
      for (const changes of readJournal(journalPath(generation))) {
        for (const [name, key, row] of changes) {
          const table = of().get(name)
          if (row === null) table?.delete(key)
          else table?.set(key, row)
        }
      }
      return true
    },
    async begin(of) {
      tables = of
      await writeSnapshot()
    },
    record(table, key, row) {
      waiting.push([table, key, row ?? null])
    },
    async commit() {
      if (failure !== undefined) throw new Error('The data folder can no longer be written.', { cause: failure })
      if (waiting.length === 0 && flushing === undefined) return chain
      flushing ??= inTurn(async () => {
        await flush()
        if (written > Math.max(COMPACT_BYTES, snapshotBytes)) await writeSnapshot()
      }).catch((error: unknown) => {
        failure = error
        throw error
      })
      return flushing
    },
    async close() {
      await inTurn(flush)
      await handle?.close()
      handle = undefined
      lock.release()
    },
  }
}

function* readJournal(path: string): Generator<Changes> {
  for (const line of readIfThere(path)?.split('\n') ?? []) {
    const changes = parseLine(line)
    if (changes === undefined) return
    yield changes
  }
}

/** `undefined` for the end: an empty line, or one that was cut off. */
function parseLine(line: string): Changes | undefined {
  try {
    return changesSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function writeFlushed(path: string, text: string) {
  const temporary = `${path}.new`
  const descriptor = openSync(temporary, 'w', 0o600)
  try {
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(temporary, path)
}

function flushFolder(folder: string) {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
