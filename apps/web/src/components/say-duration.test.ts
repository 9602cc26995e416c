import { expect, it } from 'vitest'
import { endOf, sayDuration } from './say-duration.ts'

it.each([
  ['2h', '2 h'],
  ['1d2h30m', '1 d 2 h 30 min'],
  ['PT8H', '8 h'],
  ['PT1H30M', '1 h 30 min'],
  ['P1DT12H', '1 d 12 h'],
  ['90s', '90 s'],
])('says %s as %s', (written, said) => {
  expect(sayDuration(written)).toBe(said)
})

it.each(['', 'soon', 'P', '2 hours'])('leaves "%s", which is no duration, as it is', (text) => {
  expect(sayDuration(text)).toBe(text)
})

it('says when what lasts so long ends, and nothing of what is no duration', () => {
  expect(endOf('PT1H30M', Date.parse('2027-03-01T09:00:00Z'))).toBe('2027-03-01T10:30:00.000Z')
  expect(endOf('8h', Date.parse('2027-03-01T09:00:00Z'))).toBe('2027-03-01T17:00:00.000Z')
  expect(endOf('soon')).toBeUndefined()
})
