import { IdentityCenterError } from '@gatehouse/application'
import type { Pause } from './scim-client.ts'

/** Reads and writes may not know for a while what was made a moment ago (awslabs/ssosync#42). Milliseconds, real time. */
const LAG = 15_000
const PAUSES = [250, 500, 1_000, 2_000] as const

/** Remembers what we made a moment ago, for which "not found" means "not yet". */
export interface FreshIds {
  note<Id extends string>(id: Id): Id
  /** What we have deleted is gone. */
  forget(id: string): void
  retryNotFound<T>(ids: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T>
  /** Looks again for something that must be there, because a duplicate of it was refused. */
  retryMissing<T>(signal: AbortSignal, look: () => Promise<T | undefined>): Promise<T | undefined>
}

export function createFreshIds(pause: Pause): FreshIds {
  const until = new Map<string, number>()

  function isFresh(id: string): boolean {
    return (until.get(id) ?? 0) > performance.now()
  }

  return {
    note(id) {
      const now = performance.now()
      for (const [old, end] of until) if (end <= now) until.delete(old)
      until.set(id, now + LAG)
      return id
    },
    forget(id) {
      until.delete(id)
    },
    async retryNotFound(ids, signal, work) {
      for (const wait of PAUSES) {
        try {
          return await work()
        } catch (error) {
          if (!(error instanceof IdentityCenterError) || error.failure !== 'not-found' || !ids.some(isFresh))
            throw error
        }
        await pause(wait * (0.5 + Math.random() / 2), signal)
      }
      return work()
    },
    async retryMissing(signal, look) {
      for (const wait of PAUSES.slice(0, 3)) {
        const found = await look()
        if (found !== undefined) return found
        await pause(wait * (0.5 + Math.random() / 2), signal)
      }
      return look()
    },
  }
}
