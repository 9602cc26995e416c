import type { Gate } from '../ports/identity-center.ts'

/** Visits of users between sweeps take at most this many calls a second of what is left over. */
const CALLS_PER_SECOND = 2

/** The same quota behind a turnstile: one call after another, never more than two a second. */
export function createVisitGate(gate: Gate): Gate {
  let next = 0
  return {
    async take(service, call) {
      const now = performance.now()
      const at = Math.max(now, next)
      next = at + 1000 / CALLS_PER_SECOND
      await sleep(at - now, call.signal)
      await gate.take(service, call)
    },
    report: (service, outcome) => gate.report(service, outcome),
  }
}

/** Real time, as AWS's quota is. @throws the signal's reason */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal.addEventListener('abort', abort, { once: true })
  })
}
