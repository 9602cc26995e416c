import type { View } from '../world/table.ts'
import type { World } from '../world/world.ts'
import { invalidRequest } from './scim-error.ts'
import type { z } from 'zod'

/** What an operation knows about the call. */
export interface ScimCall {
  readonly now: number
  /** How old the state is that this reader sees. */
  readonly view: View
  /** Of the resource in the path; empty when there is none. */
  readonly id: string
  /** Of the query string; a name that came twice has an array. */
  readonly query: Readonly<Record<string, unknown>>
  readonly contentType: string
  readonly body: Buffer
}

export interface ScimAnswer {
  readonly status: number
  readonly body?: object
}

/** One call of the SCIM API. Changes to tables are on disk before the answer goes out. */
export interface ScimOperation {
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly run: (world: World, call: ScimCall) => ScimAnswer
}

/** @throws AwsError when the body is not JSON of this shape. */
export function readBody<Schema extends z.ZodType>(call: ScimCall, schema: Schema): z.infer<Schema> {
  if (!/^application\/(scim\+)?json\s*(;|$)/i.test(call.contentType)) throw invalidRequest()
  return fit(schema, withoutNulls(parseJson(call.body.toString())))
}

/** @throws AwsError when the value does not fit. */
export function fit<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalidRequest()
  return parsed.data
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidRequest()
  }
}

/** Null is as good as absent (RFC 7643, 2.5). */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]))
}
