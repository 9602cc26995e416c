import type { Instant } from '@gatehouse/domain'

/** The time rules run on. In development a file may move it; every timer then wakes. */
export interface Clock {
  now(): Instant
  /** Resolves when the clock has reached the instant, at once if it has passed; rejects when the signal is aborted. */
  waitUntil(instant: Instant, signal: AbortSignal): Promise<void>
}
