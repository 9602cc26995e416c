import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const STATE_FILE = 'demo.json'
const LOGS = 'logs'

const stateSchema = z.object({
  /** The process of the latest start. */
  pid: z.number(),
  /** What an organization knows by address stays where it was. */
  sandbox: z.object({ port: z.number(), controlPort: z.number() }),
  /** The seeded decisions are made once; afterwards they are anybody's to change. */
  isSeeded: z.boolean(),
})
export type DemoState = z.infer<typeof stateSchema>

/** Where a demo keeps its worlds. Everything in it is for its owner's eyes only. */
export interface DataFolder {
  readonly path: string
  readonly sandboxDir: string
  readonly logFile: (program: string) => string
  readState(): DemoState | undefined
  writeState(state: DemoState): void
  /** The user's demo password: random, made when first asked for, kept in a file of mode 0600. */
  password(user: string): string
}

/** What is at a path: only our own folder may be moved or written to. */
export function findFolder(path: string): 'none' | 'ours' | 'foreign' {
  const entries = existsSync(path) ? readdirSync(path) : []
  if (entries.includes(STATE_FILE)) return 'ours'
  // A start that was interrupted at once leaves no more than this.
  return entries.some((entry) => entry !== LOGS) ? 'foreign' : 'none'
}

/** @throws Error when the file is there and can't be read */
export function readState(path: string): DemoState | undefined {
  const file = join(path, STATE_FILE)
  if (!existsSync(file)) return undefined
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`${file} can't be read. Begin anew with --fresh.`, { cause })
  }
}

/** Moves a folder aside, to a name with the time in it, and returns that. */
export function moveAside(path: string): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const name = `${path}.${stamp}`
  const aside = existsSync(name) ? `${name}-${randomBytes(4).toString('hex')}` : name
  renameSync(path, aside)
  return aside
}

export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
  mkdirSync(join(path, LOGS), { recursive: true, mode: 0o700 })
  const passwordFile = join(path, 'passwords.json')
  const readPasswords = () =>
    existsSync(passwordFile)
      ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(passwordFile, 'utf8')))
      : {}
  return {
    path,
    sandboxDir: join(path, 'sandbox'),
    logFile: (program) => join(path, LOGS, `${program}.log`),
    readState: () => readState(path),
    writeState: (state) => writeWhole(join(path, STATE_FILE), state),
    password(user) {
      const passwords = readPasswords()
      const known = passwords[user]
      if (known !== undefined) return known
      const made = randomBytes(15).toString('base64url')
      writeWhole(passwordFile, { ...passwords, [user]: made })
      return made
    },
  }
}

function writeWhole(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
