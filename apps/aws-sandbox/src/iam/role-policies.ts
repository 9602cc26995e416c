import { z } from 'zod'
import { parseIdentityPolicy } from '../auth/policy-document.ts'
import { AwsError } from '../http/aws-error.ts'
import { findManagedPolicy } from '../managed-policies/managed-policies.ts'
import type { Caller } from '../world/caller.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import { getModifiableRole, getRole, roleArn, saveRole } from './find-role.ts'
import { checkPolicy, limitExceeded, noSuchEntity } from './iam-error.ts'
import { accountOf, arn, marker, maxItems, policyDocument, policyName, roleName } from './iam-input.ts'
import { paginate } from './paginate.ts'

/** IAM User Guide, "IAM and AWS STS quotas": all inline policies of a role together, blanks not counted. */
const MAX_INLINE_LENGTH = 10_240
/** The same page: managed policies attached to a role, unless raised. */
const MAX_ATTACHED_POLICIES = 10

const ofRole = (world: World, { RoleName }: { RoleName: string }, caller: Caller) => [
  roleArn(world, caller.kind === 'anonymous' ? '' : caller.accountId, RoleName),
]

const putRolePolicy = defineOperation({
  service: 'iam',
  name: 'PutRolePolicy',
  input: z.object({ RoleName: roleName, PolicyName: policyName, PolicyDocument: policyDocument }),
  resources: ofRole,
  run(world, input, call) {
    const role = getModifiableRole(world, accountOf(call), input.RoleName)
    checkPolicy(parseIdentityPolicy, input.PolicyDocument)
    const inlinePolicies = { ...role.inlinePolicies, [input.PolicyName]: input.PolicyDocument }
    if (Object.values(inlinePolicies).join('').replace(/\s/g, '').length > MAX_INLINE_LENGTH) {
      throw limitExceeded(`Maximum policy size of ${MAX_INLINE_LENGTH} bytes exceeded for role ${role.name}`)
    }
    saveRole(world, { ...role, inlinePolicies })
    return {}
  },
})

const getRolePolicy = defineOperation({
  service: 'iam',
  name: 'GetRolePolicy',
  input: z.object({ RoleName: roleName, PolicyName: policyName }),
  resources: ofRole,
  run(world, { RoleName, PolicyName }, call) {
    const document = getRole(world, accountOf(call), RoleName).inlinePolicies[PolicyName]
    if (document === undefined) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`)
    return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(document) }
  },
})

const listRolePolicies = defineOperation({
  service: 'iam',
  name: 'ListRolePolicies',
  input: z.object({ RoleName: roleName, Marker: marker, MaxItems: maxItems }),
  resources: ofRole,
  run(world, input, call) {
    const role = getRole(world, accountOf(call), input.RoleName)
    const { items, paging } = paginate(Object.keys(role.inlinePolicies), (name) => name, input)
    return { PolicyNames: items, ...paging }
  },
})

const deleteRolePolicy = defineOperation({
  service: 'iam',
  name: 'DeleteRolePolicy',
  input: z.object({ RoleName: roleName, PolicyName: policyName }),
  resources: ofRole,
  run(world, { RoleName, PolicyName }, call) {
    const role = getModifiableRole(world, accountOf(call), RoleName)
    const { [PolicyName]: removed, ...inlinePolicies } = role.inlinePolicies
    if (removed === undefined) throw noSuchEntity(`The role policy with name ${PolicyName} cannot be found.`)
    saveRole(world, { ...role, inlinePolicies })
    return {}
  },
})

const attachRolePolicy = defineOperation({
  service: 'iam',
  name: 'AttachRolePolicy',
  input: z.object({ RoleName: roleName, PolicyArn: arn }),
  resources: ofRole,
  run(world, { RoleName, PolicyArn }, call) {
    const role = getModifiableRole(world, accountOf(call), RoleName)
    assertAttachable(world, accountOf(call), PolicyArn)
    // Attaching twice changes nothing and is no error.
    const attachedPolicyArns = [...new Set([...role.attachedPolicyArns, PolicyArn])]
    if (attachedPolicyArns.length > MAX_ATTACHED_POLICIES) {
      throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${MAX_ATTACHED_POLICIES}`)
    }
    saveRole(world, { ...role, attachedPolicyArns })
    return {}
  },
})

const detachRolePolicy = defineOperation({
  service: 'iam',
  name: 'DetachRolePolicy',
  input: z.object({ RoleName: roleName, PolicyArn: arn }),
  resources: ofRole,
  run(world, { RoleName, PolicyArn }, call) {
    const role = getModifiableRole(world, accountOf(call), RoleName)
    if (!role.attachedPolicyArns.includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`)
    saveRole(world, {
      ...role,
      attachedPolicyArns: role.attachedPolicyArns.filter((attached) => attached !== PolicyArn),
    })
    return {}
  },
})

const listAttachedRolePolicies = defineOperation({
  service: 'iam',
  name: 'ListAttachedRolePolicies',
  input: z.object({ RoleName: roleName, PathPrefix: z.string().default('/'), Marker: marker, MaxItems: maxItems }),
  resources: ofRole,
  run(world, input, call) {
    const role = getRole(world, accountOf(call), input.RoleName)
    const matching = role.attachedPolicyArns.filter((attached) => policyPath(attached).startsWith(input.PathPrefix))
    const { items, paging } = paginate(matching, nameOfPolicy, input)
    return {
      AttachedPolicies: items.map((PolicyArn) => ({ PolicyName: nameOfPolicy(PolicyArn), PolicyArn })),
      ...paging,
    }
  },
})

export const rolePolicyOperations: readonly Operation[] = [
  putRolePolicy,
  getRolePolicy,
  listRolePolicies,
  deleteRolePolicy,
  attachRolePolicy,
  detachRolePolicy,
  listAttachedRolePolicies,
]

/** A policy of AWS, or one of the same account. @throws AwsError */
export function assertAttachable(world: World, account: string, policyArn: string): void {
  if (findManagedPolicy(policyArn)) return
  const policy = world.iamPolicies.get(policyArn)
  if (policy?.accountId === account) return
  if (!/^arn:aws[\w-]*:iam::(aws|\d{12}):policy\//.test(policyArn)) {
    throw new AwsError('InvalidInput', `ARN ${policyArn} is not valid.`)
  }
  if (/:iam::aws:policy\/aws-service-role\//.test(policyArn)) {
    throw new AwsError('PolicyNotAttachable', 'Cannot attach a Service Role Policy to a Customer Role.')
  }
  throw noSuchEntity(`Policy ${policyArn} does not exist or is not attachable.`)
}

export function nameOfPolicy(policyArn: string): string {
  return policyArn.slice(policyArn.lastIndexOf('/') + 1)
}

function policyPath(policyArn: string): string {
  return policyArn.slice(policyArn.indexOf(':policy/') + ':policy'.length, policyArn.lastIndexOf('/') + 1)
}
