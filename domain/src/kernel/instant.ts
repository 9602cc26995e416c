import type { Branded } from './branded.ts'
import { DomainError } from './problems.ts'

/** A point in time: milliseconds since 1970-01-01T00:00Z. */
export type Instant = Branded<number, 'Instant'>
/** A length of time in milliseconds. */
export type Duration = Branded<number, 'Duration'>

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY }
/** ECMAScript's own limit for dates, which is also far beyond anything we mean. */
const LATEST = 8.64e15

export const milliseconds = (count: number): Duration => count as Duration // the only casts to Duration are here
export const seconds = (count: number): Duration => (count * SECOND) as Duration
export const minutes = (count: number): Duration => (count * MINUTE) as Duration
export const hours = (count: number): Duration => (count * HOUR) as Duration
export const days = (count: number): Duration => (count * DAY) as Duration

/** @throws DomainError `invalid-value` unless the number is a whole count of milliseconds that a date can show. */
export function instantFromMillis(millis: number): Instant {
  if (!Number.isSafeInteger(millis) || Math.abs(millis) > LATEST)
    throw new DomainError({ code: 'invalid-value', text: String(millis), expected: 'a time in milliseconds' })
  return millis as Instant
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/

/** @throws DomainError `invalid-value` unless the text is an RFC 3339 time with a zone. */
export function parseInstant(text: string): Instant {
  const millis = RFC_3339.test(text) && isDay(text) ? Date.parse(text.toUpperCase().replace(' ', 'T')) : Number.NaN
  if (Number.isNaN(millis)) {
    throw new DomainError({ code: 'invalid-value', text, expected: 'a time such as 2027-03-01T09:00:00Z' })
  }
  return millis as Instant
}

/** `Date.parse` takes the 31st of February for a day in March. */
function isDay(text: string): boolean {
  const day = text.slice(0, 10)
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}

/** Short form for tests and constants. */
export const instant = parseInstant

/** RFC 3339 in UTC, with milliseconds only when there are any. */
export function formatInstant(value: Instant): string {
  return new Date(value).toISOString().replace('.000Z', 'Z')
}

export const plus = (at: Instant, duration: Duration): Instant => (at + duration) as Instant
export const minus = (at: Instant, duration: Duration): Instant => (at - duration) as Instant
export const between = (from: Instant, to: Instant): Duration => (to - from) as Duration
export const earliest = (...instants: readonly Instant[]): Instant => Math.min(...instants) as Instant
export const latest = (...instants: readonly Instant[]): Instant => Math.max(...instants) as Instant

const ISO_DURATION = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/
const GO_DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/

/**
 * Reads `90m`, `8h`, `4d`, `8h0m0s` and ISO 8601 (`PT8H`, `P4D`).
 * @throws DomainError `invalid-value` for anything else.
 */
export function parseDuration(text: string): Duration {
  const iso = ISO_DURATION.exec(text)
  if (iso) {
    const [, w = 0, d = 0, h = 0, m = 0, s = 0] = iso.map((part) => Number(part ?? 0))
    return (w * 7 * DAY + d * DAY + h * HOUR + m * MINUTE + s * SECOND) as Duration
  }
  if (!GO_DURATION.test(text)) {
    throw new DomainError({ code: 'invalid-value', text, expected: 'a duration such as 90m, 8h or 4d' })
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)]
  return Math.round(
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0),
  ) as Duration
}

/** The shortest form that `parseDuration` reads back: `90m` is `1h30m`. */
export function formatDuration(duration: Duration): string {
  let rest: number = Math.abs(duration)
  let text = duration < 0 ? '-' : ''
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text === '' || text === '-' ? '0s' : text
}
