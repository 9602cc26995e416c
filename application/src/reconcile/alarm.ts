import type { Instant } from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'

/** Lets a loop sleep until something happens or a time has come; what happens while it works is not lost. */
export interface Alarm {
  wake(): void
  /** @throws the signal's reason */
  wait(until: Instant | undefined, signal: AbortSignal): Promise<void>
}

export function createAlarm(clock: Clock): Alarm {
  let isPending = false
  let ring: (() => void) | undefined
  return {
    wake() {
      isPending = true
      ring?.()
    },
    async wait(until, signal) {
      const stop = new AbortController()
      const both = AbortSignal.any([signal, stop.signal])
      try {
        if (!isPending) {
          const woken = new Promise<void>((resolve) => (ring = resolve))
          const aborted = new Promise<never>((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
          )
          signal.throwIfAborted()
          const due = until === undefined ? [] : [clock.waitUntil(until, both).catch(() => undefined)]
          await Promise.race([woken, aborted, ...due])
        }
        signal.throwIfAborted()
      } finally {
        ring = undefined
        isPending = false
        stop.abort()
      }
    },
  }
}
