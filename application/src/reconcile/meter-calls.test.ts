import { seconds } from '@gatehouse/domain'
import { NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { createInMemoryClock } from '../testing/in-memory-clock.ts'
import { createGate } from './gate.ts'
import { meterCalls, type MeteredGate } from './meter-calls.ts'
import { createVisitGate } from './visit-gate.ts'

const call = { lane: 'repair', signal: AbortSignal.timeout(10_000) } as const
const log = { info() {}, warn() {}, error() {} }

const countsOf = (gate: MeteredGate, service: string) =>
  gate
    .usage()
    .filter((one) => one.service === service)
    .flatMap(({ counts }) => counts.map(({ at, value: { calls, throttled } }) => [at - NOW, calls, throttled]))

it('counts what each service was called, what was throttled, and visits like all the rest', async () => {
  const clock = createInMemoryClock(NOW)
  const gate = meterCalls(createGate({ log }), clock)
  await gate.take('sso-admin', call)
  gate.report('sso-admin', 'ok')
  await createVisitGate(gate).take('sso-admin', call)
  clock.advance(seconds(10))
  await gate.take('sso-admin', call)
  gate.report('sso-admin', 'throttled')
  await gate.take('scim', call)
  expect(countsOf(gate, 'sso-admin')).toEqual([
    [0, 2, 0],
    [10_000, 1, 1],
  ])
  expect(countsOf(gate, 'scim')).toEqual([[10_000, 1, 0]])
  expect(countsOf(gate, 'organizations')).toEqual([])
})

it('says what is left after throttling, and how many calls wait', async () => {
  const gate = meterCalls(createGate({ log }), createInMemoryClock(NOW))
  const stop = new AbortController()
  gate.report('sso-admin', 'throttled')
  const waiting = [1, 2, 3].map(() => gate.take('sso-admin', { lane: 'bulk', signal: stop.signal }))
  expect(gate.usage()[0]).toMatchObject({ service: 'sso-admin', limit: 20, allowed: 10, waiting: 3 })
  stop.abort(new Error('enough'))
  await Promise.allSettled(waiting)
})

it('counts no call that was given up before its turn', async () => {
  const gate = meterCalls(createGate({ log }), createInMemoryClock(NOW))
  await expect(gate.take('scim', { lane: 'bulk', signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
    'too late',
  )
  expect(countsOf(gate, 'scim')).toEqual([])
})
