import type { OrganizationMetricsView } from '@gatehouse/api'
import {
  CALLS_COUNTED_EVERY,
  type EngineMetrics,
  IN_FLIGHT_COUNTED_EVERY,
  type Latency,
  MAX_IN_FLIGHT,
  type Slot,
} from '@gatehouse/application'
import { earliest, formatInstant, hours, latest, minus, seconds } from '@gatehouse/domain'

const SECOND = seconds(1)

/** What one organization's engine did in AWS in the last hour. */
export function presentMetrics(
  name: string,
  { now, startedAt, services, inFlight, granted, removed }: EngineMetrics,
): OrganizationMetricsView {
  const from = minus(now, hours(1))
  return {
    organization: name,
    from: formatInstant(from),
    to: formatInstant(now),
    // A clock that was put back has measured nothing yet.
    since: formatInstant(earliest(now, latest(from, startedAt))),
    calls: {
      everySeconds: CALLS_COUNTED_EVERY / SECOND,
      services: services.map(({ counts, allowed, ...service }) => ({
        ...service,
        allowed: Math.round(allowed * 10) / 10,
        points: counts.map(({ at, value }) => ({ at: formatInstant(at), ...value })),
      })),
    },
    inFlight: {
      everySeconds: IN_FLIGHT_COUNTED_EVERY / SECOND,
      limit: MAX_IN_FLIGHT,
      points: inFlight.flatMap(({ at, value }) => (value > 0 ? [{ at: formatInstant(at), most: value }] : [])),
    },
    latency: { granted: granted.map(presentLatency), removed: removed.map(presentLatency) },
  }
}

const presentLatency = ({ at, value: { count, median, slowest } }: Slot<Latency>) => ({
  at: formatInstant(at),
  count,
  medianMs: median,
  slowestMs: slowest,
})
