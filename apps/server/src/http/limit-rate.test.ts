import { expect, it } from 'vitest'
import { createRateLimit } from './limit-rate.ts'

it('counts by network, and begins anew every minute', () => {
  let now = 0
  const limit = createRateLimit(2, () => now)
  const isTaken = (address: string): boolean => {
    try {
      limit.count(address)
      return true
    } catch {
      return false
    }
  }
  expect(['192.0.2.1', '192.0.2.1', '192.0.2.1'].map(isTaken)).toEqual([true, true, false])
  expect(isTaken('192.0.2.2')).toBe(true)
  expect(['2001:db8::1', '2001:db8::2', '2001:db8::3'].map(isTaken)).toEqual([true, true, false])
  now = 45_000
  expect(() => limit.count('192.0.2.1')).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ retryAfterSeconds: 15 }) }),
  )
  now = 60_000
  expect(isTaken('192.0.2.1')).toBe(true)
})
