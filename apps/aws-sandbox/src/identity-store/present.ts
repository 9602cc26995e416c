import type { Group, Home, Membership, User } from '../world/records.ts'
import { withUpperNames } from './user-attributes.ts'

export const ENTERPRISE_EXTENSION = 'aws:identitystore:enterprise'

/** Records in the shape in which the Identity Store API shows them. */
export function presentUser(home: Home, user: User, withExtensions: boolean): object {
  const { emails, addresses, phoneNumbers, photos, roles } = user
  const lists = { emails, addresses, phoneNumbers, photos, roles }
  const filled = Object.fromEntries(Object.entries(lists).filter(([, values]) => values.length > 0))
  const { name, displayName, nickName, profileUrl, userType, title } = user
  const { preferredLanguage, locale, timezone, website, birthdate } = user
  const plain = { name, displayName, nickName, profileUrl, userType, title }
  const more = { preferredLanguage, locale, timezone, website, birthdate }
  return {
    IdentityStoreId: home.identityStoreId,
    UserId: user.id,
    UserName: user.userName,
    ...Object(withUpperNames({ ...plain, ...more, ...filled })),
    ...externalIds(home, user.externalId),
    UserStatus: user.active ? 'ENABLED' : 'DISABLED',
    ...(withExtensions && user.enterprise !== undefined
      ? { Extensions: { [ENTERPRISE_EXTENSION]: user.enterprise } }
      : {}),
    ...stamps(user),
  }
}

export function presentGroup(home: Home, group: Group): object {
  return {
    IdentityStoreId: home.identityStoreId,
    GroupId: group.id,
    DisplayName: group.displayName,
    Description: group.description,
    ...externalIds(home, group.externalId),
    ...stamps(group),
  }
}

export function presentMembership(home: Home, membership: Membership): object {
  const { createdAt, createdBy } = membership
  return {
    IdentityStoreId: home.identityStoreId,
    MembershipId: membership.id,
    GroupId: membership.groupId,
    MemberId: { UserId: membership.userId },
    ...stamps({ createdAt, createdBy, updatedAt: createdAt, updatedBy: createdBy }),
  }
}

/** Who issued the external ids that came by SCIM. */
export function scimIssuer(home: Home): string {
  return `https://scim.${home.region}.amazonaws.com/${home.scimTenantId}/scim/v2`
}

function externalIds(home: Home, id: string | undefined) {
  return id === undefined ? {} : { ExternalIds: [{ Issuer: scimIssuer(home), Id: id }] }
}

function stamps(row: { createdAt: number; createdBy: string; updatedAt: number; updatedBy: string }) {
  return {
    CreatedAt: new Date(row.createdAt),
    CreatedBy: row.createdBy,
    UpdatedAt: new Date(row.updatedAt),
    UpdatedBy: row.updatedBy,
  }
}
