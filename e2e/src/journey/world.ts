import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatehouseClient } from '@gatehouse/api'
import { createMovedClock, type MovedClock } from '../harness/moved-clock.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import { createPerson, type Person } from './command.ts'

/** Who walks. All but the newcomer are in AWS when the journey begins. */
export const ADMIN = 'daniel@acme.example'
export const ENGINEER = 'bruno@acme.example'
export const OWNER = 'lars@acme.example'
export const REVIEWER = 'boris@acme.example'
/** Has an account assignment of his own when the organization is enrolled. */
export const VETERAN = 'hugo@acme.example'
/** Nobody knows her before Gatehouse does. */
export const NEWCOMER = 'nadine@acme.example'

/** A fresh sandbox, a fresh server, and people who know them by their addresses only. */
export interface World extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly clock: MovedClock
  server(): Server
  /** SIGKILLs the server and starts it again with the same folder, address and clock. */
  killAndRestartServer(): Promise<void>
  /** When that was, by the wall's clock. */
  readonly kills: readonly number[]
  person(name: string): Person
  /** Sets the password by the link and signs in with `tsh login`. */
  firstSignIn(name: string, link: string): Promise<Person>
  passwordOf(name: string): string
  /** With the password of before. */
  signInAgain(name: string): Promise<void>
  /** Moves the clock; whoever was idle for so long signs in again. */
  letTimePass(ms: number): Promise<void>
  /** For what no command shows. */
  adminClient(): Promise<GatehouseClient>
}

export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-journey-'))
  const clock = createMovedClock(folder)
  const sandbox = await startSandbox({ clockOffsetFile: clock.file })
  const serverFolder = join(folder, 'gatehouse')
  mkdirSync(serverFolder, { mode: 0o700 })
  const start = (port?: number): Promise<Server> =>
    startServer({
      folder: serverFolder,
      awsEndpointUrl: sandbox.endpointUrl,
      clockOffsetFile: clock.file,
      bootstrapAdmin: ADMIN,
      ...(port === undefined ? {} : { port }),
    })
  let server = await start().catch(async (error: unknown) => {
    await sandbox.stop()
    throw error
  })
  const kills: number[] = []
  const people = new Map<string, Person>()
  const passwords = new Map<string, string>()
  const person = (name: string): Person => {
    const known = people.get(name) ?? createPerson(name, join(folder, 'homes', name))
    people.set(name, known)
    return known
  }
  const signIn = async (name: string): Promise<void> => {
    const one = person(name)
    const file = one.keep('password', passwords.get(name) ?? '')
    await one.tsh(['login', '--proxy', server.url, '--user', name, '--password-file', file])
  }
  return {
    sandbox,
    clock,
    server: () => server,
    async killAndRestartServer() {
      await server.program.kill()
      kills.push(Date.now())
      server = await start(server.port)
    },
    kills,
    person,
    async firstSignIn(name, link) {
      const password = randomBytes(15).toString('base64url')
      passwords.set(name, password)
      await setPassword(link, password)
      await signIn(name)
      return person(name)
    },
    passwordOf: (name) => passwords.get(name) ?? '',
    signInAgain: signIn,
    async letTimePass(ms) {
      await clock.advance(ms, sandbox.control)
      await Promise.all([...passwords.keys()].map(signIn))
    },
    async adminClient() {
      return server.signIn(ADMIN, passwords.get(ADMIN) ?? '')
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([server.stop(), sandbox.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
