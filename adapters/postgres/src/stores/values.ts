import { DomainError, type Instant, instantFromMillis } from '@gatehouse/domain'

/** An instant as PostgreSQL reads it: years beyond 9999 without ECMAScript's sign, years before 1 as BC. */
export function toTimestamp(instant: Instant): string {
  const date = new Date(instant)
  const text = date.toISOString()
  const year = date.getUTCFullYear()
  if (year > 0) return text.replace(/^\+/, '')
  return `${text.replace(/^-?\d+/, String(1 - year).padStart(4, '0'))} BC`
}

export const toInstant = (date: Date): Instant => instantFromMillis(date.getTime())

/** For a field that may be absent: `null` in the database, no key in a domain type. */
export function optional<Key extends string, Value, Result>(
  key: Key,
  value: Value | null,
  convert: (value: Value) => Result,
): Partial<Record<Key, Result>> {
  // A computed key widens to `string`; it is the one key that was asked for.
  return value === null ? {} : ({ [key]: convert(value) } as Record<Key, Result>)
}
export const same = <Value>(value: Value): Value => value

/** How names are compared: as the server folds case, not as each database's locale does. */
export const foldName = (name: string): string => name.toLowerCase()

/** What `JSON.stringify` makes of characters that PostgreSQL's text can't hold: NUL, and half of a surrogate pair. */
const SUSPECT = /\\u(?:0000|d[89a-f][0-9a-f]{2})/

/** @throws DomainError `invalid-value` when some text in the value can't be stored; names it. */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value)
  if (SUSPECT.test(json)) refuseUnstorable(value)
  return json
}

function refuseUnstorable(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed())
      throw new DomainError({
        code: 'invalid-value',
        text: value.toWellFormed(),
        expected: 'text without NUL characters',
      })
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      refuseUnstorable(key)
      refuseUnstorable(inner)
    }
  }
}
