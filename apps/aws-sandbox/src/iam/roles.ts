import { z } from 'zod'
import { parseTrustPolicy } from '../auth/policy-document.ts'
import type { Caller } from '../world/caller.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { IamRole } from '../world/records.ts'
import { iamKey, type World } from '../world/world.ts'
import { getModifiableRole, getRole, roleArn, saveRole } from './find-role.ts'
import { alreadyExists, checkPolicy, deleteConflict, invalidInput, limitExceeded, noSuchEntity } from './iam-error.ts'
import {
  accountOf,
  arn,
  listOf,
  marker,
  maxItems,
  path,
  policyDocument,
  presentTags,
  roleName,
  tags,
} from './iam-input.ts'
import { paginate } from './paginate.ts'
import { createUniqueId } from './unique-id.ts'

/** IAM User Guide, "IAM and AWS STS quotas": characters of a role trust policy, blanks not counted. */
const MAX_TRUST_POLICY_LENGTH = 2_048
const DEFAULT_SESSION_DURATION = 3_600

const description = z.string().max(1_000).optional()
const maxSessionDuration = z.coerce.number().int().min(3_600).max(43_200)
const ofRole = (world: World, { RoleName }: { RoleName: string }, caller: Caller) => [
  roleArn(world, caller.kind === 'anonymous' ? '' : caller.accountId, RoleName),
]

const createRole = defineOperation({
  service: 'iam',
  name: 'CreateRole',
  input: z.object({
    RoleName: roleName,
    Path: path,
    AssumeRolePolicyDocument: policyDocument,
    Description: description,
    MaxSessionDuration: maxSessionDuration.default(DEFAULT_SESSION_DURATION),
    PermissionsBoundary: arn.optional(),
    Tags: tags,
  }),
  resources: (_, { Path, RoleName }, caller) => [
    `arn:aws:iam::${caller.kind === 'anonymous' ? '' : caller.accountId}:role${Path}${RoleName}`,
  ],
  run(world, input, call) {
    const accountId = accountOf(call)
    if (input.Path.startsWith('/aws-reserved/')) {
      throw invalidInput('The path /aws-reserved/ can only be used by AWS service roles.')
    }
    const trustPolicy = checkTrustPolicy(input.AssumeRolePolicyDocument)
    if (world.iamRoles.has(iamKey(accountId, input.RoleName))) {
      throw alreadyExists(`Role with name ${input.RoleName} already exists.`)
    }
    const quota = world.knobs.roleQuota
    if (world.iamRoles.by('account', accountId).length >= quota) {
      throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${quota}`)
    }
    const role: IamRole = {
      accountId,
      name: input.RoleName,
      path: input.Path,
      id: createUniqueId('AROA'),
      arn: `arn:aws:iam::${accountId}:role${input.Path}${input.RoleName}`,
      trustPolicy,
      description: input.Description,
      maxSessionDuration: input.MaxSessionDuration,
      inlinePolicies: {},
      attachedPolicyArns: [],
      permissionsBoundaryArn: input.PermissionsBoundary,
      tags: input.Tags,
      createdAt: call.now,
      isProtected: false,
    }
    saveRole(world, role)
    return { Role: presentRole(role) }
  },
})

const getRoleOperation = defineOperation({
  service: 'iam',
  name: 'GetRole',
  input: z.object({ RoleName: roleName }),
  resources: ofRole,
  run(world, { RoleName }, call) {
    const role = world.iamRoles.seen(call.view).get(iamKey(accountOf(call), RoleName))
    if (!role) throw noSuchEntity(`The role with name ${RoleName} cannot be found.`)
    return { Role: presentRole(role) }
  },
})

const listRoles = defineOperation({
  service: 'iam',
  name: 'ListRoles',
  input: z.object({ PathPrefix: z.string().max(512).default('/'), Marker: marker, MaxItems: maxItems }),
  resources: (_, { PathPrefix }, caller) => [
    `arn:aws:iam::${caller.kind === 'anonymous' ? '' : caller.accountId}:role${PathPrefix}`,
  ],
  run(world, input, call) {
    const roles = world.iamRoles.seen(call.view).by('account', accountOf(call))
    const matching = roles.filter((role) => role.path.startsWith(input.PathPrefix))
    const { items, paging } = paginate(matching, (role) => role.name, input)
    return { Roles: items.map(presentRoleInList), ...paging }
  },
})

const updateRole = defineOperation({
  service: 'iam',
  name: 'UpdateRole',
  input: z.object({ RoleName: roleName, Description: description, MaxSessionDuration: maxSessionDuration.optional() }),
  resources: ofRole,
  run(world, input, call) {
    const role = getModifiableRole(world, accountOf(call), input.RoleName)
    saveRole(world, {
      ...role,
      description: input.Description ?? role.description,
      maxSessionDuration: input.MaxSessionDuration ?? role.maxSessionDuration,
    })
    return {}
  },
})

const updateRoleDescription = defineOperation({
  service: 'iam',
  name: 'UpdateRoleDescription',
  input: z.object({ RoleName: roleName, Description: z.string().max(1_000) }),
  resources: ofRole,
  run(world, input, call) {
    const role = { ...getModifiableRole(world, accountOf(call), input.RoleName), description: input.Description }
    saveRole(world, role)
    return { Role: presentRole(role) }
  },
})

const updateAssumeRolePolicy = defineOperation({
  service: 'iam',
  name: 'UpdateAssumeRolePolicy',
  input: z.object({ RoleName: roleName, PolicyDocument: policyDocument }),
  resources: ofRole,
  run(world, input, call) {
    const role = getModifiableRole(world, accountOf(call), input.RoleName)
    saveRole(world, { ...role, trustPolicy: checkTrustPolicy(input.PolicyDocument) })
    return {}
  },
})

const deleteRole = defineOperation({
  service: 'iam',
  name: 'DeleteRole',
  input: z.object({ RoleName: roleName }),
  resources: ofRole,
  run(world, { RoleName }, call) {
    const role = getModifiableRole(world, accountOf(call), RoleName)
    if (Object.keys(role.inlinePolicies).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    if (role.attachedPolicyArns.length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
    world.iamRoles.delete(iamKey(role.accountId, role.name))
    return {}
  },
})

const tagRole = defineOperation({
  service: 'iam',
  name: 'TagRole',
  input: z.object({ RoleName: roleName, Tags: tags }),
  resources: ofRole,
  run(world, input, call) {
    const role = getModifiableRole(world, accountOf(call), input.RoleName)
    saveRole(world, { ...role, tags: { ...role.tags, ...input.Tags } })
    return {}
  },
})

const untagRole = defineOperation({
  service: 'iam',
  name: 'UntagRole',
  input: z.object({ RoleName: roleName, TagKeys: listOf(z.string()) }),
  resources: ofRole,
  run(world, input, call) {
    const role = getModifiableRole(world, accountOf(call), input.RoleName)
    const kept = Object.entries(role.tags).filter(([key]) => !input.TagKeys.includes(key))
    saveRole(world, { ...role, tags: Object.fromEntries(kept) })
    return {}
  },
})

const listRoleTags = defineOperation({
  service: 'iam',
  name: 'ListRoleTags',
  input: z.object({ RoleName: roleName, Marker: marker, MaxItems: maxItems }),
  resources: ofRole,
  run(world, input, call) {
    const role = getRole(world, accountOf(call), input.RoleName)
    const { items, paging } = paginate(presentTags(role.tags), ({ Key }) => Key, input)
    return { Tags: items, ...paging }
  },
})

export const roleOperations: readonly Operation[] = [
  createRole,
  getRoleOperation,
  listRoles,
  updateRole,
  updateRoleDescription,
  updateAssumeRolePolicy,
  deleteRole,
  tagRole,
  untagRole,
  listRoleTags,
]

function checkTrustPolicy(text: string): string {
  checkPolicy(parseTrustPolicy, text)
  if (text.replace(/\s/g, '').length > MAX_TRUST_POLICY_LENGTH) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${MAX_TRUST_POLICY_LENGTH}`)
  }
  return text
}

/** As GetRole and CreateRole show it. Policy documents travel URL-encoded. */
function presentRole(role: IamRole): object {
  return {
    ...presentRoleInList(role),
    ...(role.permissionsBoundaryArn !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
        PermissionsBoundaryArn: role.permissionsBoundaryArn,
      },
    }),
    ...(Object.keys(role.tags).length > 0 && { Tags: presentTags(role.tags) }),
    RoleLastUsed: {},
  }
}

/** ListRoles leaves out tags, boundary and last use. */
function presentRoleInList(role: IamRole): object {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    ...(role.description !== undefined && { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
  }
}
