import { DomainError, type Problem, shorten, suggest } from '@gatehouse/domain'
import { z } from 'zod'

/** Values of these keys are never quoted back. */
const SENSITIVE = /password|token|secret/i

/**
 * Parses one part of a request. @throws DomainError `invalid-value` or `unknown-field`, naming the field from the part
 * down, such as `body.roles[0]`.
 */
export function parseInput(schema: z.ZodType, value: unknown, part: 'params' | 'query' | 'body'): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new DomainError(issue ? problemOf(issue, { schema, value, part }) : unreadable(part))
}

interface Place {
  readonly schema: z.ZodType
  readonly value: unknown
  readonly part: string
}

const unreadable = (field: string): Problem => ({ code: 'invalid-value', field, text: '…', expected: 'another value' })

function problemOf(issue: z.core.$ZodIssue, place: Place): Problem {
  const field = fieldOf(place.part, issue.path)
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const suggestion = suggest(key, keysAt(place.schema, issue.path))
    return {
      code: 'unknown-field',
      field: `${field}.${shorten(key)}`,
      ...(suggestion === undefined ? {} : { suggestion }),
    }
  }
  const text = SENSITIVE.test(field) ? '…' : quote(valueAt(place.value, issue.path))
  return { code: 'invalid-value', field, text, expected: expectationOf(issue) }
}

/** Completes the sentence "Enter …". */
function expectationOf(issue: z.core.$ZodIssue): string {
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

const fieldOf = (part: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (field, key) => (typeof key === 'number' ? `${field}[${key}]` : `${field}.${shorten(String(key))}`),
    part,
  )

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  )

function quote(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined) return 'nothing'
  try {
    return JSON.stringify(value)?.slice(0, 200) ?? 'something'
  } catch {
    return '…' // nested deeper than the stack is
  }
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const inner = unwrap(schema)
  const [first, ...rest] = path
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => keysAt(option, path))
  if (first === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
  if (inner instanceof z.ZodArray) return keysAt(inner.element, rest)
  const next = inner instanceof z.ZodObject ? (inner.shape as Record<PropertyKey, z.core.$ZodType>)[first] : undefined
  return next ? keysAt(next, rest) : []
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.def.innerType)
  return schema instanceof z.ZodPipe ? unwrap(schema.def.in) : schema
}
