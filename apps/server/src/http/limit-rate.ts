import { DomainError } from '@gatehouse/domain'
import { networkOf } from './throttle.ts'

const WINDOW_MS = 60_000
const MAX_NETWORKS = 50_000

/** Counts in this process what anybody may do without being known, by network; or what one person does, by his id. */
export interface RateLimit {
  /** @throws DomainError `too-many-attempts` */
  count(who: string): void
}

/** Runs on the machine's own time, as the throttle does. */
export function createRateLimit(perMinute: number, now: () => number = Date.now): RateLimit {
  const counts = new Map<string, number>()
  let since = now()
  return {
    count(who) {
      if (now() - since >= WINDOW_MS || counts.size >= MAX_NETWORKS) {
        counts.clear()
        since = now()
      }
      const network = networkOf(who)
      const count = (counts.get(network) ?? 0) + 1
      counts.set(network, count)
      if (count <= perMinute) return
      const retryAfterSeconds = Math.max(1, Math.ceil((since + WINDOW_MS - now()) / 1000))
      throw new DomainError({ code: 'too-many-attempts', retryAfterSeconds })
    },
  }
}
