import { deleteUser, findUserConflict, isReservedName } from '../identity-store/directory-rules.ts'
import { newDirectoryId } from '../world/ids.ts'
import type { User } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { answerList, readFilter } from './list-response.ts'
import { readPatch } from './patch-request.ts'
import { patchUser } from './patch-user.ts'
import { duplicate, invalidRequest, notFound } from './scim-error.ts'
import { fit, readBody, type ScimCall, type ScimOperation } from './scim-operation.ts'
import {
  changedUserSchema,
  newUserSchema,
  presentUser,
  replacedUserSchema,
  toAttributes,
  toRecord,
  type UserAttributes,
} from './user-resource.ts'

/** Who did it, in the records. */
export const BY_SCIM = 'scim'

const USER_FILTERS = [['userName'], ['externalId'], ['groups.value'], ['id', 'manager'], ['id']] as const

export const userOperations: readonly ScimOperation[] = [
  {
    name: 'CreateUser',
    method: 'POST',
    path: '/Users',
    run(world, call) {
      const { schemas: _schemas, id: _id, meta: _meta, ...attributes } = readBody(call, newUserSchema)
      const stamp = { createdAt: call.now, createdBy: BY_SCIM }
      const user = save(world, call, { id: newDirectoryId(), photos: [], ...stamp }, attributes)
      return { status: 201, body: presentUser(user) }
    },
  },
  {
    name: 'ListUsers',
    method: 'GET',
    path: '/Users',
    run: (world, call) => answerList(world, call, 'ListUsers', findUsers(world, call), presentUser),
  },
  {
    name: 'GetUser',
    method: 'GET',
    path: '/Users/:id',
    run(world, call) {
      const user = world.users.seen(call.view).get(call.id)
      if (user === undefined) throw notFound('The user')
      return { status: 200, body: presentUser(user) }
    },
  },
  {
    name: 'PutUser',
    method: 'PUT',
    path: '/Users/:id',
    run(world, call) {
      const user = getUser(world, call)
      const { schemas: _schemas, id: _id, meta: _meta, ...attributes } = readBody(call, replacedUserSchema)
      return { status: 200, body: presentUser(save(world, call, beyondScim(user), attributes)) }
    },
  },
  {
    name: 'PatchUser',
    method: 'PATCH',
    path: '/Users/:id',
    run(world, call) {
      const user = getUser(world, call)
      const attributes = fit(changedUserSchema, patchUser(toAttributes(user), readPatch(call)))
      return { status: 200, body: presentUser(save(world, call, beyondScim(user), attributes)) }
    },
  },
  {
    name: 'DeleteUser',
    method: 'DELETE',
    path: '/Users/:id',
    run(world, call) {
      deleteUser(world, getUser(world, call).id)
      return { status: 204 }
    },
  },
]

function findUsers(world: World, call: ScimCall): readonly User[] {
  const filter = readFilter(call, USER_FILTERS)
  const users = world.users.seen(call.view)
  if (filter.userName !== undefined) {
    const found = users.by('userName', filter.userName.toLowerCase())
    return world.knobs.caseSensitiveNames ? found.filter(({ userName }) => userName === filter.userName) : found
  }
  if (filter.externalId !== undefined) return users.by('externalId', filter.externalId).filter(hasExternalId)
  const group = filter['groups.value']
  if (group !== undefined) {
    const memberships = world.memberships.seen(call.view).by('group', group)
    return memberships.map(({ userId }) => users.get(userId)).filter((user) => user !== undefined)
  }
  if (filter.id === undefined) return [...users.values()]
  const user = users.get(filter.id)
  if (user === undefined) return []
  return filter.manager === undefined || user.enterprise?.manager?.value === filter.manager ? [user] : []
}

/** The index keeps those without an external id under the empty text. */
export function hasExternalId(row: { readonly externalId?: string | undefined }): boolean {
  return row.externalId !== undefined
}

function getUser(world: World, call: ScimCall): User {
  const user = world.users.get(call.id)
  if (user === undefined) throw notFound('The user')
  return user
}

/** What SCIM can't change. */
type BeyondScim = Pick<User, 'id' | 'photos' | 'website' | 'birthdate' | 'createdAt' | 'createdBy'>
function beyondScim({ id, photos, website, birthdate, createdAt, createdBy }: User): BeyondScim {
  return { id, photos, website, birthdate, createdAt, createdBy }
}

function save(world: World, call: ScimCall, kept: BeyondScim, attributes: UserAttributes): User {
  const user: User = { ...kept, ...toRecord(attributes), updatedAt: call.now, updatedBy: BY_SCIM }
  if (isReservedName(user.userName)) throw invalidRequest()
  if (findUserConflict(world, user) !== undefined) throw duplicate()
  world.users.set(user.id, user)
  return user
}
