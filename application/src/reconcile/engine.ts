import { type Instant, type Organization, minutes, type OrganizationId, seconds } from '@gatehouse/domain'
import { recordReminders } from '../access-lists/record-reminders.ts'
import { skipEmptyReviews } from '../access-lists/skip-empty-reviews.ts'
import { keepBeginning } from '../access-requests/keep-beginning.ts'
import { watchRunningAccess } from '../access-requests/watch-running-access.ts'
import { expireRequests } from '../access-requests/expire-requests.ts'
import type { PermissionSetReader } from '../access-requests/permission-set-reader.ts'
import type { RecordsCache } from '../governance/records-cache.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { Clock } from '../ports/clock.ts'
import type { Directory } from '../ports/directory.ts'
import type { IdentityCenter } from '../ports/identity-center.ts'
import type { Ids } from '../ports/ids.ts'
import type { Leadership } from '../ports/leadership.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import type { ServiceUsage } from './meter-calls.ts'
import { createOrganizationEngine, type OrganizationEngine } from './organization-engine.ts'
import { sleep } from './visit-gate.ts'

/** How we reach one organization. */
export interface Connection {
  readonly identityCenter: IdentityCenter
  readonly visitor: IdentityCenter
  readonly directory: Directory
  /** What was called of the instance in the last hour, by whomever in this process. */
  readonly usage: () => readonly ServiceUsage[]
}

export interface EnginePorts {
  readonly store: Store
  readonly records: RecordsCache
  readonly auditLog: AuditLog
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly leadership: Leadership
  readonly permissionSets: PermissionSetReader
  readonly connect: (organization: Organization) => Connection
}

/** Acts on AWS for every enrolled organization, in the one replica that leads. */
export interface Engine {
  /** Works until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>
  /** Something was decided: look at once. */
  wake(): void
  /** The organization's engine, when this process leads. */
  of(organization: OrganizationId): OrganizationEngine | undefined
}

interface Running {
  readonly engine: OrganizationEngine
  readonly stop: AbortController
  readonly createdAt: Instant
}

/** A quarter of the lease (see the adapter), so that three renewals may fail. */
const RENEW_EVERY_MS = 2_500
/** Other replicas' decisions are noticed this soon; ours wake the engine at once. */
const LOOK_EVERY_MS = 1_000
const EXPIRE_EVERY = seconds(30)
/** Each permission set that running access was approved for costs a few calls. */
const WATCH_EVERY = minutes(5)

export function createEngine(ports: EnginePorts): Engine {
  const engines = new Map<OrganizationId, Running>()
  let token: number | undefined

  return {
    async run(signal) {
      while (!signal.aborted) {
        token = await ports.leadership.acquireOrRenew(signal).catch(() => undefined)
        if (token === undefined) await sleep(RENEW_EVERY_MS, signal).catch(() => undefined)
        else await lead(signal)
      }
      await ports.leadership.release(AbortSignal.timeout(2_000)).catch(() => undefined)
    },
    wake: wakeAll,
    of: (organization) => engines.get(organization)?.engine,
  }

  function wakeAll(): void {
    for (const { engine } of engines.values()) engine.wake()
  }

  /** Until leadership is lost or the signal is aborted; then everything that was begun here is given up. */
  async function lead(signal: AbortSignal): Promise<void> {
    const term = new AbortController()
    const within = AbortSignal.any([signal, term.signal])
    const tasks: Promise<void>[] = []
    const isOver = (): boolean => within.aborted
    ports.log.info('this process acts on AWS from now on', { token })
    tasks.push(watchRecords(within, tasks), expirePending(within), beginAccess(within), watchAccess(within))
    while (!isOver()) {
      await sleep(RENEW_EVERY_MS, within).catch(() => undefined)
      if (isOver()) break
      const renewed = await ports.leadership.acquireOrRenew(within).catch(() => token)
      if (renewed === token) continue
      ports.log.warn('another process acts on AWS from now on')
      term.abort(new Error('leadership was lost'))
    }
    term.abort(signal.reason)
    await Promise.allSettled(tasks)
    engines.clear()
  }

  /** Starts an engine for each organization, and wakes them when the records have changed. */
  async function watchRecords(within: AbortSignal, tasks: Promise<void>[]): Promise<void> {
    let seen = -1
    while (!within.aborted) {
      try {
        const { version, organizations } = await ports.records.read(within)
        stopRemoved(organizations)
        for (const organization of organizations)
          if (!engines.has(organization.id)) await start(organization, within, tasks)
        if (version !== seen) wakeAll()
        seen = version
      } catch (error) {
        if (!within.aborted) ports.log.error('the records could not be read', { reason: String(error) })
      }
      await sleep(LOOK_EVERY_MS, within).catch(() => undefined)
    }
  }

  /** One that was enrolled again is another one, whatever its name. */
  function stopRemoved(organizations: readonly Organization[]): void {
    for (const [id, { stop, createdAt }] of engines) {
      if (organizations.some((one) => one.id === id && one.createdAt === createdAt)) continue
      engines.delete(id)
      stop.abort(new Error('the organization was removed'))
    }
  }

  async function start(organization: Organization, term: AbortSignal, tasks: Promise<void>[]): Promise<void> {
    const stop = new AbortController()
    const within = AbortSignal.any([term, stop.signal])
    const engine = await createOrganizationEngine(
      { ...ports, ...ports.connect(organization), fence: () => token },
      organization.id,
      within,
    )
    const running = { engine, stop, createdAt: organization.createdAt }
    engines.set(organization.id, running)
    const task = engine.run(within).catch((error: unknown) => {
      if (engines.get(organization.id) === running) engines.delete(organization.id)
      if (!within.aborted)
        ports.log.error('the engine of an organization stopped', {
          organization: organization.id,
          reason: String(error),
        })
    })
    tasks.push(task)
  }

  /** Access with a start time begins once its permission sets were found to be what was approved. */
  function beginAccess(within: AbortSignal): Promise<void> {
    const failed = (error: unknown): void => {
      if (!within.aborted) ports.log.warn('approved access could not begin yet', { reason: String(error) })
    }
    return keepBeginning(ports, { begun: wakeAll, failed }, within)
  }

  /** Reports permission sets that become something else while approved access to them runs. */
  async function watchAccess(within: AbortSignal): Promise<void> {
    while (!within.aborted) {
      await sleep(WATCH_EVERY, within).catch(() => undefined)
      if (within.aborted) return
      try {
        const { failures } = await watchRunningAccess(ports, within)
        for (const [permissionSet, error] of failures)
          ports.log.warn('a permission set of running access could not be read', {
            permissionSet,
            reason: String(error),
          })
      } catch (error) {
        if (!within.aborted) ports.log.warn('running access could not be looked at', { reason: String(error) })
      }
    }
  }

  async function expirePending(within: AbortSignal): Promise<void> {
    while (!within.aborted) {
      await expireRequests(ports, within).catch((error: unknown) => {
        if (!within.aborted) ports.log.error('requests could not be expired', { reason: String(error) })
      })
      await skipEmptyReviews(ports, within).catch((error: unknown) => {
        if (!within.aborted) ports.log.error('reviews of empty lists could not be skipped', { reason: String(error) })
      })
      await recordReminders(ports, within).catch((error: unknown) => {
        if (!within.aborted) ports.log.error('reminders of reviews could not be recorded', { reason: String(error) })
      })
      await sleep(EXPIRE_EVERY, within).catch(() => undefined)
    }
  }
}
