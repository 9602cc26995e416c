import type { OrganizationMetricsView } from '@gatehouse/api'
import { expect, it } from 'vitest'
import { describeMetrics } from './describe-metrics.ts'

const at = (minute: number, second = 0): string => new Date(Date.UTC(2027, 2, 1, 9, minute, second)).toISOString()
const IDLE: OrganizationMetricsView = {
  organization: 'acme',
  from: at(0),
  to: at(60),
  since: at(0),
  calls: {
    everySeconds: 10,
    services: [{ service: 'sso-admin', limit: 16, allowed: 16, waiting: 0, points: [] }],
  },
  inFlight: { everySeconds: 10, limit: 8, points: [] },
  latency: { granted: [], removed: [] },
}

it('an hour without anything is told as such', () => {
  expect(describeMetrics(IDLE)).toBe(
    `Organization: acme
From:         2027-03-01T09:00:00.000Z
To:           2027-03-01T10:00:00.000Z
In flight:    0 now, 0 at most, 8 are allowed

Service   Calls Busiest Limit Limit Now Throttled Waiting
--------- ----- ------- ----- --------- --------- -------
sso-admin 0     0/s     16/s  16/s      0         0

Assignments Count Typical Slowest
----------- ----- ------- -------
granted     0
removed     0`,
  )
})

it('calls, throttling, what is in flight and how long AWS took are summed up over the hour', () => {
  const points = [
    { at: at(1), calls: 30, throttled: 0 },
    { at: at(2), calls: 155, throttled: 4 },
  ]
  const text = describeMetrics({
    ...IDLE,
    since: at(30),
    calls: { ...IDLE.calls, services: [{ service: 'scim', limit: 18, allowed: 4.5, waiting: 7, points }] },
    inFlight: {
      ...IDLE.inFlight,
      points: [
        { at: at(5), most: 8 },
        { at: at(59, 50), most: 3 },
      ],
    },
    latency: {
      granted: [
        { at: at(1), count: 1, medianMs: 90_000, slowestMs: 90_000 },
        { at: at(2), count: 9, medianMs: 2_140, slowestMs: 12_000 },
      ],
      removed: [{ at: at(3), count: 2, medianMs: 800, slowestMs: 950 }],
    },
  })
  expect(text).toContain('Measured since: 2027-03-01T09:30:00.000Z')
  expect(text).toContain('3 now, 8 at most, 8 are allowed')
  expect(text).toMatch(/^scim +185 +15\.5\/s +18\/s +4\.5\/s +4 +7$/m)
  expect(text).toMatch(/^granted +10 +2\.1 s +90\.0 s$/m)
  expect(text).toMatch(/^removed +2 +800 ms +950 ms$/m)
})
