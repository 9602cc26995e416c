import { expectationOf, fieldOf } from '@gatehouse/api'
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
