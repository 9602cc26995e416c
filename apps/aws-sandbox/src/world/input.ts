import { z } from 'zod'

/** Building blocks of input schemas, refused in the words AWS uses for its models. */
export function text(shortest: number, longest: number, pattern?: RegExp) {
  const bounded = z
    .string()
    .min(shortest, `Member must have length greater than or equal to ${shortest}`)
    .max(longest, `Member must have length less than or equal to ${longest}`)
  if (pattern === undefined) return bounded
  return bounded.regex(pattern, `Member must satisfy regular expression pattern: ${pattern.source}`)
}

export function oneOf<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, `Member must satisfy enum value set: [${values.join(', ')}]`)
}

export function listOf<Item extends z.ZodType>(item: Item, fewest: number, most: number) {
  return z
    .array(item)
    .min(fewest, `Member must have length greater than or equal to ${fewest}`)
    .max(most, `Member must have length less than or equal to ${most}`)
}

export function wholeNumber(smallest: number, largest: number) {
  return z
    .int()
    .min(smallest, `Member must have value greater than or equal to ${smallest}`)
    .max(largest, `Member must have value less than or equal to ${largest}`)
}

export const accountIdSchema = text(12, 12, /^\d{12}$/)
/** JSON services send `null` for absent members now and then. */
export const tagListSchema = (most: number) => listOf(z.object({ Key: text(1, 128), Value: text(0, 256) }), 0, most)

/** Paging members of a service whose pages hold at most `largest` rows. */
export function paging(largest: number, longestToken: number) {
  return { NextToken: text(0, longestToken).optional(), MaxResults: wholeNumber(1, largest).optional() }
}
