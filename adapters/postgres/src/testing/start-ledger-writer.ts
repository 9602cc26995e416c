import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('./ledger-writer.ts', import.meta.url))

export interface LedgerWriter {
  readonly process: ChildProcess
  /** The last ledger it confirmed. */
  readonly confirmed: () => number
  readonly errors: () => string
  /** Resolves when it has confirmed this one, rejects when it ends before. */
  reached(ledger: number): Promise<void>
  /** Ends it with a signal that it cannot handle, and resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts `ledger-writer.ts` on a folder. */
export function startLedgerWriter(dataDir: string, mode: 'write' | 'hold' = 'write'): LedgerWriter {
  const child = spawn(process.execPath, [SCRIPT, dataDir, mode], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  let confirmed = -1
  let look: () => void = () => {}
  child.stdout.on('data', (text: Buffer) => {
    const lines = (output + text.toString()).split('\n')
    output = lines.pop() ?? ''
    confirmed = Number(lines.at(-1) ?? confirmed)
    look()
  })
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    process: child,
    confirmed: () => confirmed,
    errors: () => errors,
    reached: (ledger) =>
      new Promise((resolve, reject) => {
        look = () => confirmed >= ledger && resolve()
        look()
        void ended.then(() => reject(new Error(`The writer ended: ${errors}`)))
      }),
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}
