import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSharedConfigFiles, loadSsoSessionData } from '@smithy/core/config'
import { enrol, untilAdopted } from '../harness/enrol.ts'
import { startSandbox } from '../harness/sandbox.ts'
import { startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import { type Bench, type BenchOptions, type Measurement, rounded } from './measurement.ts'

interface Shape {
  readonly name: string
  readonly accounts: number
  readonly sets: number
  readonly limitSeconds: number
}

/** The first of the generated users; the only group, which is assigned everywhere, has them all. */
const USER = 'user-0000@acme.example'
const PASSWORD = 'correct horse battery staple bench'
const TIMES = 5
const TSH = fileURLToPath(new URL('../../../bin/tsh', import.meta.url))

/** The whole program, from its start to its end, with a server and a config file of that size. */
export const awsProfile1000: Bench = (options) =>
  measure({ name: 'aws-profile-1000', accounts: 100, sets: 10, limitSeconds: 0.5 }, options)
export const awsProfile10000: Bench = (options) =>
  measure({ name: 'aws-profile-10000', accounts: 500, sets: 20, limitSeconds: 3 }, options)

async function measure(shape: Shape, { say }: BenchOptions): Promise<readonly Measurement[]> {
  const { name, accounts, sets, limitSeconds } = shape
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  try {
    await using sandbox = await startSandbox({ seed: `generated:${accounts}x${sets}x1x1xall`, pace: 'demo' })
    await using server = await startServer({
      folder,
      awsEndpointUrl: sandbox.endpointUrl,
      bootstrapAdmin: USER,
    })
    await setPassword(server.url + (server.bootstrapLink() ?? ''), PASSWORD)
    const client = await server.signIn(USER, PASSWORD)
    await enrol({ client, server, sandbox, owner: USER })
    await untilAdopted(client)
    say('adopted')
    const person = await signedIn(join(folder, 'home'), server.url)

    const first = await person.tsh('aws-profile')
    const written = person.config()
    const profiles = written.match(/^\[profile /gm)?.length ?? 0
    if (profiles !== accounts * sets) throw new Error(`${profiles} profiles instead of ${accounts * sets}`)
    const again = await several(() => person.tsh('aws-profile'))
    if (person.config() !== written) throw new Error('a second run changed the file')
    let run = 0
    const rewriting = await several(() => person.tsh('aws-profile', '--output', run++ % 2 === 0 ? 'json' : 'text'))
    if (person.config() === written) throw new Error('the file was not rewritten')
    const starting = await several(() => person.tsh('version'))
    const asking = await several(() => timed(() => client.listResources({ query: { limit: 1000 } })))
    const reading = await several(() => readBySdk(person.configPath))
    return [
      {
        name,
        value: Math.max(again, rewriting),
        unit: 's',
        better: 'lower',
        limit: limitSeconds,
        note: [
          `whole process, ${accounts} accounts × ${sets} sets, ${written.length} bytes; median of ${TIMES}, the slower of`,
          `nothing to change (byte-identical) ${again} s and every profile rewritten ${rewriting} s; new file ${rounded(first)} s;`,
          `of it start of the program ${starting} s, server's answer ${asking} s;`,
          `the SDK for JavaScript reads that file in ${reading} s`,
        ].join(' '),
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Somebody's home folder after `tsh login`. */
async function signedIn(home: string, url: string) {
  mkdirSync(home, { mode: 0o700 })
  const configPath = join(home, '.aws', 'config')
  const passwordFile = join(home, 'password')
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 })
  const tsh = (...args: readonly string[]): Promise<number> => timed(() => run(args, home))
  await tsh('login', '--proxy', url, '--user', USER, '--password-file', passwordFile)
  return { tsh, configPath, config: () => readFileSync(configPath, 'utf8') }
}

function run(args: readonly string[], home: string): Promise<void> {
  const child = spawn(TSH, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.resume()
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`tsh ${args.join(' ')} ended with ${code}: ${said}`)),
    )
  })
}

/** As a program with the SDK does when it starts. */
async function readBySdk(configFilepath: string): Promise<number> {
  return timed(async () => {
    await loadSharedConfigFiles({ configFilepath, filepath: '/dev/null', ignoreCache: true })
    await loadSsoSessionData({ configFilepath })
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

async function several(once: () => Promise<number>): Promise<number> {
  const seconds: number[] = []
  for (let time = 0; time < TIMES; time++) seconds.push(await once())
  const sorted = seconds.toSorted((a, b) => a - b)
  return rounded(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN)
}
