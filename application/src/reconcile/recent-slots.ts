import { type Duration, hours, type Instant, milliseconds, minus } from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'

/** How far back it is remembered what was measured. */
const KEPT_FOR = hours(1)

/**
 * The last hour, cut into slots of equal length. Slots in which nothing was measured take no room, so there are never
 * more than the hour has; a clock that was put back forgets what was measured after it.
 */
export interface RecentSlots<T> {
  /** Keeps what the slot of this moment becomes; it begins as `undefined`. */
  change(next: (before: T | undefined) => T): void
  /** The oldest first. */
  list(): readonly Slot<T>[]
}

export interface Slot<T> {
  readonly at: Instant
  readonly value: T
}

export function createRecentSlots<T>(clock: Pick<Clock, 'now'>, every: Duration): RecentSlots<T> {
  const slots = new Map<Instant, T>()
  const forgetOthers = (now: Instant): void => {
    for (const at of slots.keys()) if (at <= minus(now, KEPT_FOR) || at > now) slots.delete(at)
  }
  return {
    change(next) {
      const now = clock.now()
      const at = minus(now, milliseconds(now % every))
      if (!slots.has(at)) forgetOthers(now)
      slots.set(at, next(slots.get(at)))
    },
    list() {
      forgetOthers(clock.now())
      return [...slots].map(([at, value]) => ({ at, value })).toSorted((a, b) => a.at - b.at)
    },
  }
}
