import type { Instant, RecordedAuditEvent, Subject } from '@gatehouse/domain'

/** Reads what was recorded; writing is part of every commit. */
export interface AuditLog {
  /** Newest first; `before` is a `seq` to page on from. */
  list(
    query: { limit: number; before?: number; event?: string; subject?: Subject },
    signal: AbortSignal,
  ): Promise<readonly RecordedAuditEvent[]>
  /** The latest decision (`DECISION_EVENTS`) on each subject after a position. */
  latestDecisions(after: number, signal: AbortSignal): Promise<ReadonlyMap<Subject, string>>
  /** When each of these people (`user:<id>`) last signed in here; nothing for those who never did. */
  lastSignIns(users: readonly Subject[], signal: AbortSignal): Promise<ReadonlyMap<Subject, Instant>>
  /** Walks the whole chain. */
  verify(signal: AbortSignal): Promise<{ events: number; firstBroken?: number }>
}
