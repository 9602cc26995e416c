import { z } from 'zod'
import {
  addMembership,
  deleteGroup,
  findGroupConflict,
  findMembership,
  isReservedName,
} from '../identity-store/directory-rules.ts'
import { newDirectoryId } from '../world/ids.ts'
import { text } from '../world/input.ts'
import type { Group } from '../world/records.ts'
import { membershipPair, type World } from '../world/world.ts'
import { answerList, readFilter } from './list-response.ts'
import { type GroupChange, MAX_MEMBERSHIP_CHANGES, readGroupChange } from './patch-group.ts'
import { readMembers } from './patch-request.ts'
import { GROUP_SCHEMA } from './schema-names.ts'
import { duplicate, invalidRequest, notFound } from './scim-error.ts'
import { readBody, type ScimCall, type ScimOperation } from './scim-operation.ts'
import { BY_SCIM, hasExternalId } from './user-operations.ts'
import { presentMeta, PRINTABLE } from './user-resource.ts'

const GROUP_FILTERS = [['displayName'], ['externalId'], ['members.value'], ['id', 'members'], ['id']] as const

const newGroupSchema = z.strictObject({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(GROUP_SCHEMA)),
  id: z.string().optional(),
  meta: z.unknown().optional(),
  displayName: text(1, 1_024, PRINTABLE),
  externalId: text(1, 256, PRINTABLE).optional(),
  members: z.array(z.unknown()).max(MAX_MEMBERSHIP_CHANGES).default([]).transform(readMembers),
})

/** There is no PUT: a group is renamed, and gets and loses members, by PATCH. */
export const groupOperations: readonly ScimOperation[] = [
  {
    name: 'CreateGroup',
    method: 'POST',
    path: '/Groups',
    run(world, call) {
      const { displayName, externalId, members } = readBody(call, newGroupSchema)
      const stamp = { createdAt: call.now, updatedAt: call.now, createdBy: BY_SCIM, updatedBy: BY_SCIM }
      const group: Group = { id: newDirectoryId(), displayName, externalId, ...stamp }
      refuseUnknown(world, members)
      save(world, group)
      changeMembers(world, group.id, { add: members, remove: [] })
      return { status: 201, body: presentGroup(group) }
    },
  },
  {
    name: 'ListGroups',
    method: 'GET',
    path: '/Groups',
    run: (world, call) => answerList(world, call, 'ListGroups', findGroups(world, call), presentGroup),
  },
  {
    name: 'GetGroup',
    method: 'GET',
    path: '/Groups/:id',
    run(world, call) {
      const group = world.groups.seen(call.view).get(call.id)
      if (group === undefined) throw notFound('The group')
      return { status: 200, body: presentGroup(group) }
    },
  },
  {
    name: 'PatchGroup',
    method: 'PATCH',
    path: '/Groups/:id',
    run(world, call) {
      const group = getGroup(world, call)
      const change = readGroupChange(call)
      // All of it or nothing: whatever may be refused comes before the first change.
      refuseUnknown(world, change.add)
      save(world, { ...group, ...change.attributes, updatedAt: call.now, updatedBy: BY_SCIM })
      changeMembers(world, group.id, change)
      return { status: 204 }
    },
  },
  {
    name: 'DeleteGroup',
    method: 'DELETE',
    path: '/Groups/:id',
    run(world, call) {
      deleteGroup(world, getGroup(world, call).id)
      return { status: 204 }
    },
  },
]

/** No answer ever has members: they are read with `members.value` and `groups.value` filters. */
function presentGroup(group: Group): object {
  const { id, displayName, externalId } = group
  return { id, externalId, meta: presentMeta('Group', group), schemas: [GROUP_SCHEMA], displayName, members: [] }
}

function findGroups(world: World, call: ScimCall): readonly Group[] {
  const filter = readFilter(call, GROUP_FILTERS)
  const groups = world.groups.seen(call.view)
  const memberships = world.memberships.seen(call.view)
  if (filter.displayName !== undefined) {
    const found = groups.by('displayName', filter.displayName.toLowerCase())
    return world.knobs.caseSensitiveNames
      ? found.filter(({ displayName }) => displayName === filter.displayName)
      : found
  }
  if (filter.externalId !== undefined) return groups.by('externalId', filter.externalId).filter(hasExternalId)
  const member = filter['members.value']
  if (member !== undefined) {
    const found = memberships.by('user', member).map(({ groupId }) => groups.get(groupId))
    return found.filter((group) => group !== undefined)
  }
  if (filter.id === undefined) return [...groups.values()]
  const group = groups.get(filter.id)
  if (group === undefined) return []
  if (filter.members === undefined) return [group]
  return memberships.by('pair', membershipPair(group.id, filter.members)).length > 0 ? [group] : []
}

function getGroup(world: World, call: ScimCall): Group {
  const group = world.groups.get(call.id)
  if (group === undefined) throw notFound('The group')
  return group
}

function refuseUnknown(world: World, members: readonly string[]) {
  if (members.some((id) => !world.users.has(id))) throw notFound('A member')
}

function save(world: World, group: Group) {
  if (isReservedName(group.displayName)) throw invalidRequest()
  if (findGroupConflict(world, group) !== undefined) throw duplicate()
  world.groups.set(group.id, group)
}

/** Adding who is in already, and removing who is not, changes nothing. */
function changeMembers(world: World, groupId: string, { add, remove }: Pick<GroupChange, 'add' | 'remove'>) {
  for (const userId of remove) {
    const membership = findMembership(world, groupId, userId)
    if (membership !== undefined) world.memberships.delete(membership.id)
  }
  for (const userId of add) {
    if (findMembership(world, groupId, userId) === undefined) addMembership(world, groupId, userId, BY_SCIM)
  }
}
