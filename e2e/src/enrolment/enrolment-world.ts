import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatehouseClient } from '@gatehouse/api'
import { createMovedClock, type MovedClock } from '../harness/moved-clock.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import type { TwoOrganizations } from '../harness/two-organizations.ts'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'

export const ADMIN = 'admin@acme.example'
export const PASSWORD = 'correct horse battery staple'

/** A server with nothing enrolled, beside a sandbox that it knows nothing of. */
export interface EnrolmentWorld extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly server: Server
  /** Of the administrator. */
  readonly client: GatehouseClient
  readonly clock: MovedClock
  /** For files of tests; it goes with the world. */
  readonly folder: string
  /** Makes a user with these roles, and signs him in. */
  person(name: string, roles: readonly string[]): Promise<GatehouseClient>
}

/** On a sandbox of a seed, with knobs, or before the first of two that run already. */
export async function startEnrolmentWorld(
  aws?: string | TwoOrganizations,
  sandboxArgs: readonly string[] = [],
): Promise<EnrolmentWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-enrolment-'))
  const clock = createMovedClock(folder)
  const clockOffsetFile = clock.file
  const isRunning = typeof aws === 'object'
  const sandbox = isRunning
    ? aws.first
    : await startSandbox({
        pace: 'demo',
        clockOffsetFile,
        args: sandboxArgs,
        ...(aws === undefined ? {} : { seed: aws }),
      })
  const server = await startServer({
    folder,
    awsEndpointUrl: (isRunning ? aws : sandbox).endpointUrl,
    bootstrapAdmin: ADMIN,
    clockOffsetFile,
  })
  await setPassword(server.url + (server.bootstrapLink() ?? ''), PASSWORD)
  const client = await server.signIn(ADMIN, PASSWORD)
  return {
    sandbox,
    server,
    client,
    clock,
    folder,
    async person(name, roles) {
      const { link } = await client.createUser({ body: { name, roles: [...roles] } })
      await setPassword(link.url, PASSWORD)
      return server.signIn(name, PASSWORD)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([server.stop(), ...(isRunning ? [] : [sandbox.stop()])])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
