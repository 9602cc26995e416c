import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Keeps a second sandbox out of a data folder. The lock names its process and when that started, so that one which a
 * crash left behind holds nobody up, even where process ids are soon used again.
 *
 * @throws Error that names the process which has the folder.
 */
export function lockFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'lock')
  if (!tryLock(path)) {
    const [processId = '', started = ''] = readFileSync(path, 'utf8').split(' ')
    if (isRunning(Number(processId), started)) {
      throw new Error(`The data folder ${folder} is in use by process ${processId}.`)
    }
    rmSync(path, { force: true })
    if (!tryLock(path)) throw new Error(`The data folder ${folder} was just taken by another process.`)
  }
  return { release: () => rmSync(path, { force: true }) }
}

function tryLock(path: string): boolean {
  try {
    const text = `${process.pid} ${describeProcess(process.pid)?.started ?? ''}`
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function isRunning(processId: number, started: string): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false
  const described = describeProcess(processId)
  if (described !== undefined) return described.state !== 'Z' && described.started === started
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** What Linux says of a process (proc(5), `/proc/pid/stat`: field 3 and 22); `undefined` elsewhere, or when it is gone. */
function describeProcess(processId: number): { state: string; started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
    // The second field is the name in parentheses, which may hold blanks and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', started: fields[19] ?? '' }
  } catch {
    return undefined
  }
}
