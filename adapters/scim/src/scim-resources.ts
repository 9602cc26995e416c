import { IdentityCenterError } from '@gatehouse/application'
import type { AwsGroupId, AwsUserId } from '@gatehouse/domain'
import { z } from 'zod'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const SCHEMAS = {
  user: [USER],
  group: [GROUP],
  patch: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
} as const

/** Opaque: length and control characters only. */
const idSchema = z
  .string()
  .min(1)
  .max(256)
  .refine((id) => !/\p{Cc}/u.test(id))
/** What is missing or of another type is as if it were not there. */
const optionalText = z.string().optional().catch(undefined)

const userSchema = z.object({
  id: idSchema.transform((id) => id as AwsUserId), // checked as far as opaque ids are
  externalId: optionalText,
  userName: optionalText,
  displayName: optionalText,
  name: z.object({ givenName: optionalText, familyName: optionalText }).optional().catch(undefined),
  emails: z
    .array(z.object({ value: optionalText, primary: z.boolean().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
  active: z.boolean().optional().catch(undefined),
})
export type ScimUser = z.infer<typeof userSchema>

const groupSchema = z.object({
  id: idSchema.transform((id) => id as AwsGroupId), // checked as far as opaque ids are
  externalId: optionalText,
  displayName: optionalText,
})
export type ScimGroup = z.infer<typeof groupSchema>

/** Without resources the list has to say that there are none (RFC 7644, 3.4.2). */
const listSchema = z
  .object({
    Resources: z.array(z.unknown()).optional(),
    totalResults: z.number().optional(),
    itemsPerPage: z.number().optional(),
    nextCursor: z.string().max(10_000).nullish(),
  })
  .refine((list) => list.Resources !== undefined || list.totalResults === 0 || list.itemsPerPage === 0)

export interface ScimPage {
  readonly resources: readonly unknown[]
  readonly nextCursor: string | undefined
}

export const parseUser = (operation: string, body: unknown): ScimUser => parse(operation, userSchema, body)
export const parseGroup = (operation: string, body: unknown): ScimGroup => parse(operation, groupSchema, body)

export function parsePage(operation: string, body: unknown): ScimPage {
  const list = parse(operation, listSchema, body)
  return { resources: list.Resources ?? [], nextCursor: list.nextCursor || undefined }
}

export function parseServiceProviderConfig(operation: string, body: unknown): void {
  parse(operation, z.looseObject({ schemas: z.array(z.string()) }), body)
}

/** @throws IdentityCenterError `unavailable`: what can't be read says nothing. */
function parse<T>(operation: string, schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (!result.success)
    throw new IdentityCenterError('unavailable', operation, `${operation}: the answer is not what SCIM says`)
  return result.data
}

const errorSchema = z.object({ detail: z.string() })

/** AWS's own words, in one line of bounded length. */
export function parseErrorDetail(body: unknown): string | undefined {
  const result = errorSchema.safeParse(body)
  return result.success ? result.data.detail.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 500) : undefined
}
