import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { authorize } from './auth/authorize.ts'
import { createCallLog } from './control/call-log.ts'
import { createControlListener } from './control/control-listener.ts'
import { createFaults } from './faults/faults.ts'
import type { AwsSide } from './http/answer-aws-call.ts'
import { createAwsListener } from './http/aws-listener.ts'
import { iamOperations } from './iam/iam-operations.ts'
import { identityStoreOperations } from './identity-store/operations.ts'
import { failInterruptedCreations } from './organizations/create-account.ts'
import { organizationsOperations } from './organizations/operations.ts'
import { resumeClosures } from './organizations/write-operations.ts'
import { portalOperations } from './portal/operations.ts'
import { parseSeed, seedWorld } from './seeds/seed.ts'
import { createAsyncEngine } from './sso-admin/async-engine.ts'
import { createSsoAdminOperations } from './sso-admin/operations.ts'
import { createSignInLog } from './sign-in/sign-in-log.ts'
import { newIdentitySource } from './sign-in/identity-source.ts'
import { ssoOidcOperations } from './sso-oidc/operations.ts'
import { stsOperations } from './sts/sts-operations.ts'
import { createThrottle } from './throttle/throttle.ts'
import { followOffsetFile } from './world/clock-offset-file.ts'
import { createClock } from './world/clock.ts'
import { createFileJournal } from './world/file-journal.ts'
import { knobsSchema, paceKnobs, type Knobs } from './world/knobs.ts'
import type { Home } from './world/records.ts'
import type { IdentitySource } from './world/sign-in-records.ts'
import { createWorld, type World } from './world/world.ts'

export interface SandboxOptions {
  readonly host?: string | undefined
  /** 0: any free one. */
  readonly port?: number | undefined
  readonly controlPort?: number | undefined
  /** Absent: in memory. */
  readonly dataDir?: string | undefined
  /** `acme`, `empty` or `generated:<accounts>x<sets>x<users>x<groups>[x<assignments>|xall][:seed]`; a saved world wins. */
  readonly seed?: string | undefined
  readonly region?: string | undefined
  /** Of a new world; the control API switches it. */
  readonly identitySource?: IdentitySource['kind'] | undefined
  /** Where browsers find the sandbox, when that is not where it listens: behind a proxy, in a container. */
  readonly publicUrl?: string | undefined
  /** A number is the milliseconds that every asynchronous operation takes. */
  readonly pace?: 'aws' | 'demo' | number | undefined
  readonly clockOffsetFile?: string | undefined
  readonly knobs?: Partial<Knobs> | undefined
}

/** What a caller needs to use the sandbox; the command prints exactly this, as one line of JSON. */
export interface SandboxReady {
  readonly endpointUrl: string
  readonly controlUrl: string
  readonly scimUrl: string
  readonly scimToken: string
  readonly region: string
  readonly organizationId: string
  readonly rootId: string
  readonly instanceArn: string
  readonly identityStoreId: string
  /** As AWS would have it: for config files. */
  readonly startUrl: string
  /** The same page here: for browsers. */
  readonly portalUrl: string
  readonly managementAccountId: string
  readonly admin: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export interface Sandbox extends SandboxReady, AsyncDisposable {
  /** Moves the sandbox's clock this many milliseconds away from the wall's. */
  readonly setClockOffset: (milliseconds: number) => void
  readonly stop: () => Promise<void>
}

/** Starts the AWS side: one listener for all of AWS's services and SCIM, one for the control API. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const knobs = knobsSchema.parse({ ...paceKnobs(options.pace ?? 'aws'), ...options.knobs })
  const seed = parseSeed(options.seed ?? 'acme')
  const clock = createClock()
  const following =
    options.clockOffsetFile === undefined ? undefined : await followOffsetFile(options.clockOffsetFile, clock)
  const journal = options.dataDir === undefined ? undefined : createFileJournal(options.dataDir)
  const world = createWorld({ clock, knobs, journal })
  if (restore(world, journal)) completeHome(world)
  else
    seedWorld(world, seed, {
      region: options.region ?? 'us-east-1',
      identitySource: options.identitySource ?? 'external',
    })
  await journal?.begin(world.tables)

  const side = createSide(world)
  side.engine.resume()
  resumeClosures(world)
  failInterruptedCreations(world)

  const host = options.host ?? '127.0.0.1'
  const awsListener = createAwsListener(side)
  let ready: SandboxReady | undefined
  const controlListener = createControlListener(side, () => ready)

  async function stop() {
    following?.stop()
    await Promise.all([awsListener.close(), controlListener.close()])
    clock.stop()
    await journal?.close()
  }
  try {
    const endpointUrl = await listen(awsListener, host, options.port ?? 0)
    world.setPublicUrl(new URL(options.publicUrl ?? endpointUrl).origin)
    const controlUrl = await listen(controlListener, host, options.controlPort ?? 0)
    ready = describe(world, endpointUrl, controlUrl)
    return {
      ...ready,
      setClockOffset: clock.setOffset,
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop() // or half of it would go on, and hold the folder
    throw error
  }
}

function restore(world: World, journal: ReturnType<typeof createFileJournal> | undefined): boolean {
  let restored = false
  world.load(() => {
    restored = journal?.restore(world.tables) ?? false
  })
  return restored
}

/** A folder may be older than the sign-in. */
function completeHome(world: World) {
  const home: Partial<Home> & Omit<Home, 'identitySource'> = world.home()
  const { identitySource = newIdentitySource('external') } = home
  world.setHome({ ...home, identitySource })
}

function createSide(world: World) {
  const callLog = createCallLog()
  const faults = createFaults()
  const engine = createAsyncEngine(world, callLog)
  const all = [
    ...organizationsOperations,
    ...identityStoreOperations,
    ...createSsoAdminOperations({ engine, faults, authorize }),
    ...iamOperations,
    ...stsOperations,
    ...ssoOidcOperations,
    ...portalOperations,
  ]
  const operations = new Map(all.map((operation) => [`${operation.service}.${operation.name}`, operation]))
  const side: AwsSide = {
    world,
    operations,
    throttle: createThrottle(world.knobs),
    faults,
    callLog,
    signInLog: createSignInLog(),
  }
  return { ...side, engine }
}

async function listen(listener: FastifyInstance, host: string, port: number): Promise<string> {
  await listener.listen({ host, port })
  // A listener on a TCP port has an AddressInfo; only pipes have a text.
  const address = listener.server.address() as AddressInfo
  return `http://${host}:${address.port}`
}

function describe(world: World, endpointUrl: string, controlUrl: string): SandboxReady {
  const home = world.home()
  const [key] = world.accessKeys.by('account', home.managementAccountId)
  const [token] = world.scimTokens.values()
  return {
    endpointUrl,
    controlUrl,
    scimUrl: `${endpointUrl}/${home.scimTenantId}/scim/v2`,
    scimToken: token?.secret ?? '',
    region: home.region,
    organizationId: home.organizationId,
    rootId: home.rootId,
    instanceArn: home.instanceArn,
    identityStoreId: home.identityStoreId,
    startUrl: home.startUrl,
    portalUrl: `${world.publicUrl()}/start`,
    managementAccountId: home.managementAccountId,
    admin: { accessKeyId: key?.id ?? '', secretAccessKey: key?.secret ?? '' },
  }
}
