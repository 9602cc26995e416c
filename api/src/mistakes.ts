import { shorten } from '@gatehouse/domain'
import type { z } from 'zod'
import type { Endpoint } from './endpoint.ts'

/** A value that the contract refuses. */
export interface Mistake {
  /** Where it stands, such as `body.roles[0]`. */
  readonly field: string
  /** Completes the sentence "Enter …". */
  readonly expected: string
}

/** What the contract has against a body, before it is sent; what only the server knows is not among it. */
export function mistakesIn({ body: schema }: Endpoint, body: unknown): readonly Mistake[] {
  const issues = schema?.safeParse(body).error?.issues ?? []
  return issues.map((issue) => ({ field: fieldOf('body', issue.path), expected: expectationOf(issue) }))
}

/** `body.roles[0]`, from the part of a request down. */
export const fieldOf = (part: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (field, key) => (typeof key === 'number' ? `${field}[${key}]` : `${field}.${shorten(String(key))}`),
    part,
  )

/** Completes the sentence "Enter …". */
export function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.map((value) => `"${String(value)}"`).join(' or ')
    case 'too_small':
      return `at least ${amount(issue.minimum, issue.origin)}`
    case 'too_big':
      return `at most ${amount(issue.maximum, issue.origin)}`
    case 'invalid_union':
      return issue.discriminator === undefined ? issue.message : `one of the known kinds as "${issue.discriminator}"`
    case 'custom':
      return issue.message
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
      return 'another value'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function amount(limit: number | bigint, origin: string): string {
  if (origin === 'string') return `${limit} ${limit === 1 ? 'character' : 'characters'}`
  return origin === 'array' ? `${limit} ${limit === 1 ? 'item' : 'items'}` : String(limit)
}
