import { newDirectoryId } from '../world/ids.ts'
import type { Group, Membership, User } from '../world/records.ts'
import { membershipPair, type World } from '../world/world.ts'

/** Names that Identity Center keeps for itself, for users and groups alike. */
const RESERVED_NAMES = new Set(['administrator', 'awsadministrators'])

export function isReservedName(name: string): boolean {
  return RESERVED_NAMES.has(name.toLowerCase())
}

/**
 * The attribute by which another user is in the way. User names, primary e-mail addresses and external ids are unique
 * (IAM Identity Center User Guide, "Users, groups, and provisioning").
 */
export function findUserConflict(world: World, user: User): 'userName' | 'emails' | 'externalId' | undefined {
  const others = (index: string, value: string) =>
    value === '' ? [] : world.users.by(index, value).filter(({ id }) => id !== user.id)
  if (
    others('userName', user.userName.toLowerCase()).some((other) => isSameName(world, other.userName, user.userName))
  ) {
    return 'userName'
  }
  if (others('email', user.emails[0]?.value?.toLowerCase() ?? '').length > 0) return 'emails'
  return others('externalId', user.externalId ?? '').length > 0 ? 'externalId' : undefined
}

export function findGroupConflict(world: World, group: Group): 'displayName' | 'externalId' | undefined {
  const namesakes = world.groups.by('displayName', group.displayName.toLowerCase())
  if (namesakes.some((other) => other.id !== group.id && isSameName(world, other.displayName, group.displayName))) {
    return 'displayName'
  }
  if (group.externalId === undefined) return undefined
  const twins = world.groups.by('externalId', group.externalId)
  return twins.some(({ id }) => id !== group.id) ? 'externalId' : undefined
}

/** Memberships go with the user; account assignments stay behind, with a principal that is dead. */
export function deleteUser(world: World, userId: string) {
  for (const membership of world.memberships.by('user', userId)) world.memberships.delete(membership.id)
  world.users.delete(userId)
}

export function deleteGroup(world: World, groupId: string) {
  for (const membership of world.memberships.by('group', groupId)) world.memberships.delete(membership.id)
  world.groups.delete(groupId)
}

export function findMembership(world: World, groupId: string, userId: string): Membership | undefined {
  return world.memberships.by('pair', membershipPair(groupId, userId))[0]
}

export function addMembership(world: World, groupId: string, userId: string, by: string): Membership {
  const membership = { id: newDirectoryId(), groupId, userId, createdAt: world.clock.now(), createdBy: by }
  world.memberships.set(membership.id, membership)
  return membership
}

function isSameName(world: World, one: string, other: string): boolean {
  return world.knobs.caseSensitiveNames ? one === other : one.toLowerCase() === other.toLowerCase()
}
