import { type Duration, seconds } from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'
import type { AwsService, Gate } from '../ports/identity-center.ts'
import { GATE_RATES, type QuotaGate } from './gate.ts'
import { createRecentSlots, type RecentSlots, type Slot } from './recent-slots.ts'

/** How long the slots are in which calls are counted. */
export const CALLS_COUNTED_EVERY: Duration = seconds(10)

export interface CallCount {
  readonly calls: number
  /** Answers of AWS in this slot that there were too many. */
  readonly throttled: number
}

/** What was called of one service in the last hour, and what is waiting now. */
export interface ServiceUsage {
  readonly service: AwsService
  /** Calls a second at most; see `GATE_RATES`. */
  readonly limit: number
  /** Calls a second that others leave us now. */
  readonly allowed: number
  readonly waiting: number
  readonly counts: readonly Slot<CallCount>[]
}

/** The same gate, which remembers for an hour what went through. */
export interface MeteredGate extends Gate {
  usage(): readonly ServiceUsage[]
}

export function meterCalls(gate: QuotaGate, clock: Pick<Clock, 'now'>): MeteredGate {
  const counts: Readonly<Record<AwsService, RecentSlots<CallCount>>> = {
    'sso-admin': createRecentSlots(clock, CALLS_COUNTED_EVERY),
    identitystore: createRecentSlots(clock, CALLS_COUNTED_EVERY),
    organizations: createRecentSlots(clock, CALLS_COUNTED_EVERY),
    scim: createRecentSlots(clock, CALLS_COUNTED_EVERY),
  }
  const count = (service: AwsService, what: keyof CallCount): void =>
    counts[service].change((before = { calls: 0, throttled: 0 }) => ({ ...before, [what]: before[what] + 1 }))
  const usageOf = (service: AwsService): ServiceUsage => {
    const { perSecond, waiting } = gate.stats()[service]
    return {
      service,
      limit: GATE_RATES[service].perSecond,
      allowed: perSecond,
      waiting: Object.values(waiting).reduce((sum, lane) => sum + lane, 0),
      counts: counts[service].list(),
    }
  }
  return {
    async take(service, call) {
      await gate.take(service, call)
      count(service, 'calls')
    },
    report(service, outcome) {
      gate.report(service, outcome)
      if (outcome === 'throttled') count(service, 'throttled')
    },
    usage: () => [usageOf('sso-admin'), usageOf('identitystore'), usageOf('organizations'), usageOf('scim')],
  }
}
