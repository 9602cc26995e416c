import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTokenBucket } from './token-bucket.ts'

it('never admits more than the burst and what the rate has refilled, however calls are spaced', () => {
  const gaps = fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 200 })
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (waits, perSecond, burst) => {
      const bucket = createTokenBucket(() => ({ perSecond, burst }))
      let now = 0
      let passed = 0
      let admitted = 0
      for (const wait of waits) {
        now += wait
        passed += Math.max(0, wait)
        if (bucket.take(now)) admitted += 1
      }
      expect(admitted).toBeLessThanOrEqual(burst + (passed * perSecond) / 1_000)
    }),
  )
})

it('admits everything that comes at its rate', () => {
  const bucket = createTokenBucket(() => ({ perSecond: 20, burst: 1 }))
  for (let now = 0; now < 10_000; now += 50) expect(bucket.take(now)).toBe(true)
})
