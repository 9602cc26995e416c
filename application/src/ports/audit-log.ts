import type { Instant, RecordedAuditEvent, Subject } from '@gatehouse/domain'

/** Reads what was recorded; writing is part of every commit. */
export interface AuditLog {
  /** Newest first unless `order` says otherwise. */
  list(query: AuditQuery, signal: AbortSignal): Promise<readonly RecordedAuditEvent[]>
  /** The latest decision (`DECISION_EVENTS`) on each subject after a position. */
  latestDecisions(after: number, signal: AbortSignal): Promise<ReadonlyMap<Subject, string>>
  /** When each of these people (`user:<id>`) last signed in here; nothing for those who never did. */
  lastSignIns(users: readonly Subject[], signal: AbortSignal): Promise<ReadonlyMap<Subject, Instant>>
  /** Whether anybody was signed in to an application, by its entity id, from an instant on. */
  hasSignedInTo(entityId: string, from: Instant, signal: AbortSignal): Promise<boolean>
  /** Walks the whole chain. */
  verify(signal: AbortSignal): Promise<{ events: number; firstBroken?: number }>
}

/** Every filter that is given must hold. */
export interface AuditQuery {
  readonly limit: number
  readonly order?: 'newest' | 'oldest'
  /** Only events with a lower, or a higher, `seq`: where to page on from. */
  readonly before?: number
  readonly after?: number
  readonly uid?: string
  readonly event?: string
  readonly code?: string
  /** By the name that the event has. */
  readonly user?: string
  readonly subject?: Subject
  /** From this instant on, and before this one. */
  readonly from?: Instant
  readonly to?: Instant
  /** Somewhere in name, user or fields, in any case; fields are searched as JSON. */
  readonly text?: string
}
