import { isIPv6 } from 'node:net'
import { DomainError } from '@gatehouse/domain'

const WINDOW_MS = 60_000
const MAX_FAILURES = 20
const MAX_ADDRESSES = 50_000

/** Counts failed sign-ins by address, in this process; accounts have a count of their own in the database. */
export interface Throttle {
  /**
   * Does the work of one attempt, unless the address has failed too often. It counts from its start on, so that guesses
   * sent together are as many as those sent in turn, and is forgiven when it does not end in a refusal.
   * @throws DomainError `too-many-attempts`, or what the work throws
   */
  attempt<T>(address: string, work: () => Promise<T>): Promise<T>
}

interface Entry {
  count: number
  readonly since: number
}

/** Runs on the machine's own time: it guards the machine, and moving the clock in a test must not lift it. */
export function createThrottle(now: () => number = Date.now): Throttle {
  const failures = new Map<string, Entry>()
  const current = (key: string) => {
    const entry = failures.get(key)
    return entry && now() - entry.since < WINDOW_MS ? entry : undefined
  }
  /** The entry that counts this attempt. */
  const begin = (key: string): Entry => {
    const entry = current(key) ?? { count: 0, since: now() }
    if (entry.count >= MAX_FAILURES) {
      const retryAfterSeconds = Math.max(1, Math.ceil((entry.since + WINDOW_MS - now()) / 1000))
      throw new DomainError({ code: 'too-many-attempts', retryAfterSeconds })
    }
    entry.count++
    failures.delete(key)
    failures.set(key, entry)
    const [oldest] = failures.keys()
    if (failures.size > MAX_ADDRESSES && oldest !== undefined) failures.delete(oldest)
    return entry
  }
  return {
    async attempt(address, work) {
      const entry = begin(networkOf(address))
      let isRefused = false
      try {
        return await work()
      } catch (error) {
        isRefused = error instanceof DomainError
        throw error
      } finally {
        if (!isRefused) entry.count--
      }
    },
  }
}

/** Whoever has one IPv6 address has the 2^64 others of its network as well. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0')
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`
}
