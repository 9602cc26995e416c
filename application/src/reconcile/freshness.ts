import type { Thing } from '@gatehouse/domain'
import type { MirrorChange } from '../ports/store.ts'

/**
 * AWS's reads lag behind its writes by seconds (SSO Admin API reference on `ConflictException`: "did not have time to
 * propagate"). What we wrote so shortly before a reading began, or since, counts for more than what was read.
 */
const TRUSTED_FOR_MS = 60_000

/** Remembers what we have just written, on the machine's own clock: AWS's lag does not follow ours. */
export interface Freshness {
  note(changes: readonly MirrorChange[]): void
  /** Reads; `isFresh` says of a thing, until the end, whether our own outcome counts for more than what is read. */
  whileReading<T>(read: (isFresh: (key: Thing) => boolean) => Promise<T>): Promise<T>
}

export function createFreshness(monotonicNow: () => number = () => performance.now()): Freshness {
  const writtenAt = new Map<Thing, number>()
  const readings = new Set<{ readonly begunAt: number }>()
  return {
    note(changes) {
      const now = monotonicNow()
      const needed = Math.min(now, ...[...readings].map(({ begunAt }) => begunAt)) - TRUSTED_FOR_MS
      for (const [key, at] of writtenAt) if (at < needed) writtenAt.delete(key)
      for (const change of changes) {
        const key = keyOf(change)
        if (key) writtenAt.set(key, now)
      }
    },
    async whileReading(read) {
      const reading = { begunAt: monotonicNow() }
      readings.add(reading)
      try {
        return await read((key) => (writtenAt.get(key) ?? -Infinity) >= reading.begunAt - TRUSTED_FOR_MS)
      } finally {
        readings.delete(reading)
      }
    },
  }
}

function keyOf(change: MirrorChange): Thing | undefined {
  if ('put' in change) {
    if (change.put === 'assignment') return `${change.principal}|${change.grant}`
    if (change.put === 'member') return `${change.group}|${change.user}`
    if (change.put === 'group') return `group ${change.group.id}`
    if (change.put === 'user') return `user ${change.user.id}`
    return undefined
  }
  if (change.delete === 'assignment') return `${change.principal}|${change.grant}`
  if (change.delete === 'member') return `${change.group}|${change.user}`
  if (change.delete === 'group') return `group ${change.id}`
  if (change.delete === 'user') return `user ${change.id}`
  return undefined
}
