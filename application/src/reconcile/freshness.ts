import type { Thing } from '@gatehouse/domain'
import type { MirrorChange } from '../ports/store.ts'

/**
 * AWS's reads lag behind its writes by seconds (SSO Admin API reference on `ConflictException`: "did not have time to
 * propagate"), and a sweep may have read a thing before we wrote it. For this long our own outcome counts for more.
 */
const TRUSTED_FOR_MS = 60_000

/** Remembers what we have just written, on the machine's own clock: AWS's lag does not follow ours. */
export interface Freshness {
  note(changes: readonly MirrorChange[]): void
  isFresh(key: Thing): boolean
}

export function createFreshness(monotonicNow: () => number = () => performance.now()): Freshness {
  const writtenAt = new Map<Thing, number>()
  return {
    note(changes) {
      const now = monotonicNow()
      for (const [key, at] of writtenAt) if (now - at > TRUSTED_FOR_MS) writtenAt.delete(key)
      for (const change of changes) {
        const key = keyOf(change)
        if (key) writtenAt.set(key, now)
      }
    },
    isFresh(key) {
      const at = writtenAt.get(key)
      return at !== undefined && monotonicNow() - at <= TRUSTED_FOR_MS
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
