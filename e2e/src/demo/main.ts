// The demo, and the shortest way to see Gatehouse work: a sandbox organization, a server that manages it, and people
// who may sign in. What it keeps is in one folder; a second start continues there.
import { ApiProblem, isBadPort, type OrganizationStatusView } from '@gatehouse/api'
import { freePortNear, isFree } from '../harness/free-port.ts'
import { type Sandbox, startSandbox } from '../harness/sandbox.ts'
import { type Server, startServer } from '../harness/server.ts'
import { type DataFolder, type DemoState, findFolder, moveAside, openDataFolder, readState } from './data-folder.ts'
import { ADMIN, govern, USERS } from './govern.ts'
import { type DemoOptions, HELP, parseOptions, WrongUsage } from './options.ts'
import { createProgress, type Progress } from './progress.ts'

/** A failure whose message says what to do; it needs no stack. */
class Refusal extends Error {}

const progress = createProgress()
try {
  const options = parseOptions(process.argv.slice(2), process.env)
  if (options === 'help') process.stdout.write(HELP)
  else await run(options)
} catch (error) {
  progress.say(explain(error))
  process.exitCode = error instanceof WrongUsage ? 2 : 1
}

async function run(options: DemoOptions): Promise<void> {
  const found = findFolder(options.dataDir)
  if (found === 'foreign')
    throw new Refusal(`${options.dataDir} holds something else. Choose another folder with --data-dir.`)
  await refuseSecondDemo(options)
  await refusePort(options.port)
  if (options.fresh && found === 'ours') progress.say(`The old data are in ${moveAside(options.dataDir)}.`)
  const folder = openDataFolder(options.dataDir)
  progress.say(`${folder.readState() ? 'Continuing with' : 'Beginning in'} ${folder.path}`)

  const asked = untilAskedToStop()
  const { sandbox, server } = await startBoth(folder, options)
  const end = async (): Promise<void> => {
    await Promise.all([server.stop(), sandbox.stop()])
  }
  const failed = Promise.race([
    server.program.ended.then((code) => `The server ended by itself (${code}); see ${folder.logFile('server')}.`),
    sandbox.program.ended.then((code) => `The sandbox ended by itself (${code}); see ${folder.logFile('sandbox')}.`),
  ])
  try {
    const status = await Promise.race([govern({ server, sandbox, folder, progress }), asked, refuse(failed)])
    if (status !== 'stop') {
      tellReady({ options, folder, server, sandbox, status })
      await Promise.race([asked, refuse(failed)])
    }
    progress.say('Stopping…')
  } finally {
    await end()
  }
}

async function refuse(reason: Promise<string>): Promise<never> {
  throw new Refusal(await reason)
}

function untilAskedToStop(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stop'))
  })
}

/** Two on one folder would take it from under each other. */
async function refuseSecondDemo({ dataDir, fresh }: DemoOptions): Promise<void> {
  const known = fresh ? tryReadState(dataDir) : readState(dataDir)
  if (!known || !isAlive(known.pid) || (await isFree(known.sandbox.port))) return
  throw new Refusal(
    `A demo runs in ${dataDir} already (process ${known.pid}). Stop that, or choose another --data-dir.`,
  )
}

/** Beginning anew is how one gets rid of a file that can't be read. */
function tryReadState(dataDir: string): DemoState | undefined {
  try {
    return readState(dataDir)
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function refusePort(port: number): Promise<void> {
  const other = `another port with PORT: PORT=${port === 3080 ? 3090 : 3080} npm start`
  if (isBadPort(port)) throw new Refusal(`Browsers open nothing on port ${port}. Choose ${other}`)
  if (!(await isFree(port)))
    throw new Refusal(`Port ${port} is in use by another program. Stop that, or choose ${other}`)
}

async function startBoth(
  folder: DataFolder,
  { port }: DemoOptions,
): Promise<{ readonly sandbox: Sandbox; readonly server: Server }> {
  const ports = await portsOfSandbox(folder, port)
  const [sandbox, server] = await Promise.allSettled([
    progress.step(
      'sandbox organization started',
      () =>
        startSandbox({
          ...ports,
          seed: 'acme',
          pace: 'demo',
          dataDir: folder.sandboxDir,
          logFile: folder.logFile('sandbox'),
        }),
      ({ endpointUrl }) => endpointUrl,
    ),
    progress.step(
      'server started',
      () =>
        startServer({
          folder: folder.path,
          port,
          awsEndpointUrl: `http://127.0.0.1:${ports.port}`,
          bootstrapAdmin: ADMIN,
          logFile: folder.logFile('server'),
        }),
      ({ url }) => url,
    ),
  ])
  if (sandbox.status === 'fulfilled' && server.status === 'fulfilled')
    return { sandbox: sandbox.value, server: server.value }
  for (const started of [sandbox, server]) if (started.status === 'fulfilled') await started.value.stop()
  throw sandbox.status === 'rejected' ? sandbox.reason : server.status === 'rejected' ? server.reason : undefined
}

/** The organization knows the sandbox by its address, so a second start uses the ports of the first. */
async function portsOfSandbox(
  folder: DataFolder,
  serverPort: number,
): Promise<{ readonly port: number; readonly controlPort: number }> {
  const known = folder.readState()
  const port = known?.sandbox.port ?? (await freePortNear(serverPort + 1000))
  if (known && !(await isFree(port)))
    throw new Refusal(
      `Port ${port}, where this demo's AWS is, is in use by another program. Stop that, or begin anew with --fresh.`,
    )
  const controlPort = await freePortNear(known?.sandbox.controlPort ?? port + 1)
  const sandbox = { port, controlPort }
  folder.writeState({ pid: process.pid, isSeeded: known?.isSeeded ?? false, sandbox })
  return sandbox
}

function tellReady(ready: {
  readonly options: DemoOptions
  readonly folder: DataFolder
  readonly server: Server
  readonly sandbox: Sandbox
  readonly status: OrganizationStatusView
}): void {
  const { options, folder, server, sandbox, status } = ready
  const { endpointUrl, controlUrl, region, instanceArn, identityStoreId, startUrl, scimUrl } = sandbox
  const signIn = (user: string) => ({ user, password: folder.password(user) })
  if (options.json) {
    const line = {
      url: server.url,
      admin: signIn(ADMIN),
      users: USERS.map(({ user }) => signIn(user)),
      aws: { endpointUrl, controlUrl, region, instanceArn, identityStoreId, startUrl, scimUrl },
      dataDir: folder.path,
    }
    process.stdout.write(`${JSON.stringify(line)}\n`)
  }
  tellPeople(progress, { server, sandbox, folder, status })
}

function tellPeople(
  progress: Progress,
  {
    server,
    sandbox,
    folder,
    status,
  }: {
    readonly server: Server
    readonly sandbox: Sandbox
    readonly folder: DataFolder
    readonly status: OrganizationStatusView
  },
): void {
  progress.say(`\nReady in ${(performance.now() / 1000).toFixed(1)} s. ${describe(status)}`)
  progress.say(`\n  ${server.url}\n`)
  const who = [{ user: ADMIN, does: 'administers' }, ...USERS]
  const width = Math.max(...who.map(({ user }) => user.length))
  for (const { user, does } of who) progress.say(`  ${user.padEnd(width)}  ${folder.password(user)}  ${does}`)
  progress.say(`\nThe access portal of AWS is at ${sandbox.portalUrl}: sign in there as any of them.`)
  progress.say(
    `AWS is at ${sandbox.endpointUrl}, its world at ${sandbox.controlUrl}/world, logs in ${folder.path}/logs.`,
  )
  progress.say('Ctrl-C stops both; the next start continues here.')
}

function describe(status: OrganizationStatusView): string {
  if (status.mode === 'shadow') return 'Nothing is written to AWS yet.'
  const { inFlight, held } = status
  const more = held.length === 0 ? '' : ` ${held.length} are held back.`
  if (inFlight.length === 0) return `${status.message}${more}`
  const shown = inFlight.slice(0, 10).map(({ summary, state }) => `\n  ${state}: ${summary}`)
  const rest = inFlight.length > shown.length ? `\n  and ${inFlight.length - shown.length} more` : ''
  return `In flight to AWS:${shown.join('')}${rest}${more}`
}

function explain(error: unknown): string {
  if (error instanceof WrongUsage) return `${error.message}\n\n${HELP}`
  if (error instanceof ApiProblem) return `${error.message}\n${error.remedy}`
  return error instanceof Error ? error.message : String(error)
}
