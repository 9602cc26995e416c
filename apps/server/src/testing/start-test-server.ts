import { createServer as createSocketServer } from 'node:net'
import { createSecretKey, parseSecretKey, type Tables } from '@gatehouse/adapter-postgres'
import { createTestDatabase } from '@gatehouse/adapter-postgres/testing'
import { createClient, type GatehouseClient } from '@gatehouse/api'
import { bootstrapAdministrator, createPasswordLink, ensurePresets, setPassword } from '@gatehouse/application'
import { createInMemoryClock, type InMemoryClock } from '@gatehouse/application/testing'
import { instant } from '@gatehouse/domain'
import { configSchema } from '../config.ts'
import { createServer } from '../http/create-server.ts'
import type { ServerPorts } from '../ports.ts'
import { createPorts } from '../wire.ts'

export const ANA = 'ana@acme.example'
export const PASSWORD = 'correct horse battery'
const { signal } = new AbortController()

export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly ports: ServerPorts
  readonly clock: InMemoryClock
  /** Errors that nobody foresaw; a test that made one fails. */
  readonly faults: unknown[]
  /** A client without a session, or of the token given. */
  client(token?: string): GatehouseClient
  /** Signs in on the command line's way. */
  signIn(user?: string): Promise<GatehouseClient>
  /** Gives a user of the store the password of all tests. */
  givePassword(user: string): Promise<void>
}

/** A whole server on a free port over an embedded database in memory, with Ana as its administrator. */
export async function startTestServer(
  settings: Readonly<Record<string, unknown>> = {},
  { isFirstRun = false }: { readonly isFirstRun?: boolean } = {},
): Promise<TestServer> {
  const port = await freePort()
  const config = configSchema.parse({ development: true, listen: { port }, clusterName: 'acme.example', ...settings })
  const faults: unknown[] = []
  const log = {
    info: () => {},
    warn: () => {},
    error: (message: string, values?: object) => faults.push([message, values]),
  }
  const clock = createInMemoryClock(instant('2027-03-01T09:00Z'))
  const opened = await createTestDatabase<Tables>()
  const { database } = opened
  const ports = await createPorts(config, { database, clock, key: parseSecretKey(createSecretKey()), log, signal })
  await ensurePresets(ports, signal)
  await bootstrapAdministrator(ports, ANA, signal)

  const app = createServer(ports, { config, version: '0.0.0-test', log, stopping: signal })
  await app.listen({ host: '127.0.0.1', port })
  const url = `http://127.0.0.1:${port}`

  const server: TestServer = {
    url,
    ports,
    clock,
    faults,
    client: (token) => createClient({ url, ...(token === undefined ? {} : { token }) }),
    async signIn(user = ANA) {
      const { token } = await server.client().signIn({ body: { user, password: PASSWORD } })
      return server.client(token)
    },
    async givePassword(user) {
      const { token } = await createPasswordLink(ports, { user, by: 'test' }, signal)
      await setPassword(ports, { token, password: PASSWORD }, signal)
    },
    async [Symbol.asyncDispose]() {
      app.server.closeAllConnections()
      await app.close()
      await opened[Symbol.asyncDispose]()
    },
  }
  if (!isFirstRun) await server.givePassword(ANA)
  return server
}

async function freePort(): Promise<number> {
  const probe = createSocketServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
