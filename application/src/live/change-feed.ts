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
  /** What is read from now on is at least as new as this. */
  position(): Promise<ChangePosition>
  /** Resolves once nothing that happens from then on is missed. */
  subscribe(listener: (news: ChangeNews) => void): Promise<Subscription>
}

/** A moment in the life of all that is kept, the same in every process; opaque to those who are told it. */
export type ChangePosition = string

export interface ChangeNews {
  readonly topics: readonly ChangeTopic[]
  /** As of when that is all. */
  readonly position: ChangePosition
}

export interface Subscription {
  /** What has changed since a position; everything, when it is not known, or too long ago. */
  since(position: ChangePosition | undefined): ChangeNews
  end(): void
}

/** Soon enough for somebody who waits for AWS, and one question to the database for all listeners of a process. */
const LOOK_EVERY_MS = 1_000
const LOOK_TIMEOUT_MS = 10_000
/** More than this happened at once: then nobody can tell what is as it was. */
const MOST_EVENTS = 500
/** As many changes are remembered, for whoever opens a page and listens a moment later. */
const MOST_REMEMBERED = 200

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
const ALL: readonly ChangeTopic[] = [...new Set([...Object.values(TOPIC_OF), 'assignments', 'audit-events'] as const)]
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
  const listeners = new Set<(news: ChangeNews) => void>()
  /** Resolves once the first look is over; absent while nobody listens. */
  let begun: Promise<void> | undefined
  let seen: Seen | undefined
  /** What each look found, oldest first. */
  let found: readonly ChangeNews[] = []

  /** As long as somebody listens. */
  async function look(begin: () => void): Promise<void> {
    let isFailing = false
    while (listeners.size > 0) {
      try {
        const { topics, ...now } = await read(seen)
        const news = { topics, position: positionOf(now) }
        seen = now
        isFailing = false
        if (found.at(-1)?.position !== news.position) found = [...found, news].slice(-MOST_REMEMBERED)
        begin()
        if (topics.length > 0) for (const listener of listeners) listener(news)
      } catch (error) {
        if (!isFailing) log.warn('cannot see what changes', { reason: String(error) })
        isFailing = true
      }
      await sleep(everyMs, undefined, { ref: false })
    }
    begun = undefined
    seen = undefined
    found = []
  }

  async function read(before: Seen | undefined): Promise<Seen & { readonly topics: readonly ChangeTopic[] }> {
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS)
    const fresh = await records.read(signal)
    const events = before
      ? await auditLog.list({ order: 'oldest', after: before.auditSeq, limit: MOST_EVENTS }, signal)
      : await auditLog.list({ limit: 1 }, signal)
    const topics = new Set<ChangeTopic>()
    if (before) for (const kind of KINDS) if (before.records[kind] !== fresh[kind]) topics.add(TOPIC_OF[kind])
    if (events.length > 0) topics.add('audit-events')
    const isMore = events.length === MOST_EVENTS
    if (isMore || events.some(({ event }) => FROM_AWS.test(event))) topics.add('assignments')
    const [last] = isMore ? await auditLog.list({ limit: 1 }, signal) : events.slice(-1)
    return { records: fresh, auditSeq: last?.seq ?? before?.auditSeq ?? 0, topics: before ? [...topics] : [] }
  }

  return {
    position: async () => positionOf(seen ?? (await read(undefined))),
    async subscribe(listener) {
      // Each has a place of its own, also when the same function listens twice.
      const own = (news: ChangeNews): void => listener(news)
      listeners.add(own)
      if (!begun) {
        const { promise, resolve } = Promise.withResolvers<void>()
        begun = promise
        void look(resolve)
      }
      await begun
      return {
        since(position) {
          const at = found.findIndex((news) => news.position === position)
          const later = found.slice(at + 1)
          return {
            topics: at === -1 ? ALL : [...new Set(later.flatMap(({ topics }) => topics))],
            position: found.at(-1)?.position ?? '',
          }
        },
        end: () => void listeners.delete(own),
      }
    },
  }
}

const positionOf = ({ records, auditSeq }: Seen): ChangePosition => `${records.version}-${auditSeq}`
