import type { Instant } from '../kernel/instant.ts'

export const DAYS_OF_WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type DayOfWeek = (typeof DAYS_OF_WEEK)[number]

/** A part of the week, by the clock of one place. */
export interface TimeWindow {
  /** On which it begins; none means every day. */
  readonly days: readonly DayOfWeek[]
  /** Minutes after midnight. Up to an earlier minute it lasts into the next day; from and up to the same, a whole day. */
  readonly from: number
  readonly to: number
  /** An IANA name such as `Europe/Berlin`. */
  readonly timeZone: string
}

const MINUTES_A_DAY = 24 * 60

export function isWithin({ days, from, to, timeZone }: TimeWindow, now: Instant): boolean {
  const { day, minute } = localTime(now, timeZone)
  const begins = (on: number): boolean => days.length === 0 || days.includes(DAYS_OF_WEEK[(on + 7) % 7] ?? 'mon')
  const end = to > from ? to : to + MINUTES_A_DAY
  return (
    (begins(day) && minute >= from && minute < end) ||
    (begins(day - 1) && minute + MINUTES_A_DAY >= from && minute + MINUTES_A_DAY < end)
  )
}

/** Says whether there is such a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatFor(name)
    return true
  } catch {
    return false
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  formats.set(timeZone, format)
  return format
}

function localTime(now: Instant, timeZone: string): { day: number; minute: number } {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  )
  const day = DAYS_OF_WEEK.findIndex((name) => name === parts.get('weekday')?.toLowerCase())
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) }
}
