import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Compiles once and quickly: initdb ends before the optimizing compiler has paid for itself. */
const NODE_FLAGS = ['--liftoff-only', '--wasm-lazy-compilation']

/**
 * Makes a database cluster in a process of its own. It takes twice the memory of running one, which only the end of a
 * process gives back, and V8's flags are those of a whole process.
 */
export async function createDataFolder(folder: string): Promise<void> {
  const script = fileURLToPath(new URL('./create-data-folder-process.ts', import.meta.url))
  const child = spawn(process.execPath, [...NODE_FLAGS, script, folder], { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  const [code, signal]: unknown[] = await once(child, 'close')
  if (code !== 0) throw new Error(`Creating a database in ${folder} ended with ${String(code ?? signal)}: ${errors}`)
}
