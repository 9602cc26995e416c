import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

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

/** Moves an existing folder aside, to a name with the time in it. Returns the new name, if there was a folder. */
export function moveAside(path: string): string | undefined {
  if (!existsSync(path) || readdirSync(path).length === 0) return undefined
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const aside = [`${path}.${stamp}`, `${path}.${stamp}-${randomBytes(2).toString('hex')}`].find(
    (name) => !existsSync(name),
  )
  if (aside === undefined) throw new Error(`There is no free name to move ${path} to.`)
  renameSync(path, aside)
  return aside
}

export function openDataFolder(path: string): DataFolder {
  mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
  const stateFile = join(path, 'demo.json')
  const passwordFile = join(path, 'passwords.json')
  const readPasswords = () =>
    existsSync(passwordFile)
      ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(passwordFile, 'utf8')))
      : {}
  return {
    path,
    sandboxDir: join(path, 'sandbox'),
    logFile: (program) => join(path, 'logs', `${program}.log`),
    readState: () =>
      existsSync(stateFile) ? stateSchema.parse(JSON.parse(readFileSync(stateFile, 'utf8'))) : undefined,
    writeState: (state) => writeWhole(stateFile, state),
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
