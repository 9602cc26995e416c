import type { Organization, OrganizationId } from '@gatehouse/domain'
import { anOrganization } from '@gatehouse/domain/testing'
import { createRecordsCache } from '../governance/records-cache.ts'
import type { RecordChange } from '../ports/store.ts'
import { createOrganizationEngine, type OrganizationEngine } from '../reconcile/organization-engine.ts'
import { createInMemoryClock, createInMemoryIds, type InMemoryClock } from './in-memory-clock.ts'
import { connectInMemory, type InMemoryAws, type Wire } from './in-memory-identity-center.ts'
import { createInMemoryStore, type InMemoryStore } from './in-memory-store.ts'

/** A store with one organization, and engines over it that come and go. */
export interface EngineScene {
  readonly store: InMemoryStore
  readonly clock: InMemoryClock
  readonly organization: Organization
  save(...records: readonly RecordChange[]): Promise<void>
  /** A new process on the same store; `wire` is its connection to AWS. */
  start(aws: InMemoryAws, wire?: Wire): Promise<RunningEngine>
}

export interface RunningEngine extends AsyncDisposable {
  readonly engine: OrganizationEngine
  /** Resolves once AWS has been read, nothing is planned that can be done, and nothing is in flight. */
  untilQuiet(): Promise<void>
  /** Gives the process up, as it is: nothing more of it reaches the store. */
  kill(): Promise<void>
}

const { signal } = new AbortController()
const SILENT = { info: () => {}, warn: () => {}, error: () => {} }
const QUIET_WITHIN_MS = 20_000

export async function startEngineScene(
  start: Parameters<typeof createInMemoryClock>[0],
  organization: Partial<Organization> = {},
): Promise<EngineScene> {
  const store = createInMemoryStore()
  const clock = createInMemoryClock(start)
  const enrolled = anOrganization(organization)
  await store.commit({ records: [{ put: 'organization', organization: enrolled }] }, signal)
  return {
    store,
    clock,
    organization: enrolled,
    save: async (...records) => void (await store.commit({ records }, signal)),
    start: (aws, wire) => startEngine(store, clock, enrolled.id, aws, wire),
  }
}

async function startEngine(
  store: InMemoryStore,
  clock: InMemoryClock,
  id: OrganizationId,
  aws: InMemoryAws,
  wire?: Wire,
): Promise<RunningEngine> {
  const life = new AbortController()
  const { identityCenter, directory } = connectInMemory(aws, wire)
  // A killed process writes nothing more, whatever its functions still do.
  const mortal = {
    ...store,
    async commit(...[commit, within]: Parameters<InMemoryStore['commit']>) {
      life.signal.throwIfAborted()
      return store.commit(commit, within)
    },
  }
  const records = createRecordsCache(mortal)
  const ports = {
    store: mortal,
    records,
    auditLog: mortal,
    clock,
    ids: createInMemoryIds(),
    log: SILENT,
    identityCenter,
    visitor: identityCenter,
    directory,
    usage: () => [],
    fence: () => undefined,
  }
  const engine = await createOrganizationEngine(ports, id, life.signal)
  const working = engine.run(life.signal).catch(() => undefined)
  const kill = async (): Promise<void> => {
    life.abort(new Error('killed'))
    await Promise.race([working, new Promise((resolve) => setTimeout(resolve, 50))])
  }
  return {
    engine,
    async untilQuiet() {
      const end = performance.now() + QUIET_WITHIN_MS
      for (;;) {
        engine.wake()
        await new Promise((resolve) => setTimeout(resolve, 5))
        const { sweep, running, waiting, adopted } = engine.status()
        if (sweep.lastAt !== undefined && adopted && running.length === 0) {
          const { allowed } = await engine.plan({ refresh: false }, life.signal)
          if (allowed.length === 0 && waiting.length === 0) return
          if (waiting.length > 0) clock.advance(60_000 as Parameters<InMemoryClock['advance']>[0]) // past every pause after a failure
        }
        if (performance.now() > end) throw new Error(`not quiet: ${JSON.stringify({ sweep, running, waiting })}`)
      }
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}
