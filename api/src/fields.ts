import {
  type AccessListId,
  type AccessRequestId,
  DomainError,
  type Duration,
  explain,
  type Instant,
  type Labels,
  parseDuration,
  parseInstant,
  parsePredicate,
  type Predicate,
  type Scope,
} from '@gatehouse/domain'
import { z } from 'zod'

// A message given to zod here completes the sentence "Enter …"; the server turns it into a problem's remedy.

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/
const isCleanText = (value: string): boolean => value.isWellFormed() && !CONTROL.test(value)
const isOneLine = (value: string): boolean => isCleanText(value) && !/[\r\n\t]/.test(value)

/** Prose of several lines. A database takes no NUL and no half of a surrogate pair, so none gets in. */
export const prose = (max: number) =>
  z.string().max(max).refine(isCleanText, 'text without control characters and broken Unicode')

/** The name of something: one line, not blank. What it may hold beyond that is the noun's own rule. */
export const name = (max = 256) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine(isOneLine, 'one line of text without control characters and broken Unicode')
    .refine((value) => value.trim() !== '', 'a name that is not blank')

const parsed = <T>(parse: (text: string) => T, max = 64) =>
  name(max).transform((value, context): T => {
    try {
      return parse(value)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const { problem } = error
      context.addIssue({
        code: 'custom',
        message: problem.code === 'invalid-value' ? problem.expected : explain(problem).message,
      })
      return z.NEVER
    }
  })

/** RFC 3339, as the caller gives it. */
export const instantInput = parsed<Instant>(parseInstant).meta({ format: 'date-time' })
/** `90m`, `8h`, `4d` or ISO 8601. */
export const durationInput = parsed<Duration>(parseDuration).meta({ examples: ['90m', '8h', 'PT8H'] })
/** The same, longer than nothing and at most so long. */
export const durationUpTo = (longest: Duration, shown: string) =>
  parsed<Duration>((text) => {
    const duration = parseDuration(text)
    if (duration > 0 && duration <= longest) return duration
    throw new DomainError({ code: 'invalid-value', text, expected: `a duration of at most ${shown}` })
  }).meta({ examples: ['90m', '8h', 'PT8H'] })

/** A condition, checked for the place where it is written. */
export const expression = (scope: Scope) => parsed<Predicate>((text) => parsePredicate(text, scope), 4096)
/** `key=value`, divided by commas. */
export const labelPairs = parsed<Labels>(
  (text) =>
    Object.fromEntries(
      text.split(',').map((pair) => {
        const at = pair.indexOf('=')
        if (at > 0) return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
        throw new DomainError({ code: 'invalid-value', text: pair, expected: 'labels such as env=prod,team=web' })
      }),
    ),
  4096,
)

/** RFC 3339 in UTC, as the server gives it. */
export const time = z.string().meta({ format: 'date-time' })
export const duration = z.string().meta({ examples: ['8h'] })

// The only casts from text to these ids on the way in: past this line they are ids, known or not.
export const accessListId = name().transform((value) => value as AccessListId)
export const accessRequestId = name().transform((value) => value as AccessRequestId)

/** `true` or `false` in an address; a boolean in code. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])], { error: '"true" or "false"' })
  .transform((value) => value === true || value === 'true')

const WHOLE_NUMBER = /^\d{1,9}$/
export const wholeNumber = (min: number, max: number) =>
  z
    .union([z.number(), z.string().regex(WHOLE_NUMBER).transform(Number)], { error: `a whole number` })
    .pipe(z.number().int().min(min).max(max))

/** The largest page that the server gives. */
export const LARGEST_PAGE = 1000
/** How many items a page holds, and where it starts; every list is paged. */
export const pageQuery = {
  limit: wholeNumber(1, LARGEST_PAGE).default(100),
  /** `next` of the page before. */
  cursor: name(1024).optional(),
}
export const confirmRemovals = wholeNumber(0, 1_000_000)
/** What people lose: entries in lists, and account assignments. */
export const removals = z.object({
  memberships: z.number().int(),
  assignments: z.number().int(),
  /** What `confirmRemovals` has to be; absent where so few go without. */
  confirm: z.number().int().optional(),
})

/** `next` is absent on the last page. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() })

const KEY = name(256)
export const labels = z.record(KEY, prose(1024))
export const traits = z.record(KEY, z.array(prose(1024)).max(1000))
