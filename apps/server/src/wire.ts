import {
  checkSecretKey,
  createPostgresAccessListReviews,
  createPostgresAuditLog,
  createPostgresCredentials,
  createPostgresDeviceCodes,
  createPostgresEnrolments,
  createPostgresLeadership,
  createPostgresReviewDrafts,
  createPostgresSamlKeys,
  createPostgresSamlRequests,
  createPostgresSecrets,
  createPostgresSigningKeys,
  createPostgresStore,
  createSecretBox,
  type Database,
  migrate,
  MIGRATIONS_FOLDER,
  type Tables,
} from '@gatehouse/adapter-postgres'
import { createTokenIssuer } from '@gatehouse/adapter-oidc'
import { isPrivateHost, testScim } from '@gatehouse/adapter-scim'
import { createSamlProtocol } from '@gatehouse/adapter-saml'
import {
  type Clock,
  createAttempts,
  createChangeFeed,
  createEngine,
  createPasswordHasher,
  createPermissionSetReader,
  createRecordsCache,
  createShownPlans,
  type Engine,
  type Log,
  type Store,
} from '@gatehouse/application'
import { seconds } from '@gatehouse/domain'
import { createClock } from './clock.ts'
import type { Config } from './config.ts'
import { createConnections } from './connections.ts'
import type { ServerPorts } from './ports.ts'
import { systemIds } from './process/ids.ts'

export interface Wired {
  readonly ports: ServerPorts
  /** From the first answer on, AWS is read and written. */
  startEngine(): void
  /** Tells load balancers to send nobody here any more. */
  refuseReady(): void
  close(): Promise<void>
}

/** What the server is made of. */
export async function wire(
  config: Config,
  options: {
    /** Closed with everything else, also when this fails. */
    readonly database: Database<Tables>
    readonly key: Buffer
    readonly log: Log
    readonly onFatal: (error: Error) => void
    readonly signal: AbortSignal
  },
): Promise<Wired> {
  const { database, key, log, signal } = options
  const clock = createClock({ offsetFile: config.clockOffsetFile, log })
  const engineStop = new AbortController()
  let working: Promise<void> = Promise.resolve()
  const close = async (): Promise<void> => {
    engineStop.abort(new DOMException('the server stops', 'AbortError'))
    await working
    clock.stop()
    await database.close()
  }
  database.onFatal(options.onFatal)
  let isStopping = false
  try {
    const ports = await createPorts(config, { database, clock, key, log, signal })
    return {
      ports: {
        ...ports,
        checkReady: (within) => (isStopping ? Promise.reject(new Error('stopping')) : ports.checkReady(within)),
      },
      startEngine() {
        working = ports.engine.run(engineStop.signal).catch((error: unknown) => {
          log.error('the engine stopped', { reason: String(error) })
        })
      },
      refuseReady() {
        isStopping = true
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Every port over one database, which is brought up to date first. */
export async function createPorts(
  config: Pick<Config, 'publicAddress' | 'development' | 'privateScim'>,
  world: {
    readonly database: Database<Tables>
    readonly clock: Clock
    readonly key: Buffer
    readonly log: Log
    readonly signal: AbortSignal
  },
): Promise<ServerPorts> {
  const { database, clock, log, signal } = world
  const ids = systemIds
  const box = createSecretBox(world.key)
  await migrate(database, MIGRATIONS_FOLDER)
  await checkSecretKey(database, box, signal)
  const store = wakingAfterCommits(createPostgresStore(database, ids, box), () => engine.wake())
  const records = createRecordsCache(store)
  const auditLog = createPostgresAuditLog(database)
  const secrets = createPostgresSecrets(database, box, ids)
  const signingKeys = createPostgresSigningKeys(database, box, clock)
  const tokenIssuer = createTokenIssuer({ issuer: config.publicAddress, keys: signingKeys, clock })
  const reach = { allowHttp: config.development, allowPrivate: config.privateScim }
  const connections = createConnections({ secrets, tokenIssuer, clock, log, ...reach })
  const permissionSets = createPermissionSetReader(connections.connect)
  const leadership = createPostgresLeadership(database, { holder: ids.uuid(), ttl: seconds(10) })
  const engine: Engine = createEngine({
    store,
    records,
    auditLog,
    clock,
    ids,
    log,
    leadership,
    permissionSets,
    connect: connections.connect,
  })
  return {
    store,
    records,
    changes: createChangeFeed({ records, auditLog, log }),
    engine,
    probe: connections.probe,
    allowsLoopback: config.development,
    isPrivateHost: config.privateScim ? async () => false : isPrivateHost,
    enrolments: createPostgresEnrolments(database, box, ids),
    probeEnrolment: connections.probeEnrolment,
    testScim: (address, token, within) => testScim(address, token, { ...reach, signal: within }),
    saml: createSamlProtocol({ allowLoopbackHttp: config.development }),
    samlKeys: createPostgresSamlKeys(database, box, ids),
    samlRequests: createPostgresSamlRequests(database, ids),
    shownPlans: createShownPlans(),
    permissionSets,
    credentials: createPostgresCredentials(database, ids),
    deviceCodes: createPostgresDeviceCodes(database, ids),
    secrets,
    signingKeys,
    tokenIssuer,
    auditLog,
    reviews: createPostgresAccessListReviews(database),
    drafts: createPostgresReviewDrafts(database),
    clock,
    ids,
    hasher: createPasswordHasher(),
    attempts: createAttempts(),
    async checkReady(within) {
      await store.recordsVersion(within)
    },
  }
}

/** A decision reaches AWS at once: the engine looks as soon as it is saved. */
const wakingAfterCommits = (store: Store, wake: () => void): Store => ({
  ...store,
  async commit(commit, signal) {
    const saved = await store.commit(commit, signal)
    if (commit.records && commit.records.length > 0) wake()
    return saved
  },
})
