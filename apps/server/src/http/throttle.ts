import { isIPv6 } from 'node:net'
import { DomainError } from '@gatehouse/domain'

const WINDOW_MS = 60_000
const MAX_FAILURES = 20
const MAX_ADDRESSES = 50_000

/** Counts failed sign-ins by address, in this process; accounts have a count of their own in the database. */
export interface Throttle {
  /** @throws DomainError `too-many-attempts` */
  check(address: string): void
  fail(address: string): void
}

/** Runs on the machine's own time: it guards the machine, and moving the clock in a test must not lift it. */
export function createThrottle(now: () => number = Date.now): Throttle {
  const failures = new Map<string, { count: number; since: number }>()
  const current = (key: string) => {
    const entry = failures.get(key)
    return entry && now() - entry.since < WINDOW_MS ? entry : undefined
  }
  return {
    check(address) {
      const entry = current(networkOf(address))
      if (!entry || entry.count < MAX_FAILURES) return
      const retryAfterSeconds = Math.max(1, Math.ceil((entry.since + WINDOW_MS - now()) / 1000))
      throw new DomainError({ code: 'too-many-attempts', retryAfterSeconds })
    },
    fail(address) {
      const key = networkOf(address)
      const { count, since } = current(key) ?? { count: 0, since: now() }
      failures.delete(key)
      failures.set(key, { count: count + 1, since })
      const [oldest] = failures.keys()
      if (failures.size > MAX_ADDRESSES && oldest !== undefined) failures.delete(oldest)
    },
  }
}

/** Whoever has one IPv6 address has the 2^64 others of its network as well. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0')
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`
}
