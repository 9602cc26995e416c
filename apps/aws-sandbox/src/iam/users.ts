import { z } from 'zod'
import { parseIdentityPolicy } from '../auth/policy-document.ts'
import type { Caller } from '../world/caller.ts'
import { defineOperation, type Call, type Operation } from '../world/operation.ts'
import type { AccessKey, IamUser } from '../world/records.ts'
import { iamKey, type World } from '../world/world.ts'
import { alreadyExists, checkPolicy, deleteConflict, limitExceeded, noSuchEntity } from './iam-error.ts'
import {
  accountOf,
  arn,
  marker,
  maxItems,
  path,
  policyDocument,
  policyName,
  presentTags,
  tags,
  userName,
} from './iam-input.ts'
import { paginate } from './paginate.ts'
import { assertAttachable, nameOfPolicy } from './role-policies.ts'
import { createSecretKey, createUniqueId } from './unique-id.ts'

/** IAM User Guide, "IAM and AWS STS quotas". */
const MAX_ACCESS_KEYS = 2

const accountIn = (caller: Caller) => (caller.kind === 'anonymous' ? '' : caller.accountId)
const ofUser = (world: World, { UserName }: { UserName?: string | undefined }, caller: Caller) => {
  const name = UserName ?? (caller.kind === 'user' ? caller.userName : '')
  const user = world.iamUsers.get(iamKey(accountIn(caller), name))
  return [user?.arn ?? `arn:aws:iam::${accountIn(caller)}:user/${name}`]
}

const createUser = defineOperation({
  service: 'iam',
  name: 'CreateUser',
  input: z.object({ UserName: userName, Path: path, Tags: tags }),
  resources: (_, { Path, UserName }, caller) => [`arn:aws:iam::${accountIn(caller)}:user${Path}${UserName}`],
  run(world, input, call) {
    const accountId = accountOf(call)
    if (world.iamUsers.has(iamKey(accountId, input.UserName))) {
      throw alreadyExists(`User with name ${input.UserName} already exists.`)
    }
    const user: IamUser = {
      accountId,
      arn: `arn:aws:iam::${accountId}:user${input.Path}${input.UserName}`,
      name: input.UserName,
      path: input.Path,
      id: createUniqueId('AIDA'),
      inlinePolicies: {},
      attachedPolicyArns: [],
      tags: input.Tags,
      createdAt: call.now,
    }
    saveUser(world, user)
    return { User: presentUser(user) }
  },
})

const getUserOperation = defineOperation({
  service: 'iam',
  name: 'GetUser',
  input: z.object({ UserName: userName.optional() }),
  resources: ofUser,
  run(world, { UserName }, call) {
    return { User: presentUser(getUser(world, call, UserName)) }
  },
})

const listUsers = defineOperation({
  service: 'iam',
  name: 'ListUsers',
  input: z.object({ PathPrefix: z.string().default('/'), Marker: marker, MaxItems: maxItems }),
  resources: (_, { PathPrefix }, caller) => [`arn:aws:iam::${accountIn(caller)}:user${PathPrefix}`],
  run(world, input, call) {
    const users = world.iamUsers.seen(call.view).by('account', accountOf(call))
    const matching = users.filter((user) => user.path.startsWith(input.PathPrefix))
    const { items, paging } = paginate(matching, (user) => user.name, input)
    return { Users: items.map(presentUser), ...paging }
  },
})

const deleteUser = defineOperation({
  service: 'iam',
  name: 'DeleteUser',
  input: z.object({ UserName: userName }),
  resources: ofUser,
  run(world, { UserName }, call) {
    const user = getUser(world, call, UserName)
    if (keysOf(world, user).length > 0) throw deleteConflict('Cannot delete entity, must delete access keys first.')
    if (Object.keys(user.inlinePolicies).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    if (user.attachedPolicyArns.length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
    world.iamUsers.delete(iamKey(user.accountId, user.name))
    return {}
  },
})

const createAccessKey = defineOperation({
  service: 'iam',
  name: 'CreateAccessKey',
  input: z.object({ UserName: userName.optional() }),
  resources: ofUser,
  run(world, { UserName }, call) {
    const user = getUser(world, call, UserName)
    if (keysOf(world, user).length >= MAX_ACCESS_KEYS) {
      throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${MAX_ACCESS_KEYS}`)
    }
    const key: AccessKey = {
      id: createUniqueId('AKIA', 16),
      secret: createSecretKey(),
      accountId: user.accountId,
      userName: user.name,
      status: 'Active',
      createdAt: call.now,
    }
    world.accessKeys.set(key.id, key)
    return { AccessKey: { ...presentKey(key), SecretAccessKey: key.secret } }
  },
})

const listAccessKeys = defineOperation({
  service: 'iam',
  name: 'ListAccessKeys',
  input: z.object({ UserName: userName.optional(), Marker: marker, MaxItems: maxItems }),
  resources: ofUser,
  run(world, input, call) {
    const keys = keysOf(world, getUser(world, call, input.UserName))
    const { items, paging } = paginate(keys, (key) => key.id, input)
    return { AccessKeyMetadata: items.map(presentKey), ...paging }
  },
})

const updateAccessKey = defineOperation({
  service: 'iam',
  name: 'UpdateAccessKey',
  input: z.object({
    UserName: userName.optional(),
    AccessKeyId: z.string().min(16).max(128),
    Status: z.enum(['Active', 'Inactive']),
  }),
  resources: ofUser,
  run(world, input, call) {
    const key = getKey(world, getUser(world, call, input.UserName), input.AccessKeyId)
    world.accessKeys.set(key.id, { ...key, status: input.Status })
    return {}
  },
})

const deleteAccessKey = defineOperation({
  service: 'iam',
  name: 'DeleteAccessKey',
  input: z.object({ UserName: userName.optional(), AccessKeyId: z.string().min(16).max(128) }),
  resources: ofUser,
  run(world, input, call) {
    world.accessKeys.delete(getKey(world, getUser(world, call, input.UserName), input.AccessKeyId).id)
    return {}
  },
})

const putUserPolicy = defineOperation({
  service: 'iam',
  name: 'PutUserPolicy',
  input: z.object({ UserName: userName, PolicyName: policyName, PolicyDocument: policyDocument }),
  resources: ofUser,
  run(world, input, call) {
    const user = getUser(world, call, input.UserName)
    checkPolicy(parseIdentityPolicy, input.PolicyDocument)
    const inlinePolicies = { ...user.inlinePolicies, [input.PolicyName]: input.PolicyDocument }
    saveUser(world, { ...user, inlinePolicies })
    return {}
  },
})

const deleteUserPolicy = defineOperation({
  service: 'iam',
  name: 'DeleteUserPolicy',
  input: z.object({ UserName: userName, PolicyName: policyName }),
  resources: ofUser,
  run(world, { UserName, PolicyName }, call) {
    const user = getUser(world, call, UserName)
    const { [PolicyName]: removed, ...inlinePolicies } = user.inlinePolicies
    if (removed === undefined) throw noSuchEntity(`The user policy with name ${PolicyName} cannot be found.`)
    saveUser(world, { ...user, inlinePolicies })
    return {}
  },
})

const attachUserPolicy = defineOperation({
  service: 'iam',
  name: 'AttachUserPolicy',
  input: z.object({ UserName: userName, PolicyArn: arn }),
  resources: ofUser,
  run(world, { UserName, PolicyArn }, call) {
    const user = getUser(world, call, UserName)
    assertAttachable(world, user.accountId, PolicyArn)
    saveUser(world, { ...user, attachedPolicyArns: [...new Set([...user.attachedPolicyArns, PolicyArn])] })
    return {}
  },
})

const detachUserPolicy = defineOperation({
  service: 'iam',
  name: 'DetachUserPolicy',
  input: z.object({ UserName: userName, PolicyArn: arn }),
  resources: ofUser,
  run(world, { UserName, PolicyArn }, call) {
    const user = getUser(world, call, UserName)
    if (!user.attachedPolicyArns.includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`)
    saveUser(world, {
      ...user,
      attachedPolicyArns: user.attachedPolicyArns.filter((attached) => attached !== PolicyArn),
    })
    return {}
  },
})

const listAttachedUserPolicies = defineOperation({
  service: 'iam',
  name: 'ListAttachedUserPolicies',
  input: z.object({ UserName: userName, Marker: marker, MaxItems: maxItems }),
  resources: ofUser,
  run(world, input, call) {
    const { attachedPolicyArns } = getUser(world, call, input.UserName)
    const { items, paging } = paginate(attachedPolicyArns, nameOfPolicy, input)
    return {
      AttachedPolicies: items.map((PolicyArn) => ({ PolicyName: nameOfPolicy(PolicyArn), PolicyArn })),
      ...paging,
    }
  },
})

export const userOperations: readonly Operation[] = [
  createUser,
  getUserOperation,
  listUsers,
  deleteUser,
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
  putUserPolicy,
  deleteUserPolicy,
  attachUserPolicy,
  detachUserPolicy,
  listAttachedUserPolicies,
]

/** Without a name, the user who calls. */
function getUser(world: World, call: Call, name: string | undefined): IamUser {
  const wanted = name ?? (call.caller.kind === 'user' ? call.caller.userName : '')
  const user = world.iamUsers.get(iamKey(accountOf(call), wanted))
  if (!user) throw noSuchEntity(`The user with name ${wanted} cannot be found.`)
  return user
}

function saveUser(world: World, user: IamUser): void {
  world.iamUsers.set(iamKey(user.accountId, user.name), user)
}

function keysOf(world: World, user: IamUser): AccessKey[] {
  return world.accessKeys.by('account', user.accountId).filter((key) => key.userName === user.name)
}

function getKey(world: World, user: IamUser, id: string): AccessKey {
  const key = keysOf(world, user).find((candidate) => candidate.id === id)
  if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`)
  return key
}

function presentKey(key: AccessKey) {
  return {
    UserName: key.userName,
    AccessKeyId: key.id,
    Status: key.status,
    CreateDate: new Date(key.createdAt),
  }
}

function presentUser(user: IamUser): object {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    ...(Object.keys(user.tags).length > 0 && { Tags: presentTags(user.tags) }),
  }
}
