import { type Duration, type Instant, plus } from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'

export interface InMemoryClock extends Clock {
  advance(by: Duration): void
  set(to: Instant): void
}

/** A clock that only moves when told, and wakes whoever waits. */
export function createInMemoryClock(start: Instant): InMemoryClock {
  let now = start
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const check of waiting) check()
  }
  return {
    now: () => now,
    advance(by) {
      now = plus(now, by)
      wake()
    },
    set(to) {
      now = to
      wake()
    },
    waitUntil(instant, signal) {
      return new Promise((resolve, reject) => {
        const stop = (): void => {
          waiting.delete(check)
          signal.removeEventListener('abort', abort)
        }
        const abort = (): void => {
          stop()
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'))
        }
        const check = (): void => {
          if (now < instant) return
          stop()
          resolve()
        }
        if (signal.aborted) return abort()
        waiting.add(check)
        signal.addEventListener('abort', abort, { once: true })
        check()
      })
    },
  }
}

/** Identifiers in the order they were asked for. */
export function createInMemoryIds(): Ids {
  let count = 0
  const next = (): string => String(++count).padStart(12, '0')
  return { uuid: () => `00000000-0000-4000-8000-${next()}`, secret: () => `secret-${next()}` }
}
