import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Log } from '../ports/log.ts'
import { createGate, GATE_RATES, type GateLane, type QuotaGate } from './gate.ts'

const never = new AbortController().signal
const silent: Log = { info() {}, warn() {}, error() {} }
const lanes: readonly GateLane[] = ['revoke', 'just-in-time', 'repair', 'bulk', 'sweep']

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Takes and notes when each was let out. */
function taking(gate: QuotaGate, lane: GateLane, count: number, out: { lane: GateLane; at: number }[] = []) {
  for (let i = 0; i < count; i += 1)
    void gate.take('sso-admin', { lane, signal: never }).then(() => out.push({ lane, at: performance.now() }))
  return out
}

const mostInAnySecond = (times: readonly number[]): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length))

describe('the gate', () => {
  it('lets no more calls out in any second than the quota allows, however they arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            pause: fc.integer({ min: 0, max: 1_500 }),
            count: fc.integer({ min: 1, max: 40 }),
            lane: fc.constantFrom(...lanes),
          }),
          { maxLength: 12 },
        ),
        async (arrivals) => {
          const gate = createGate({ log: silent })
          const out: { lane: GateLane; at: number }[] = []
          for (const { pause, count, lane } of arrivals) {
            await vi.advanceTimersByTimeAsync(pause)
            taking(gate, lane, count, out)
          }
          await vi.advanceTimersByTimeAsync(60_000)
          expect(out).toHaveLength(arrivals.reduce((sum, { count }) => sum + count, 0))
          expect(mostInAnySecond(out.map(({ at }) => at))).toBeLessThanOrEqual(GATE_RATES['sso-admin'].perSecond)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('comes within a twentieth of the quota under load', async () => {
    const out = taking(createGate({ log: silent }), 'bulk', 1_000)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(out.length).toBeGreaterThanOrEqual(190)
    expect(out.length).toBeLessThanOrEqual(200)
  })

  it('serves a revocation before everything that waited already', async () => {
    const gate = createGate({ log: silent })
    const out = taking(gate, 'sweep', 30)
    taking(gate, 'bulk', 5, out)
    await vi.advanceTimersByTimeAsync(50)
    const before = out.length
    taking(gate, 'revoke', 1, out)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(out.slice(before, before + 2).map(({ lane }) => lane)).toContain('revoke')
  })

  it('serves lanes in their order and each lane first come, first served', async () => {
    const gate = createGate({ log: silent, rates: { ...GATE_RATES, 'sso-admin': { perSecond: 20, burst: 1 } } })
    const out: string[] = []
    const take = (lane: GateLane, name: string): void => {
      void gate.take('sso-admin', { lane, signal: never }).then(() => out.push(name))
    }
    take('sweep', 'first to come')
    take('sweep', 'sweep')
    take('bulk', 'bulk 1')
    take('bulk', 'bulk 2')
    take('repair', 'repair')
    take('revoke', 'revoke')
    take('just-in-time', 'just in time')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(out).toEqual(['first to come', 'revoke', 'just in time', 'repair', 'bulk 1', 'bulk 2', 'sweep'])
  })

  it('never leaves the lowest lane waiting for ever behind a stream of urgent calls', async () => {
    const gate = createGate({ log: silent })
    const out = taking(gate, 'revoke', 20)
    taking(gate, 'sweep', 1, out)
    for (let second = 0; second < 20; second += 1) {
      taking(gate, 'revoke', 30, out)
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(gate.stats()['sso-admin'].waiting).toMatchObject({ sweep: 0 })
    expect(gate.stats()['sso-admin'].waiting.revoke).toBeGreaterThan(0)
  })

  it('gives up waiting when the signal is aborted, and spends nothing on it', async () => {
    const gate = createGate({ log: silent })
    taking(gate, 'bulk', GATE_RATES['sso-admin'].burst)
    const controller = new AbortController()
    const waiting = gate.take('sso-admin', { lane: 'revoke', signal: controller.signal })
    controller.abort(new Error('shutting down'))
    await expect(waiting).rejects.toThrow('shutting down')
    expect(gate.stats()['sso-admin'].waiting.revoke).toBe(0)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(gate.stats()['sso-admin'].taken).toBe(GATE_RATES['sso-admin'].burst)
  })

  it('refuses at once when the signal was aborted before', async () => {
    const gate = createGate({ log: silent })
    await expect(gate.take('scim', { lane: 'bulk', signal: AbortSignal.abort(new Error('late')) })).rejects.toThrow(
      'late',
    )
  })

  it('halves its rate once for a burst of refusals and recovers by and by', async () => {
    const gate = createGate({ log: silent })
    for (let i = 0; i < 5; i += 1) gate.report('sso-admin', 'throttled')
    expect(gate.stats()['sso-admin'].perSecond).toBe(10)
    expect(gate.stats()['sso-admin'].throttled).toBe(5)
    const out = taking(gate, 'bulk', 100)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(out.length).toBeGreaterThanOrEqual(18)
    expect(out.length).toBeLessThanOrEqual(20)
    for (let i = 0; i < 400; i += 1) gate.report('sso-admin', 'ok')
    expect(gate.stats()['sso-admin'].perSecond).toBe(20)
  })

  it('slows down under a storm of refusals, but never stops', async () => {
    const gate = createGate({ log: silent })
    for (let i = 0; i < 30; i += 1) {
      gate.report('sso-admin', 'throttled')
      await vi.advanceTimersByTimeAsync(1_000)
    }
    const out = taking(gate, 'revoke', 1)
    await vi.advanceTimersByTimeAsync(2_001)
    expect(out).toHaveLength(1)
  })

  it('lets one service go on while another waits', async () => {
    const gate = createGate({ log: silent })
    gate.report('sso-admin', 'throttled')
    const out = taking(gate, 'bulk', 1)
    await gate.take('identitystore', { lane: 'sweep', signal: never })
    expect(out).toEqual([])
    expect(gate.stats()['sso-admin'].waiting.bulk).toBe(1)
  })
})
