import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, type GatehouseClient } from '@gatehouse/api'
import { freePort } from './free-port.ts'
import { type Program, ProgramFailure, startProgram } from './program.ts'
import { asOption } from './sandbox.ts'
import { waitFor } from './wait-for.ts'

export interface ServerOptions {
  /** Holds the embedded database (`server/`) and the secret key (`gatehouse.key`), which is made if missing. */
  readonly folder: string
  /** A free one if left out. */
  readonly port?: number
  /** Where AWS is: the sandbox's `endpointUrl`. */
  readonly awsEndpointUrl?: string
  /** A PostgreSQL server instead of the embedded database. */
  readonly databaseUrl?: string
  readonly clockOffsetFile?: string
  readonly bootstrapAdmin?: string
  /** Further variables, such as LOG_LEVEL. */
  readonly environment?: Readonly<Record<string, string>>
  readonly logFile?: string
}

/** A running Gatehouse server, in development mode on http://localhost. */
export interface Server extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly program: Program
  /** From the start of the process to the first 200 of `/readyz`. */
  readonly readyAfterMs: number
  /** The path of the one-time link with which the first administrator sets a password, if it was printed. */
  bootstrapLink(): string | undefined
  /** A client with the session token given, or without a session. */
  client(token?: string): GatehouseClient
  signIn(user: string, password: string): Promise<GatehouseClient>
  stop(): Promise<void>
}

const READY_WITHIN_MS = 60_000

export async function startServer(options: ServerOptions): Promise<Server> {
  const { folder } = options
  const secretKeyFile = join(folder, 'gatehouse.key')
  if (!existsSync(secretKeyFile)) await makeSecretKey(secretKeyFile)
  const port = options.port ?? (await freePort())
  const url = `http://localhost:${port}`
  const startedAt = performance.now()
  const program = startProgram({
    name: 'The server',
    program: 'bin/gatehouse',
    args: [
      'serve',
      '--development',
      ...Object.entries({
        'listen-port': port,
        'data-dir': join(folder, 'server'),
        'secret-key-file': secretKeyFile,
        'clock-offset-file': options.clockOffsetFile,
        'bootstrap-admin': options.bootstrapAdmin,
      }).flatMap(asOption),
    ],
    cwd: folder,
    environment: {
      ...(options.awsEndpointUrl === undefined ? {} : { AWS_ENDPOINT_URL: options.awsEndpointUrl }),
      ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
      ...options.environment,
    },
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
  })
  try {
    await untilReady(url, program)
  } catch (error) {
    await program.kill()
    throw error
  }
  const client = (token?: string): GatehouseClient => createClient({ url, ...(token === undefined ? {} : { token }) })
  const stop = () => program.stop()
  return {
    url,
    port,
    program,
    readyAfterMs: performance.now() - startedAt,
    bootstrapLink: () => /\/set-password\/[\w-]+/.exec(program.said())?.[0],
    client,
    async signIn(user, password) {
      const { token } = await client().signIn({ body: { user, password } })
      return client(token)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** As an operator does, with the server's own command. */
async function makeSecretKey(file: string): Promise<void> {
  const program = startProgram({
    name: 'gatehouse keys init',
    program: 'bin/gatehouse',
    args: ['keys', 'init', '--file', file],
  })
  const code = await program.ended
  if (code !== 0) throw new Error(`gatehouse keys init ended with ${code}.\n${program.said()}`)
}

async function untilReady(url: string, program: Program): Promise<void> {
  const given = new AbortController()
  // A server that ends says why; nobody has to wait for the limit.
  program.ended.then(
    (code) => given.abort(new ProgramFailure('The server', `ended with ${code} before it was ready`, program.said())),
    (error: unknown) => given.abort(error),
  )
  await waitFor(
    'the server to be ready',
    async () => ((await fetch(`${url}/readyz`, { signal: given.signal })).ok ? true : undefined),
    { withinMs: READY_WITHIN_MS, everyMs: 25, signal: given.signal },
  )
}
