import { z } from 'zod'
import { listOf, text } from '../world/input.ts'
import type { User } from '../world/records.ts'

const SENSITIVE = text(1, 1_024)
const typedValue = z.object({
  value: SENSITIVE.optional(),
  type: SENSITIVE.optional(),
  display: SENSITIVE.optional(),
  primary: z.boolean().optional(),
})
const enterprise = z.object({
  employeeNumber: SENSITIVE.optional(),
  costCenter: SENSITIVE.optional(),
  organization: SENSITIVE.optional(),
  division: SENSITIVE.optional(),
  department: SENSITIVE.optional(),
  manager: z.object({ value: SENSITIVE.optional(), $ref: SENSITIVE.optional() }).optional(),
})

/** What a caller may say of a user, under the names that `UpdateUser` uses in its attribute paths. */
export const userAttributesSchema = z.object({
  userName: text(1, 128, /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u),
  name: z.object({
    formatted: SENSITIVE.optional(),
    // Required by Identity Center although the model leaves them optional.
    familyName: text(1, 1_024),
    givenName: text(1, 1_024),
    middleName: SENSITIVE.optional(),
    honorificPrefix: SENSITIVE.optional(),
    honorificSuffix: SENSITIVE.optional(),
  }),
  displayName: SENSITIVE,
  nickName: SENSITIVE.optional(),
  profileUrl: SENSITIVE.optional(),
  emails: listOf(typedValue, 0, 1).default([]),
  addresses: listOf(
    z.object({
      streetAddress: SENSITIVE.optional(),
      locality: SENSITIVE.optional(),
      region: SENSITIVE.optional(),
      postalCode: SENSITIVE.optional(),
      country: SENSITIVE.optional(),
      formatted: SENSITIVE.optional(),
      type: SENSITIVE.optional(),
      primary: z.boolean().optional(),
    }),
    0,
    1,
  ).default([]),
  phoneNumbers: listOf(typedValue, 0, 1).default([]),
  photos: listOf(typedValue, 0, 3).default([]),
  roles: listOf(typedValue, 0, 1).default([]),
  userType: SENSITIVE.optional(),
  title: SENSITIVE.optional(),
  preferredLanguage: SENSITIVE.optional(),
  locale: SENSITIVE.optional(),
  timezone: SENSITIVE.optional(),
  website: SENSITIVE.optional(),
  birthdate: SENSITIVE.optional(),
  enterprise: enterprise.optional(),
})

/** The attributes of a stored user, in the shape that `userAttributesSchema` reads. */
export function attributesOf(user: User): Record<string, unknown> {
  const { id: _id, active: _active, externalId: _externalId, ...attributes } = user
  return attributes
}

/** `GivenName` and `givenName` are one attribute: the API writes the former, its attribute paths the latter. */
export function withLowerNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLowerNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      withLowerNames(member),
    ]),
  )
}

export function withUpperNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUpperNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      withUpperNames(member),
    ]),
  )
}
