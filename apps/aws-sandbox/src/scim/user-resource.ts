import { z } from 'zod'
import { text } from '../world/input.ts'
import type { TypedValue, User } from '../world/records.ts'
import { ENTERPRISE_SCHEMA, USER_SCHEMA } from './schema-names.ts'

/** Control and format characters, zero-width ones among them, are refused everywhere. */
export const PRINTABLE = /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00A0\u3000]+$/u
const NAME_WITHOUT_BLANKS = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u
const NAME_WITH_BLANKS = /^[\p{L}\p{M}\p{S}\p{N}\p{P} \u00A0]+$/u

const line = text(1, 1_024, PRINTABLE)
const typedValue = z.strictObject({ value: line, type: line.optional(), primary: z.boolean().optional() })

/** What SCIM may say of a user; anything else, password, photos and groups included, violates the schema. */
const attributes = {
  externalId: text(1, 256, PRINTABLE).optional(),
  name: z.strictObject({
    formatted: line.optional(),
    familyName: line,
    givenName: line,
    middleName: line.optional(),
    honorificPrefix: line.optional(),
    honorificSuffix: line.optional(),
  }),
  displayName: line,
  nickName: line.optional(),
  profileUrl: line.optional(),
  title: line.optional(),
  userType: line.optional(),
  preferredLanguage: line.optional(),
  locale: line.optional(),
  timezone: line.optional(),
  // What a PUT without it means is unpublished; it overwrites all else, so it overwrites this.
  active: z.boolean().default(true),
  emails: z
    .array(z.strictObject({ value: line, type: line.optional(), primary: z.literal(true) }))
    .max(1)
    .default([]),
  addresses: z
    .array(
      z.strictObject({
        streetAddress: line.optional(),
        locality: line.optional(),
        region: line.optional(),
        postalCode: line.optional(),
        country: line.optional(),
        formatted: line.optional(),
        type: line.optional(),
        primary: z.boolean().optional(),
      }),
    )
    .max(1)
    .default([]),
  phoneNumbers: z.array(typedValue).max(1).default([]),
  roles: z.array(typedValue).max(1).default([]),
  [ENTERPRISE_SCHEMA]: z
    .strictObject({
      employeeNumber: line.optional(),
      costCenter: line.optional(),
      organization: line.optional(),
      division: line.optional(),
      department: line.optional(),
      manager: z.strictObject({ value: line.optional(), $ref: line.optional() }).optional(),
    })
    .optional(),
}

const changedAttributes = { ...attributes, userName: text(1, 128, NAME_WITH_BLANKS) }
/** What the server says itself is not taken from the caller, but may be sent back. */
const wrapper = {
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(USER_SCHEMA)),
  id: z.string().optional(),
  meta: z.unknown().optional(),
}

/** The guide forbids blanks in the user name of a new user, and allows them in a PUT ("CreateUser", "PutUser"). */
export const newUserSchema = z.strictObject({ ...wrapper, ...attributes, userName: text(1, 128, NAME_WITHOUT_BLANKS) })
export const replacedUserSchema = z.strictObject({ ...wrapper, ...changedAttributes })
export const changedUserSchema = z.strictObject(changedAttributes)
export type UserAttributes = z.infer<typeof changedUserSchema>

/** The attributes as the record keeps them. */
export function toRecord({ [ENTERPRISE_SCHEMA]: enterprise, ...parsed }: UserAttributes) {
  return { ...parsed, externalId: parsed.externalId, enterprise }
}

/** The attributes of a user as SCIM says them: what `changedUserSchema` reads. */
export function toAttributes(user: User): Record<string, unknown> {
  const { userName, externalId, name, displayName, nickName, profileUrl, title, userType } = user
  const { preferredLanguage, locale, timezone, active, emails, addresses, phoneNumbers, roles, enterprise } = user
  const person = { userName, externalId, name, displayName, nickName, profileUrl, title, userType }
  const settings = { preferredLanguage, locale, timezone, active }
  return {
    ...person,
    ...settings,
    emails: emails.map((email) => ({ ...withoutDisplay(email), primary: true })),
    addresses,
    phoneNumbers: phoneNumbers.map(withoutDisplay),
    roles: roles.map(withoutDisplay),
    [ENTERPRISE_SCHEMA]: enterprise,
  }
}

export function presentUser(user: User): object {
  const filled = Object.entries(toAttributes(user)).filter(([, value]) => !Array.isArray(value) || value.length > 0)
  return {
    id: user.id,
    meta: presentMeta('User', user),
    schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA],
    ...Object.fromEntries(filled),
  }
}

export function presentMeta(resourceType: string, row: { readonly createdAt: number; readonly updatedAt: number }) {
  return { resourceType, created: formatSeconds(row.createdAt), lastModified: formatSeconds(row.updatedAt) }
}

const formatSeconds = (instant: number) => new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z')

/** The Identity Store API has a name for display in each value; SCIM does not show it. */
function withoutDisplay({ display: _display, ...value }: TypedValue): TypedValue {
  return value
}
