import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from './atomic-file.ts'
import { CliError, EXIT } from './exit-codes.ts'
import { withFileLock } from './file-lock.ts'

const storedSchema = z.object({
  url: z.string(),
  user: z.string(),
  cluster: z.string(),
  token: z.string(),
  validUntil: z.string(),
})
const fileSchema = z.object({ current: z.string().optional(), sessions: z.array(storedSchema) })
/** A sign-in at one server. */
export type StoredSession = z.infer<typeof storedSchema>
type Stored = z.infer<typeof fileSchema>

/** The sign-ins of this person on this machine: at most one per server, one of them current. */
export interface SessionStore {
  readonly path: string
  current(): StoredSession | undefined
  find(url: string): StoredSession | undefined
  all(): readonly StoredSession[]
  /** Keeps it and makes it current. */
  keep(session: StoredSession, signal: AbortSignal): Promise<void>
  forget(url: string, signal: AbortSignal): Promise<void>
}

const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

export function createSessionStore(environment: Readonly<Record<string, string | undefined>>): SessionStore {
  const folder = folderOf(environment)
  const path = join(folder, 'sessions.json')
  const read = () => readStored(path)
  const change = async (next: (stored: Stored) => Stored, signal: AbortSignal): Promise<void> => {
    const write = () => writeFileAtomically(path, Buffer.from(JSON.stringify(next(read()), null, 2)), FILE_MODE)
    try {
      mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
      await withFileLock(path, write, signal)
    } catch (cause) {
      if (!(cause instanceof Error && 'syscall' in cause)) throw cause
      throw new CliError(`Your sign-ins can't be kept in ${folder}: ${cause.message}.`, {
        remedy: 'Make that folder writable, or name another one with XDG_STATE_HOME.',
        exitCode: EXIT.failure,
        cause,
      })
    }
  }
  return {
    path,
    current() {
      const { current, sessions } = read()
      return sessions.find(({ url }) => url === current)
    },
    find: (url) => read().sessions.find((session) => session.url === url),
    all: () => read().sessions,
    keep: (session, signal) =>
      change(
        ({ sessions }) => ({
          current: session.url,
          sessions: [...sessions.filter(({ url }) => url !== session.url), session],
        }),
        signal,
      ),
    forget: (url, signal) =>
      change(({ current, sessions }) => {
        const rest = sessions.filter((session) => session.url !== url)
        const next = current === url ? rest.at(-1)?.url : current
        return { ...(next === undefined ? {} : { current: next }), sessions: rest }
      }, signal),
  }
}

/** XDG Base Directory Specification, "XDG_STATE_HOME": a relative path there is to be ignored. */
function folderOf(environment: Readonly<Record<string, string | undefined>>): string {
  const state = environment['XDG_STATE_HOME']
  if (state?.startsWith('/')) return join(state, 'gatehouse')
  return join(environment['HOME'] ?? homedir(), '.gatehouse')
}

function readStored(path: string): Stored {
  const file = statSync(path, { throwIfNoEntry: false })
  if (!file) return { sessions: [] }
  if ((file.mode & 0o077) !== 0)
    throw new CliError(`Others on this machine can read ${path}, which holds your sign-ins.`, {
      remedy: `Run "chmod 600 ${path}", and sign in again if they may have.`,
      exitCode: EXIT.failure,
    })
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new CliError(`${path} is damaged.`, {
      remedy: 'Delete it and sign in again.',
      exitCode: EXIT.failure,
      cause,
    })
  }
}
