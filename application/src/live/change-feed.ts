import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditLog } from '../ports/audit-log.ts'
import type { Log } from '../ports/log.ts'
import type { Records } from '../ports/store.ts'
import type { RecordsCache } from '../governance/records-cache.ts'

/** Kinds of things that people look at. */
export type ChangeTopic =
  | 'users'
  | 'roles'
  | 'access-lists'
  | 'access-requests'
  | 'locks'
  | 'service-providers'
  | 'bundles'
  | 'approval-rules'
  | 'organizations'
  | 'assignments'
  | 'audit-events'

/** Tells listeners what kinds of things have changed, whichever process changed them. */
export interface ChangeFeed {
  /** Resolves once nothing that happens from then on is missed; of what was before the listener is told nothing. */
  subscribe(listener: (topics: readonly ChangeTopic[]) => void): Promise<Subscription>
}

export interface Subscription {
  end(): void
}

/** Soon enough for somebody who waits for AWS, and one question to the database for all listeners of a process. */
const LOOK_EVERY_MS = 1_000
const LOOK_TIMEOUT_MS = 10_000
/** More than this happened at once: then nobody can tell what is as it was. */
const MOST_EVENTS = 500

const TOPIC_OF = {
  users: 'users',
  roles: 'roles',
  lists: 'access-lists',
  requests: 'access-requests',
  locks: 'locks',
  serviceProviders: 'service-providers',
  bundles: 'bundles',
  approvalRules: 'approval-rules',
  organizations: 'organizations',
  userLinks: 'organizations',
  groupLinks: 'organizations',
  adopted: 'organizations',
} as const satisfies Record<Exclude<keyof Records, 'version' | 'auditSeq'>, ChangeTopic>
const KINDS = Object.keys(TOPIC_OF) as (keyof typeof TOPIC_OF)[] // the object's own keys
const FROM_AWS = /^aws_identity_center\./

interface Seen {
  readonly records: Records
  readonly auditSeq: number
}

export interface ChangeFeedPorts {
  readonly records: Pick<RecordsCache, 'read'>
  readonly auditLog: Pick<AuditLog, 'list'>
  readonly log: Log
}

export function createChangeFeed({ records, auditLog, log }: ChangeFeedPorts, everyMs = LOOK_EVERY_MS): ChangeFeed {
  const listeners = new Set<(topics: readonly ChangeTopic[]) => void>()
  /** Resolves once the first look is over; absent while nobody listens. */
  let begun: Promise<void> | undefined

  /** As long as somebody listens. */
  async function look(begin: () => void): Promise<void> {
    let seen: Seen | undefined
    let isFailing = false
    while (listeners.size > 0) {
      try {
        const now = await read(seen)
        const topics = seen ? now.topics : []
        seen = now
        isFailing = false
        begin()
        if (topics.length > 0) for (const listener of listeners) listener(topics)
      } catch (error) {
        if (!isFailing) log.warn('cannot see what changes', { reason: String(error) })
        isFailing = true
      }
      await sleep(everyMs, undefined, { ref: false })
    }
    begun = undefined
  }

  async function read(seen: Seen | undefined): Promise<Seen & { readonly topics: readonly ChangeTopic[] }> {
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS)
    const fresh = await records.read(signal)
    const events = seen
      ? await auditLog.list({ order: 'oldest', after: seen.auditSeq, limit: MOST_EVENTS }, signal)
      : await auditLog.list({ limit: 1 }, signal)
    const topics = new Set<ChangeTopic>()
    if (seen) for (const kind of KINDS) if (seen.records[kind] !== fresh[kind]) topics.add(TOPIC_OF[kind])
    if (events.length > 0) topics.add('audit-events')
    const isMore = events.length === MOST_EVENTS
    if (isMore || events.some(({ event }) => FROM_AWS.test(event))) topics.add('assignments')
    const [last] = isMore ? await auditLog.list({ limit: 1 }, signal) : events.slice(-1)
    return { records: fresh, auditSeq: last?.seq ?? seen?.auditSeq ?? 0, topics: [...topics] }
  }

  return {
    async subscribe(listener) {
      // Each has a place of its own, also when the same function listens twice.
      const own = (topics: readonly ChangeTopic[]): void => listener(topics)
      listeners.add(own)
      if (!begun) {
        const { promise, resolve } = Promise.withResolvers<void>()
        begun = promise
        void look(resolve)
      }
      await begun
      return { end: () => void listeners.delete(own) }
    },
  }
}
