import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const BIN = fileURLToPath(new URL('../../../../bin/', import.meta.url))

export const launcher = (program: string): string => `${BIN}${program}`

/** Runs a program of ours as a person would, with nothing of this process's environment but the path. */
export function run(
  program: 'tctl' | 'tsh',
  args: readonly string[],
  given: { readonly environment: Readonly<Record<string, string>>; readonly input?: string },
): Promise<Ended> {
  const child = spawn(launcher(program), args, { env: { PATH: process.env['PATH'] ?? '', ...given.environment } })
  let [out, err] = ['', '']
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (err += data.toString()))
  child.stdin.on('error', () => {}) // a program that never reads ends before all is written
  child.stdin.end(given.input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}
