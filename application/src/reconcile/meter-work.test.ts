import { milliseconds, minus, minutes, seconds } from '@gatehouse/domain'
import { A_CATALOGUE, aRole, aUser, NOW, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { expect, it, vi } from 'vitest'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryClock } from '../testing/in-memory-clock.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'
import { createWorkMeter } from './meter-work.ts'

it('gives the median and the slowest of each minute, grants and removals apart', () => {
  const clock = createInMemoryClock(NOW)
  const meter = createWorkMeter(clock)
  for (const took of [3, 1, 20, 2]) meter.confirmed('create-assignment', minus(clock.now(), seconds(took)))
  clock.advance(minutes(1))
  meter.confirmed('delete-assignment', minus(clock.now(), seconds(5)))
  const { granted, removed } = meter.usage()
  expect(granted).toEqual([{ at: NOW, value: { count: 4, median: seconds(2), slowest: seconds(20) } }])
  expect(removed.map(({ value }) => value)).toEqual([{ count: 1, median: seconds(5), slowest: seconds(5) }])
})

it('counts everything of a busy minute although it keeps only some of it', () => {
  const clock = createInMemoryClock(NOW)
  const meter = createWorkMeter(clock)
  for (let i = 0; i < 1_500; i++) meter.confirmed('create-assignment', minus(NOW, seconds(2)))
  meter.confirmed('create-assignment', minus(NOW, minutes(2)))
  expect(meter.usage().granted[0]?.value).toEqual({ count: 1_501, median: seconds(2), slowest: minutes(2) })
})

it('takes nothing to have ended before it was wanted when the clock was put back', () => {
  const clock = createInMemoryClock(NOW)
  const meter = createWorkMeter(clock)
  const wanted = clock.now()
  clock.advance(milliseconds(-60_000))
  meter.confirmed('create-assignment', wanted)
  expect(meter.usage().granted[0]?.value.slowest).toBe(0)
})

it('shows the most that was in flight, also while nothing begins or ends', () => {
  const clock = createInMemoryClock(NOW)
  const meter = createWorkMeter(clock)
  for (const count of [1, 2, 3, 2]) meter.inFlight(count)
  clock.advance(seconds(30))
  meter.inFlight(1)
  meter.inFlight(0)
  clock.advance(seconds(30))
  expect(meter.usage().inFlight.map(({ at, value }) => [at - NOW, value])).toEqual([
    [0, 3],
    [10_000, 2],
    [20_000, 2],
    [30_000, 2],
  ])
})

it('measures from the plan that wants an assignment, over the wait for its turn, to the confirmation', async () => {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  const scene = await startEngineScene(NOW)
  const role = aRole('operator', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } })
  await scene.save(
    { put: 'role', role },
    ...['ana', 'bruno'].map((name) => ({ put: 'user', user: aUser(name, { roles: [role.name] }) }) as const),
  )
  aws.looksNeeded = 2
  await using running = await scene.start(aws)
  const isSent = () => running.engine.status().running.some(({ state }) => state === 'sent')
  await vi.waitUntil(isSent, { timeout: 5_000, interval: 5 })
  scene.clock.advance(seconds(7))
  await running.untilQuiet()
  const { granted, removed, inFlight } = running.engine.metrics()
  // AWS takes one write on an account and permission set at a time: the second waits for the first.
  expect(granted.map(({ value }) => value)).toEqual([{ count: 2, median: seconds(7), slowest: seconds(7) }])
  expect(removed).toEqual([])
  expect(new Set(inFlight.map(({ value }) => value))).toEqual(new Set([1]))
})
