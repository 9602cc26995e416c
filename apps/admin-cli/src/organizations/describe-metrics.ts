import type { OrganizationMetricsView } from '@gatehouse/api'
import { facts, table } from '@gatehouse/cli-kit'

type Service = OrganizationMetricsView['calls']['services'][number]
type Minute = OrganizationMetricsView['latency']['granted'][number]

/** The last hour in a few numbers; `-o json` has it slot by slot. */
export function describeMetrics({ organization, from, to, since, ...metrics }: OrganizationMetricsView): string {
  const { calls, inFlight, latency } = metrics
  const nowSlot = inFlight.points.at(-1)
  const isNow = nowSlot !== undefined && Date.parse(nowSlot.at) + inFlight.everySeconds * 1000 >= Date.parse(to)
  const head = facts([
    ['Organization', organization],
    ['From', from],
    ['To', to],
    ['Measured since', since > from ? since : undefined],
    [
      'In flight',
      `${isNow ? nowSlot.most : 0} now, ${most(inFlight.points.map((point) => point.most))} at most, ${inFlight.limit} are allowed`,
    ],
  ])
  const services = table(
    ['Service', 'Calls', 'Busiest', 'Limit', 'Limit Now', 'Throttled', 'Waiting'],
    calls.services.map((service) => serviceRow(service, calls.everySeconds)),
  )
  const confirmed = table(
    ['Assignments', 'Count', 'Typical', 'Slowest'],
    [latencyRow('granted', latency.granted), latencyRow('removed', latency.removed)],
  )
  return [head, services, confirmed].join('\n\n')
}

function serviceRow({ service, limit, allowed, waiting, points }: Service, everySeconds: number): readonly string[] {
  return [
    service,
    String(sum(points.map(({ calls }) => calls))),
    perSecond(most(points.map(({ calls }) => calls)) / everySeconds),
    perSecond(limit),
    perSecond(allowed),
    String(sum(points.map(({ throttled }) => throttled))),
    String(waiting),
  ]
}

function latencyRow(name: string, minutes: readonly Minute[]): readonly string[] {
  const count = sum(minutes.map((minute) => minute.count))
  if (count === 0) return [name, '0', '', '']
  return [name, String(count), duration(typical(minutes, count)), duration(most(minutes.map((one) => one.slowestMs)))]
}

/** The median of the minutes' medians, each counting as often as there were assignments in it. */
function typical(minutes: readonly Minute[], count: number): number {
  let before = 0
  const sorted = minutes.toSorted((a, b) => a.medianMs - b.medianMs)
  return sorted.find((minute) => (before += minute.count) * 2 >= count)?.medianMs ?? 0
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const most = (values: readonly number[]): number => values.reduce((found, value) => Math.max(found, value), 0)
const perSecond = (value: number): string => `${Math.round(value * 10) / 10}/s`
const duration = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`
