import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectSaml } from '../harness/connect-saml.ts'
import { enrol, untilAdopted } from '../harness/enrol.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import { openAs, type Seen } from './scripted-browser.ts'

/** Of the generated organization: in its only group, which has every permission set in every account. */
export const USER = 'user-0000@acme.example'
const PASSWORD = 'correct horse battery staple'
/** Of util-linux: what it runs has a terminal. */
export const TERMINAL = 'script'
/** What takes longer waits for an answer that does not come. */
const ENDS_WITHIN_MS = 60_000
const BIN = fileURLToPath(new URL('../../../bin/', import.meta.url))

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
  /** Runs a script, in a terminal if there are answers, which are typed as their questions come. */
  shell(script: string, answers?: readonly (readonly [question: string, answer: string])[]): Promise<Ended>
}

export interface Ended {
  readonly code: number | null
  /** Standard error included. */
  readonly said: string
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
  const bin = join(home, 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(cli, join(bin, 'aws'))
  const opened = join(home, 'opened')
  // Programs call it as their browser; the person behind it looks into the file.
  writeFileSync(join(bin, 'browser'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${opened}'\n`)
  chmodSync(join(bin, 'browser'), 0o755)
  const environment = {
    HOME: home,
    PATH: [bin, BIN, process.env['PATH'] ?? ''].join(delimiter),
    TERM: 'xterm',
    BROWSER: `${join(bin, 'browser')} %s`,
    GATEHOUSE_PASSWORD: PASSWORD,
    AWS_PAGER: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const models = join(home, 'models')
  const led = await run(`aws-sandbox env --control-url '${sandbox.controlUrl}' --models '${models}'`, environment)
  if (led.code !== 0) throw new Error(`aws-sandbox env ended with ${led.code}: ${led.said}`)
  const seen: Seen[] = []
  let looked = 0
  const look = async (): Promise<void> => {
    const urls = existsSync(opened) ? readFileSync(opened, 'utf8').split('\n').slice(0, -1) : []
    const fresh = urls.slice(looked)
    looked = urls.length
    for (const url of fresh) seen.push(await openAs({ user: USER, password: PASSWORD }, url))
  }
  return {
    home,
    seen,
    async shell(script, answers = []) {
      const watching = setInterval(() => void look().catch((error: unknown) => console.error(error)), 100)
      try {
        return await run(`${led.said}\nset -eu\n${script}`, environment, answers)
      } finally {
        clearInterval(watching)
        await look()
      }
    },
  }
}

/** A program that asks wants a terminal: `script` gives it one. */
function run(
  script: string,
  env: NodeJS.ProcessEnv,
  answers: readonly (readonly [question: string, answer: string])[] = [],
): Promise<Ended> {
  const child =
    answers.length === 0
      ? spawn('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: ENDS_WITHIN_MS })
      : spawn(TERMINAL, ['-qefc', script, '/dev/null'], { env: { ...env, SHELL: '/bin/sh' }, timeout: ENDS_WITHIN_MS })
  let said = ''
  let from = 0
  const waiting = [...answers]
  const hear = (data: Buffer): void => {
    said += data.toString()
    const [next] = waiting
    const at = next ? said.indexOf(next[0], from) : -1
    if (!next || at === -1) return
    from = at + next[0].length
    waiting.shift()
    child.stdin?.write(`${next[1]}\r`)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, said }))
  })
}
