import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'

const BIN = fileURLToPath(new URL('../../../bin/', import.meta.url))
/** A command talks to a server on this machine; one that takes longer hangs. */
const ENDS_WITHIN_MS = 90_000

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

type Program = 'tctl' | 'tsh'

/** Somebody at a shell of their own, with a home folder that nothing else uses. */
export interface Person {
  readonly name: string
  readonly home: string
  /** Fails unless it ends with 0. */
  tctl(args: readonly string[], input?: string): Promise<Ended>
  tsh(args: readonly string[], input?: string): Promise<Ended>
  /** With `--format json`, read with the schema. */
  tctlJson<T>(schema: z.ZodType<T>, args: readonly string[], input?: string): Promise<T>
  tshJson<T>(schema: z.ZodType<T>, args: readonly string[], input?: string): Promise<T>
  /** Whatever it ends with. */
  attempt(program: Program, args: readonly string[], input?: string): Promise<Ended>
  /** A file of mode 0600 in the home folder; its path. */
  keep(file: string, text: string): string
}

export function createPerson(name: string, home: string): Person {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const attempt: Person['attempt'] = (program, args, input) => run(program, args, { home, input: input ?? '' })
  const must = async (program: Program, args: readonly string[], input?: string): Promise<Ended> => {
    const ended = await attempt(program, args, input)
    if (ended.code === 0) return ended
    throw new Error(`${name}: "${program} ${args.join(' ')}" ended with ${ended.code}: ${ended.err.trim()}`)
  }
  const json = async <T>(program: Program, schema: z.ZodType<T>, args: readonly string[], input?: string): Promise<T> =>
    schema.parse(JSON.parse((await must(program, [...args, '--format', 'json'], input)).out))
  return {
    name,
    home,
    attempt,
    tctl: (args, input) => must('tctl', args, input),
    tsh: (args, input) => must('tsh', args, input),
    tctlJson: (schema, args, input) => json('tctl', schema, args, input),
    tshJson: (schema, args, input) => json('tsh', schema, args, input),
    keep(file, text) {
      const path = join(home, file)
      writeFileSync(path, text, { mode: 0o600 })
      chmodSync(path, 0o600)
      return path
    },
  }
}

function run(
  program: Program,
  args: readonly string[],
  { home, input }: { readonly home: string; readonly input: string },
): Promise<Ended> {
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_STATE_HOME: join(home, '.state') }
  const child = spawn(`${BIN}${program}`, args, { cwd: home, env: environment, timeout: ENDS_WITHIN_MS })
  let [out, err] = ['', '']
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  child.stderr.on('data', (data: Buffer) => (err += data.toString()))
  child.stdin.on('error', () => {}) // one that never reads ends before all is written
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}
