import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import type { PageRequest } from '../http/page.ts'
import { pageOf } from '../http/page.ts'
import type { Caller } from '../world/caller.ts'
import { paging, text } from '../world/input.ts'
import type { Call } from '../world/operation.ts'
import type { World } from '../world/world.ts'

/** Identity Store API Reference: pages hold 100 rows at most. */
const ROWS_PER_PAGE = 100
export const pageMembers = paging(ROWS_PER_PAGE, 65_535)

const UUID = '[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}'
export const storeMember = {
  IdentityStoreId: text(1, 36, new RegExp(`^d-[0-9a-f]{10}$|^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`)),
}
export const resourceIdSchema = text(1, 47, new RegExp(`^([0-9a-f]{10}-|)${UUID}$`))
export const memberIdSchema = z.object({ UserId: resourceIdSchema })
export const alternateIdentifierSchema = z
  .object({
    ExternalId: z.object({ Issuer: text(1, 100), Id: text(1, 256) }).optional(),
    UniqueAttribute: z.object({ AttributePath: text(1, 255), AttributeValue: z.string() }).optional(),
  })
  .refine(
    (given) => (given.ExternalId === undefined) !== (given.UniqueAttribute === undefined),
    'Exactly one of ExternalId and UniqueAttribute must be given',
  )

/** What policies name when they speak of the directory; single users and groups are not told apart here. */
export function storeResource(world: World, input: { readonly IdentityStoreId: string }): readonly string[] {
  return [`arn:aws:identitystore::${world.home().managementAccountId}:identitystore/${input.IdentityStoreId}`]
}

export type ResourceType = 'USER' | 'GROUP' | 'IDENTITY_STORE' | 'GROUP_MEMBERSHIP'

export function demandStore(world: World, identityStoreId: string) {
  if (identityStoreId !== world.home().identityStoreId) throw notFound('IDENTITY_STORE', identityStoreId)
}

/** Writes come from the management account or a delegated administrator, and never to a directory that AD feeds. */
export function demandWriter(world: World, caller: Caller, identityStoreId: string) {
  demandStore(world, identityStoreId)
  if (world.home().identitySource.kind === 'active-directory') {
    throw new AwsError('AccessDeniedException', 'The directory is managed by Active Directory.')
  }
  if (caller.kind === 'anonymous') throw new AwsError('AccessDeniedException', 'Access denied.')
  if (caller.accountId === world.home().managementAccountId) return
  if (world.delegatedAdministrators.has(`${caller.accountId}/sso.amazonaws.com`)) return
  throw new AwsError('AccessDeniedException', 'Writes come from the management account or a delegated administrator.')
}

export function notFound(type: ResourceType, id: string): AwsError {
  const members = { ResourceType: type, ResourceId: id }
  return new AwsError('ResourceNotFoundException', `${type} not found.`, { members })
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { members: { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' } })
}

export function arnOf(caller: Caller): string {
  return caller.kind === 'anonymous' ? 'anonymous' : caller.arn
}

export function pageHere<Row extends { readonly id: string }>(
  world: World,
  call: Call,
  scope: readonly (string | undefined)[],
  rows: readonly Row[],
  input: PageRequest,
) {
  return pageOf(world, call, rows, input, {
    service: 'identitystore',
    scope,
    keyOf: ({ id }) => id,
    usual: ROWS_PER_PAGE,
  })
}
