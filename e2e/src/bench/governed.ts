import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatehouseClient } from '@gatehouse/api'
import { enrol, ORGANIZATION, untilAdopted } from '../harness/enrol.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../harness/sandbox.ts'
import { type Server, type ServerOptions, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'

/** A server and the sandbox organization that it has adopted and may write to. */
export interface Governed extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly server: Server
  readonly client: GatehouseClient
  /** Stops the server and starts it again on the same data. */
  restart(): Promise<Server>
}

export interface GovernedOptions extends Pick<SandboxOptions, 'seed' | 'pace'>, Pick<ServerOptions, 'databaseUrl'> {}

export const OWNER = 'owner@bench.example'
export const PARAMS = { params: { name: ORGANIZATION } }
const PASSWORD = 'correct horse battery staple bench'

export async function startGoverned({ databaseUrl, ...world }: GovernedOptions): Promise<Governed> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  const sandbox = await startSandbox(world)
  const start = (port?: number): Promise<Server> =>
    startServer({
      folder,
      awsEndpointUrl: sandbox.endpointUrl,
      bootstrapAdmin: OWNER,
      ...(port === undefined ? {} : { port }),
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    })
  let server = await start()
  const { port } = server
  const client = await signInFirst(server)
  await enrol({ client, server, sandbox, owner: OWNER })
  await untilAdopted(client)
  const plan = await client.getPlan({ ...PARAMS, query: { refresh: false } })
  await client.startOrganization({ ...PARAMS, body: { planHash: plan.hash } })
  return {
    sandbox,
    server,
    client,
    async restart() {
      await server.stop()
      server = await start(port)
      return server
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([server.stop(), sandbox.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function signInFirst(server: Server): Promise<GatehouseClient> {
  const link = server.bootstrapLink()
  if (link === undefined) throw new Error('the server printed no link for its first administrator')
  await setPassword(server.url + link, PASSWORD)
  return server.signIn(OWNER, PASSWORD)
}
