import type { AwsService, CallOptions, Gate } from '../ports/identity-center.ts'
import type { Log } from '../ports/log.ts'

export type GateLane = CallOptions['lane']
/** The order in which waiting calls are served. */
const GATE_LANES: readonly GateLane[] = ['revoke', 'just-in-time', 'repair', 'bulk', 'sweep']

export interface GateRate {
  /** Calls a second at most, whatever window of a second one looks at. */
  readonly perSecond: number
  /** Calls that may go out at once after a pause; small, so that a revocation never waits behind a burst of ours. */
  readonly burst: number
}

/**
 * 20 a second for all Identity Center APIs together is published (IAM Identity Center User Guide, "Quotas"); the others
 * are what people report, and follow throttling when they are wrong.
 */
export const GATE_RATES: Readonly<Record<AwsService, GateRate>> = {
  'sso-admin': { perSecond: 20, burst: 4 },
  identitystore: { perSecond: 20, burst: 4 },
  organizations: { perSecond: 8, burst: 2 },
  scim: { perSecond: 25, burst: 5 },
}

/** What the metrics show of one service. */
export interface GateStats {
  readonly tokens: number
  /** Calls a second that others leave us, as far as throttling has told. */
  readonly perSecond: number
  readonly waiting: Readonly<Record<GateLane, number>>
  readonly taken: number
  readonly throttled: number
}

export interface QuotaGate extends Gate {
  stats(): Readonly<Record<AwsService, GateStats>>
}

/**
 * The scheduler of one organization's quotas. It runs on real time, as AWS does: a moved clock earns no calls.
 * Waiting ends with the signal's reason when the signal is aborted.
 */
export function createGate(options: { rates?: Readonly<Record<AwsService, GateRate>>; log: Log }): QuotaGate {
  const rates = options.rates ?? GATE_RATES
  const bucketFor = (service: AwsService): Bucket => createBucket(service, rates[service], options.log)
  const buckets: Readonly<Record<AwsService, Bucket>> = {
    'sso-admin': bucketFor('sso-admin'),
    identitystore: bucketFor('identitystore'),
    organizations: bucketFor('organizations'),
    scim: bucketFor('scim'),
  }
  return {
    take: (service, call) => buckets[service].take(call),
    report: (service, outcome) => buckets[service].report(outcome),
    stats: () => ({
      'sso-admin': buckets['sso-admin'].stats(),
      identitystore: buckets.identitystore.stats(),
      organizations: buckets.organizations.stats(),
      scim: buckets.scim.stats(),
    }),
  }
}

/** The second of the quota and room for calls that leave late and arrive closer together than they were let out. */
const WINDOW = 1_050
/** Every tenth call goes to whoever has waited longest, so that a stream of urgent ones can't stop the rest for ever. */
const OLDEST_EVERY = 10
/** Calls in flight when the limit was hit are all refused; they are one sign, not many. */
const HALVE_AGAIN_AFTER = 1_000
/** Additive recovery: from nothing to the full rate in this many seconds. */
const RECOVERY_SECONDS = 20
const SLOWEST = 0.5

interface Bucket {
  take(call: CallOptions): Promise<void>
  report(outcome: 'ok' | 'throttled'): void
  stats(): GateStats
}

interface Waiter {
  readonly since: number
  readonly admit: () => void
}

/**
 * Two limits at once: a token bucket, whose rate follows what others leave us, spreads calls; a sliding window of the
 * last second holds the quota itself, so that no burst can exceed it.
 */
function createBucket(service: AwsService, rate: GateRate, log: Log): Bucket {
  const queues = new Map<GateLane, Set<Waiter>>(GATE_LANES.map((lane) => [lane, new Set<Waiter>()]))
  const recent: number[] = []
  let perSecond = rate.perSecond
  let tokens = rate.burst
  let filledAt = performance.now()
  let halvedAt = Number.NEGATIVE_INFINITY
  let taken = 0
  let throttled = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function refill(now: number): void {
    tokens = Math.min(rate.burst, tokens + ((now - filledAt) / 1_000) * perSecond)
    filledAt = now
    while (recent[0] !== undefined && recent[0] <= now - WINDOW) recent.shift()
  }

  /** Milliseconds until a call may go out. */
  function delay(now: number): number {
    const untilToken = tokens >= 1 ? 0 : ((1 - tokens) / perSecond) * 1_000
    const leaves = recent[recent.length - Math.max(1, Math.floor(rate.perSecond))]
    return Math.max(untilToken, leaves === undefined ? 0 : leaves + WINDOW - now)
  }

  function next(): { lane: Set<Waiter>; waiter: Waiter } | undefined {
    const heads = [...queues.values()].flatMap((lane) => {
      const [waiter] = lane
      return waiter ? [{ lane, waiter }] : []
    })
    if ((taken + 1) % OLDEST_EVERY !== 0) return heads[0]
    return heads.reduce<(typeof heads)[number] | undefined>(
      (oldest, head) => (oldest && oldest.waiter.since <= head.waiter.since ? oldest : head),
      undefined,
    )
  }

  function serve(): void {
    clearTimeout(timer)
    timer = undefined
    for (;;) {
      const head = next()
      if (!head) return
      const now = performance.now()
      refill(now)
      const wait = delay(now)
      if (wait > 0) {
        // Timers may fire a fraction of a millisecond early; the next turn then waits for the rest.
        timer = setTimeout(serve, Math.ceil(wait))
        return
      }
      tokens -= 1
      recent.push(now)
      taken += 1
      head.lane.delete(head.waiter)
      head.waiter.admit()
    }
  }

  return {
    take({ lane, signal }) {
      if (signal.aborted) return Promise.reject(signal.reason)
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const queue = queues.get(lane)
      const giveUp = (): void => {
        queue?.delete(waiter)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        since: performance.now(),
        admit() {
          signal.removeEventListener('abort', giveUp)
          resolve()
        },
      }
      signal.addEventListener('abort', giveUp, { once: true })
      queue?.add(waiter)
      serve()
      return promise
    },
    report(outcome) {
      const now = performance.now()
      refill(now)
      if (outcome === 'ok') {
        // About `perSecond` of these come in a second, so together they add one step.
        perSecond = Math.min(rate.perSecond, perSecond + rate.perSecond / RECOVERY_SECONDS / perSecond)
        return
      }
      throttled += 1
      tokens = Math.min(tokens, 0)
      if (now - halvedAt < HALVE_AGAIN_AFTER) return
      halvedAt = now
      perSecond = Math.max(SLOWEST, perSecond / 2)
      log.warn('aws throttles, calls slowed down', { service, perSecond })
    },
    stats() {
      refill(performance.now())
      const waiting = (lane: GateLane): number => queues.get(lane)?.size ?? 0
      return {
        tokens: Math.max(0, tokens),
        perSecond,
        waiting: {
          revoke: waiting('revoke'),
          'just-in-time': waiting('just-in-time'),
          repair: waiting('repair'),
          bulk: waiting('bulk'),
          sweep: waiting('sweep'),
        },
        taken,
        throttled,
      }
    },
  }
}
