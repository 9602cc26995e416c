import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AwsShell, createAwsShell } from '../harness/aws-shell.ts'
import { connectSaml } from '../harness/connect-saml.ts'
import { enrol, untilAdopted } from '../harness/enrol.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import { openAs, type Seen } from '../harness/scripted-browser.ts'

/** Of the generated organization: in its only group, which has every permission set in every account. */
export const USER = 'user-0000@acme.example'
const PASSWORD = 'correct horse battery staple'
/** A governed organization whose people sign in to AWS at Gatehouse. */
export interface AwsWorld extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly server: Server
  /** Somebody's machine, with a home of its own, that leads AWS's programs to the sandbox. */
  user(): Promise<AwsUser>
}

export interface AwsUser {
  readonly home: string
  /** What the browser showed, every time that a program opened it. */
  readonly seen: readonly Seen[]
  readonly shell: AwsShell['run']
}

export async function startAwsWorld(cli: string): Promise<AwsWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-aws-cli-'))
  const sandbox = await startSandbox({ seed: 'generated:3x2x1x1xall', pace: 'demo' })
  const server = await startServer({ folder, awsEndpointUrl: sandbox.endpointUrl, bootstrapAdmin: USER })
  await setPassword(server.url + (server.bootstrapLink() ?? ''), PASSWORD)
  const client = await server.signIn(USER, PASSWORD)
  await enrol({ client, server, sandbox, owner: USER })
  await untilAdopted(client)
  await connectSaml(client, sandbox)
  let users = 0
  return {
    sandbox,
    server,
    user: () => createUser(join(folder, `home-${users++}`), cli, sandbox),
    async [Symbol.asyncDispose]() {
      await Promise.all([server.stop(), sandbox.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function createUser(home: string, cli: string, sandbox: Sandbox): Promise<AwsUser> {
  const seen: Seen[] = []
  const shell = await createAwsShell({
    home,
    cli,
    sandbox,
    environment: { GATEHOUSE_PASSWORD: PASSWORD },
    open: async (url) => void seen.push(await openAs({ user: USER, password: PASSWORD }, url)),
  })
  return { home, seen, shell: (script, answers) => shell.run(script, answers) }
}
