import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { CliError, EXIT } from './exit-codes.ts'

const LOOK_EVERY_MS = 20
const PATIENCE_MS = 10_000
/** Nobody works that long under the lock, so its owner, on whatever machine, is gone. */
const ABANDONED_AFTER_MS = 60_000

/**
 * Runs `work` while no other of our processes does for the same file. The lock lies beside the file, because that is
 * the only place that all of them agree on.
 * @throws CliError `time-out` when somebody else keeps it too long.
 */
export async function withFileLock<T>(path: string, work: () => T, signal: AbortSignal): Promise<T> {
  const lock = `${path}.gatehouse-lock`
  const giveUpAt = Date.now() + PATIENCE_MS
  while (!tryLock(lock)) {
    removeIfAbandoned(lock)
    if (Date.now() > giveUpAt) {
      throw new CliError(`Another process works on ${path}.`, {
        remedy: `Try again in a moment. If there is none, delete ${lock}.`,
        exitCode: EXIT.timeOut,
      })
    }
    await pause(LOOK_EVERY_MS, undefined, { signal })
  }
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

const ownerHere = (): string => `${process.pid} ${hostname()}`

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, ownerHere(), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Moved aside first: of several that find the same lock abandoned, one gets it. */
function removeIfAbandoned(lock: string): void {
  try {
    const owner = readFileSync(lock, 'utf8')
    const age = Date.now() - statSync(lock).mtimeMs
    const [process_ = '', host] = owner.split(' ')
    const isGone = host === hostname() && !isRunning(Number(process_))
    if (!isGone && age < ABANDONED_AFTER_MS) return
    const aside = `${lock}.${process.pid}`
    renameSync(lock, aside)
    rmSync(aside, { force: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
