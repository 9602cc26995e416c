import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import type { Call } from '../world/operation.ts'

/** Members of IAM's inputs. In the query protocol every scalar is text, and an empty list is an empty text. */
export const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, nameRule(64))
export const userName = z.string().regex(/^[\w+=,.@-]{1,64}$/, nameRule(64))
export const policyName = z.string().regex(/^[\w+=,.@-]{1,128}$/, nameRule(128))
export const policyDocument = z.string().min(1).max(131_072)
export const path = z
  .string()
  .max(512)
  .regex(
    /^(\/|\/[\u0021-\u007E]+\/)$/,
    'Member must satisfy regular expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007F]+\\u002F)',
  )
  .default('/')
export const arn = z.string().min(20).max(2_048)
export const marker = z.string().min(1).optional()
export const maxItems = z.coerce.number().int().min(1).max(1_000).default(100)

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (value === '' ? [] : value), z.array(item)).default([])
}

export const tags = listOf(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).transform(
  (list) => Object.fromEntries(list.map(({ Key, Value }) => [Key, Value])),
)

export function presentTags(tagsByKey: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tagsByKey).map(([Key, Value]) => ({ Key, Value }))
}

/** IAM works in the account of its caller. */
export function accountOf(call: Call): string {
  if (call.caller.kind === 'anonymous') throw new AwsError('AccessDenied', 'Access denied', { status: 403 })
  return call.caller.accountId
}

function nameRule(length: number): string {
  return `Member must satisfy regular expression pattern: [\\w+=,.@-]+ and have length less than or equal to ${length}`
}
