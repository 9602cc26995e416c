import {
  checkSecretKey,
  createPostgresAuditLog,
  createPostgresCredentials,
  createPostgresLeadership,
  createPostgresSecrets,
  createPostgresSigningKeys,
  createPostgresStore,
  createSecretBox,
  type Database,
  migrate,
  MIGRATIONS_FOLDER,
  openEmbeddedDatabase,
  openPostgres,
  type Tables,
} from '@gatehouse/adapter-postgres'
import { createTokenIssuer } from '@gatehouse/adapter-oidc'
import { type Clock, createAttempts, createPasswordHasher, createRecordsCache, type Log } from '@gatehouse/application'
import { createClock } from './clock.ts'
import type { Config } from './config.ts'
import type { ServerPorts } from './ports.ts'
import { systemIds } from './process/ids.ts'
import { readSecretKey } from './process/secret-key.ts'

export interface Wired {
  readonly ports: ServerPorts
  /** From the first answer on, AWS is read and written. */
  startEngine(): Promise<void>
  /** Tells load balancers to send nobody here any more. */
  refuseReady(): void
  close(): Promise<void>
}

/** What the server is made of. */
export async function wire(
  config: Config,
  options: { readonly log: Log; readonly onFatal: (error: Error) => void; readonly signal: AbortSignal },
): Promise<Wired> {
  const { log, signal } = options
  const key = readSecretKey(config.secretKeyFile)
  const clock = createClock({ offsetFile: config.clockOffsetFile, log })
  const database = await openDatabase(config)
  const close = async (): Promise<void> => {
    clock.stop()
    await database.close()
  }
  database.onFatal(options.onFatal)
  let isStopping = false
  try {
    const ports = await createPorts(config, { database, clock, key, signal })
    return {
      ports: {
        ...ports,
        checkReady: (within) => (isStopping ? Promise.reject(new Error('stopping')) : ports.checkReady(within)),
      },
      async startEngine() {
        // The engine goes here: createEngine over `ports`, Identity Center, SCIM and this leadership.
        void createPostgresLeadership
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
  config: Pick<Config, 'publicAddress'>,
  world: {
    readonly database: Database<Tables>
    readonly clock: Clock
    readonly key: Buffer
    readonly signal: AbortSignal
  },
): Promise<ServerPorts> {
  const { database, clock, signal } = world
  const ids = systemIds
  const box = createSecretBox(world.key)
  await migrate(database, MIGRATIONS_FOLDER)
  await checkSecretKey(database, box, signal)
  const store = createPostgresStore(database, ids)
  const signingKeys = createPostgresSigningKeys(database, box, clock)
  return {
    store,
    records: createRecordsCache(store),
    credentials: createPostgresCredentials(database, ids),
    secrets: createPostgresSecrets(database, box),
    signingKeys,
    tokenIssuer: createTokenIssuer({ issuer: config.publicAddress, keys: signingKeys, clock }),
    auditLog: createPostgresAuditLog(database),
    clock,
    ids,
    hasher: createPasswordHasher(),
    attempts: createAttempts(),
    async checkReady(within) {
      await store.recordsVersion(within)
    },
  }
}

export const openDatabase = ({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database<Tables>> =>
  databaseUrl ? openPostgres<Tables>(databaseUrl.reveal()) : openEmbeddedDatabase<Tables>({ dataDir })
