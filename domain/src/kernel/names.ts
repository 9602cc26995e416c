import type { Branded } from './branded.ts'

/** Our own immutable id of a user: a UUID, given to AWS as SCIM `externalId`. */
export type UserId = Branded<string, 'UserId'>
/** What a person signs in with, an e-mail address by default; equals AWS's `userName` and the SAML NameID. May change. */
export type UserName = Branded<string, 'UserName'>
export type RoleName = Branded<string, 'RoleName'>
/** `metadata.name` of an access list: a UUID, or the AWS group's id for an imported one. Never changes. */
export type AccessListId = Branded<string, 'AccessListId'>
/** A UUID. */
export type AccessListReviewId = Branded<string, 'AccessListReviewId'>
export type AccessRequestId = Branded<string, 'AccessRequestId'>
export type LockId = Branded<string, 'LockId'>
/** Our own id of an enrolled Identity Center instance. */
export type OrganizationId = Branded<string, 'OrganizationId'>

export type Labels = Readonly<Record<string, string>>
export type Traits = Readonly<Record<string, readonly string[]>>

/** The label that marks what came from, or belongs to, Identity Center. */
export const ORIGIN_LABEL = 'teleport.dev/origin'
export const ORIGIN_IDENTITY_CENTER = 'aws-identity-center'
