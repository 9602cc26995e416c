import { describe, expect, it } from 'vitest'
import { timeLeft, utcTime } from './table-times.ts'

describe('times in tables', () => {
  it('are written by RFC 822, in UTC', () => {
    expect(utcTime('2027-03-01T09:05:59Z')).toBe('01 Mar 27 09:05 UTC')
    expect(utcTime('2027-09-30T00:00:00+02:00')).toBe('29 Sep 27 22:00 UTC')
  })
  it('are rounded to minutes where they say how long, and are never less than nothing', () => {
    const now = Date.parse('2027-03-01T09:00:00Z')
    expect(timeLeft('2027-03-01T10:29:40Z', now)).toBe('1h30m')
    expect(timeLeft('2027-03-08T09:00:10Z', now)).toBe('7d')
    expect(timeLeft('2027-03-01T09:00:20Z', now)).toBe('0s')
    expect(timeLeft('2020-01-01T00:00:00Z', now)).toBe('0s')
  })
})
