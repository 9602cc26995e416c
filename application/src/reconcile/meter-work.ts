import { between, type Duration, type Instant, milliseconds, minutes, plus, seconds } from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'
import { createRecentSlots, type RecentSlots, type Slot } from './recent-slots.ts'

/** How long the slots are in which operations in flight, and how long assignments took, are summed up. */
export const IN_FLIGHT_COUNTED_EVERY: Duration = seconds(10)
const LATENCY_COUNTED_EVERY: Duration = minutes(1)
/** Of one minute so many are kept for the median; AWS's own limit lets fewer through. */
const MOST_OF_A_MINUTE = 1_000

/** How long account assignments took in one minute, from when they were wanted to AWS's confirmation. */
export interface Latency {
  readonly count: number
  readonly median: Duration
  readonly slowest: Duration
}

export interface WorkUsage {
  /** The most that were in flight at once. */
  readonly inFlight: readonly Slot<number>[]
  readonly granted: readonly Slot<Latency>[]
  readonly removed: readonly Slot<Latency>[]
}

/** Remembers for an hour how much was in flight, and how long it took. */
export interface WorkMeter {
  inFlight(count: number): void
  confirmed(kind: 'create-assignment' | 'delete-assignment', wantedSince: Instant): void
  usage(): WorkUsage
}

interface Level {
  readonly most: number
  /** How many there were at the end of the slot. */
  readonly left: number
}

interface Took {
  readonly count: number
  readonly slowest: number
  readonly some: readonly number[]
}

export function createWorkMeter(clock: Pick<Clock, 'now'>): WorkMeter {
  const inFlight: RecentSlots<Level> = createRecentSlots(clock, IN_FLIGHT_COUNTED_EVERY)
  const granted: RecentSlots<Took> = createRecentSlots(clock, LATENCY_COUNTED_EVERY)
  const removed: RecentSlots<Took> = createRecentSlots(clock, LATENCY_COUNTED_EVERY)
  let current = 0
  return {
    inFlight(count) {
      const most = Math.max(current, count)
      inFlight.change((before) => ({ most: Math.max(before?.most ?? 0, most), left: count }))
      current = count
    },
    confirmed(kind, wantedSince) {
      const took = Math.max(0, between(wantedSince, clock.now()))
      const slots = kind === 'create-assignment' ? granted : removed
      slots.change((before = { count: 0, slowest: 0, some: [] }) => ({
        count: before.count + 1,
        slowest: Math.max(before.slowest, took),
        some: before.some.length < MOST_OF_A_MINUTE ? [...before.some, took] : before.some,
      }))
    },
    usage: () => ({
      inFlight: withQuietSlots(inFlight.list(), clock.now()),
      granted: granted.list().map(summedUp),
      removed: removed.list().map(summedUp),
    }),
  }
}

/** Nothing is counted where nothing begins or ends, though what has begun goes on. */
function withQuietSlots(slots: readonly Slot<Level>[], now: Instant): readonly Slot<number>[] {
  return slots.flatMap(({ at, value: { most, left } }, index) => {
    const filled: Slot<number>[] = [{ at, value: most }]
    const end = slots[index + 1]?.at ?? plus(now, milliseconds(1))
    for (
      let next = plus(at, IN_FLIGHT_COUNTED_EVERY);
      left > 0 && next < end;
      next = plus(next, IN_FLIGHT_COUNTED_EVERY)
    )
      filled.push({ at: next, value: left })
    return filled
  })
}

function summedUp({ at, value: { count, slowest, some } }: Slot<Took>): Slot<Latency> {
  const sorted = some.toSorted((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  return { at, value: { count, median: milliseconds(median), slowest: milliseconds(slowest) } }
}
