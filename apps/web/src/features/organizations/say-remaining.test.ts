import { expect, it } from 'vitest'
import { sayRemaining, shareOf } from './say-remaining.ts'

const SINCE = '2027-03-01T09:00:00Z'
const after = (seconds: number, done: number, total: number | undefined) =>
  sayRemaining(
    { phase: 'members', done, since: SINCE, ...(total === undefined ? {} : { total }) },
    Date.parse(SINCE) + seconds * 1000,
  )

it('says how long the rest takes at the pace so far', () => {
  expect(after(60, 50, 100)).toBe('About 1 min are left of this part.')
  expect(after(60, 10, 100)).toBe('About 9 min are left of this part.')
  expect(after(30, 90, 100)).toBe('Less than a minute is left of this part.')
})

it('guesses nothing from the first moments, nor where nobody knows how much there is', () => {
  expect(after(4, 50, 100)).toBe('')
  expect(after(600, 9, 100)).toBe('')
  expect(after(600, 9, undefined)).toBe('')
  expect(sayRemaining(undefined, 0)).toBe('')
  expect(shareOf({ phase: 'listing', done: 0, total: 0, since: SINCE })).toBeUndefined()
})
