import { expect, it } from 'vitest'
import { sayTimeLeft } from './say-time-left.ts'

const HOUR_MS = 3_600_000

it('says no more than there is, of what has just begun, too', () => {
  expect(sayTimeLeft(8 * HOUR_MS)).toBe('8 h left')
  expect(sayTimeLeft(8 * HOUR_MS - 5_000)).toBe('8 h left')
  expect(sayTimeLeft(2.5 * HOUR_MS)).toBe('2 h 30 min left')
  expect(sayTimeLeft(49 * HOUR_MS)).toBe('2 d 1 h left')
  expect(sayTimeLeft(1)).toBe('1 min left')
  expect(sayTimeLeft(0)).toBe('ended')
  expect(sayTimeLeft(-1)).toBe('ended')
})
