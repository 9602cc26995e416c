import { describe, expect, it } from 'vitest'
import { formatInstant, parseInstant } from './instant.ts'

describe('a time', () => {
  it.each([
    ['2027-03-01T09:00:00Z', '2027-03-01T09:00:00Z'],
    ['2027-03-01 09:00z', '2027-03-01T09:00:00Z'],
    ['2027-03-01T09:00:00.250+01:30', '2027-03-01T07:30:00.250Z'],
    ['2028-02-29T23:59:59Z', '2028-02-29T23:59:59Z'],
  ])('%s is %s', (text, written) => {
    expect(formatInstant(parseInstant(text))).toBe(written)
  })
  it.each(['2027-02-29T09:00:00Z', '2027-02-31T09:00:00Z', '2027-04-31T09:00:00Z', '2027-13-01T09:00:00Z'])(
    '%s is none: there is no such day',
    (text) => {
      expect(() => parseInstant(text)).toThrow('not valid')
    },
  )
  it.each(['2027-03-01', '2027-03-01T09:00:00', 'tomorrow', ''])('%j is none: it has no zone', (text) => {
    expect(() => parseInstant(text)).toThrow('not valid')
  })
})
