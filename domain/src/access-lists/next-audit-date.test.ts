import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { days, formatInstant, type Instant, instant, plus } from '../kernel/instant.ts'
import { aList } from '../testing/builders.ts'
import { DEFAULT_SCHEDULE } from './access-list.ts'
import { dateAfterReview, nextAuditDateAfter, withFirstAuditDate } from './next-audit-date.ts'

const at = (text: string): Instant => instant(`${text}T00:00:00Z`)
const next = (from: string, frequencyMonths: 1 | 3 | 6 | 12, dayOfMonth: 1 | 15 | 31): string =>
  formatInstant(nextAuditDateAfter(instant(from), { frequencyMonths, dayOfMonth })).slice(0, 10)

describe('the date of the next review', () => {
  it('is so many months on, on the day that the schedule names', () => {
    expect(next('2026-11-20T09:00:00Z', 6, 1)).toBe('2027-05-01')
    expect(next('2026-11-20T09:00:00Z', 3, 15)).toBe('2027-02-15')
    expect(next('2026-11-20T09:00:00Z', 12, 31)).toBe('2027-11-30')
  })
  it('is the last day of short months and of February in leap years', () => {
    expect(next('2027-01-31T23:59:59Z', 1, 31)).toBe('2027-02-28')
    expect(next('2028-01-31T00:00:00Z', 1, 31)).toBe('2028-02-29')
    expect(next('2027-08-31T12:00:00Z', 6, 31)).toBe('2028-02-29')
    expect(next('2028-02-29T12:00:00Z', 12, 31)).toBe('2029-02-28')
    expect(next('2027-01-30T00:00:00Z', 1, 1)).toBe('2027-02-01')
  })
  it('lies ahead, at the start of its day, the schedule’s months later by the calendar', () => {
    const froms = fc.integer({ min: at('1999-12-31'), max: at('2101-03-01') }).map((millis) => millis as Instant)
    const schedules = fc.record({
      frequencyMonths: fc.constantFrom(1 as const, 3 as const, 6 as const, 12 as const),
      dayOfMonth: fc.constantFrom(1 as const, 15 as const, 31 as const),
    })
    fc.assert(
      fc.property(froms, schedules, (from, schedule) => {
        const [before, date] = [new Date(from), new Date(nextAuditDateAfter(from, schedule))]
        const months = (day: Date): number => day.getUTCFullYear() * 12 + day.getUTCMonth()
        const tomorrow = new Date(date.getTime() + days(1))
        expect(date.getTime()).toBeGreaterThan(from)
        expect(date.getTime() % days(1)).toBe(0)
        expect(months(date) - months(before)).toBe(schedule.frequencyMonths)
        if (schedule.dayOfMonth === 31) expect(tomorrow.getUTCDate()).toBe(1)
        else expect(date.getUTCDate()).toBe(schedule.dayOfMonth)
      }),
    )
  })
})

describe('a finished review', () => {
  const schedule = { ...DEFAULT_SCHEDULE, nextAuditDate: at('2027-01-01') }
  it('that was in time goes by the calendar', () => {
    expect(dateAfterReview(schedule, at('2026-12-20'))).toBe(at('2027-07-01'))
    expect(dateAfterReview(schedule, at('2027-01-01'))).toBe(at('2027-07-01'))
  })
  it('that was late goes by the day it was done', () => {
    expect(dateAfterReview(schedule, at('2027-03-10'))).toBe(at('2027-09-01'))
  })
  it('never puts the next one off further by coming early, however often', () => {
    const early = plus(at('2027-01-01'), days(-60))
    expect(dateAfterReview(schedule, early)).toBe(at('2027-05-01'))
    expect(dateAfterReview({ ...schedule, nextAuditDate: at('2027-05-01') }, early)).toBe(at('2027-05-01'))
  })
})

describe('a new list', () => {
  it('gets its first date, unless it has one or is kept elsewhere', () => {
    const now = at('2026-11-20')
    expect(withFirstAuditDate(aList('a'), now).audit.nextAuditDate).toBe(at('2027-05-01'))
    const dated = aList('b', { audit: { ...DEFAULT_SCHEDULE, nextAuditDate: at('2026-12-24') } })
    expect(withFirstAuditDate(dated, now)).toBe(dated)
    for (const type of ['static', 'scim'] as const)
      expect(withFirstAuditDate(aList('c', { type }), now).audit.nextAuditDate).toBeUndefined()
  })
})
