import { type AccessRequestId, seconds } from '@gatehouse/domain'
import { sleep } from '../reconcile/visit-gate.ts'
import { beginDueAccess } from './begin-access.ts'

/** Access with a start time begins so late at most. */
const LOOK_EVERY_MS = 1_000
/** After what a request needs could not be read. */
const AGAIN_AFTER_MS = seconds(10)

/**
 * Looks for access that is to begin, again and again until the signal ends. What hangs, or could not be read a moment ago,
 * keeps no other from beginning meanwhile.
 */
export async function keepBeginning(
  ports: Parameters<typeof beginDueAccess>[0],
  told: { begun(): void; failed(error: unknown): void },
  signal: AbortSignal,
): Promise<void> {
  /** Until when each is left alone; those that are being looked at: for ever. */
  const resting = new Map<AccessRequestId, number>()
  const watching: Parameters<typeof beginDueAccess>[1] = {
    takes(id) {
      if ((resting.get(id) ?? 0) > performance.now()) return false
      resting.set(id, Infinity)
      return true
    },
    done(id, end) {
      if ('error' in end) {
        resting.set(id, performance.now() + AGAIN_AFTER_MS)
        told.failed(end.error)
        return
      }
      resting.delete(id)
      if (end.begun) told.begun()
    },
  }
  const rounds = new Set<Promise<void>>()
  while (!signal.aborted) {
    const round = beginDueAccess(ports, watching, signal)
      .catch((error: unknown) => told.failed(error))
      .finally(() => rounds.delete(round))
    rounds.add(round)
    await sleep(LOOK_EVERY_MS, signal).catch(() => undefined)
  }
  await Promise.all(rounds)
}
