import { z } from 'zod'
import { parseIdentityPolicy } from '../auth/policy-document.ts'
import { findManagedPolicy } from '../managed-policies/managed-policies.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { IamPolicy } from '../world/records.ts'
import { iamKey, type World } from '../world/world.ts'
import { alreadyExists, checkPolicy, deleteConflict, invalidInput, noSuchEntity } from './iam-error.ts'
import { accountOf, arn, marker, maxItems, path, policyDocument, policyName, tags } from './iam-input.ts'
import { paginate } from './paginate.ts'
import { createUniqueId } from './unique-id.ts'

const policyArn = z.object({ PolicyArn: arn })
const ofPolicy = (_: World, { PolicyArn }: z.infer<typeof policyArn>) => [PolicyArn]

const createPolicy = defineOperation({
  service: 'iam',
  name: 'CreatePolicy',
  input: z.object({
    PolicyName: policyName,
    Path: path,
    PolicyDocument: policyDocument,
    Description: z.string().max(1_000).optional(),
    Tags: tags,
  }),
  resources: (_, { Path, PolicyName }, caller) => [
    `arn:aws:iam::${caller.kind === 'anonymous' ? '' : caller.accountId}:policy${Path}${PolicyName}`,
  ],
  run(world, input, call) {
    const accountId = accountOf(call)
    checkPolicy(parseIdentityPolicy, input.PolicyDocument)
    const sameName = world.iamPolicies
      .by('account', accountId)
      .some(({ name }) => iamKey('', name) === iamKey('', input.PolicyName))
    if (sameName)
      throw alreadyExists(`A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`)
    const policy: IamPolicy = {
      accountId,
      arn: `arn:aws:iam::${accountId}:policy${input.Path}${input.PolicyName}`,
      name: input.PolicyName,
      path: input.Path,
      id: createUniqueId('ANPA'),
      description: input.Description,
      defaultVersionId: 'v1',
      versions: [{ id: 'v1', document: input.PolicyDocument, createdAt: call.now }],
      tags: input.Tags,
      createdAt: call.now,
      updatedAt: call.now,
    }
    world.iamPolicies.set(policy.arn, policy)
    return { Policy: presentPolicy(world, policy) }
  },
})

const getPolicy = defineOperation({
  service: 'iam',
  name: 'GetPolicy',
  input: policyArn,
  resources: ofPolicy,
  run(world, { PolicyArn }, call) {
    const managed = findManagedPolicy(PolicyArn)
    if (managed) {
      const { name, path: managedPath, arn: managedArn, description } = managed
      return {
        Policy: {
          PolicyName: name,
          Arn: managedArn,
          Path: managedPath,
          Description: description,
          DefaultVersionId: 'v1',
          IsAttachable: true,
        },
      }
    }
    const policy = world.iamPolicies.seen(call.view).get(PolicyArn)
    if (policy?.accountId !== accountOf(call)) throw notFound(PolicyArn)
    return { Policy: presentPolicy(world, policy) }
  },
})

const listPolicies = defineOperation({
  service: 'iam',
  name: 'ListPolicies',
  input: z.object({
    Scope: z.enum(['All', 'AWS', 'Local']).default('All'),
    PathPrefix: z.string().default('/'),
    Marker: marker,
    MaxItems: maxItems,
  }),
  run(world, input, call) {
    if (input.Scope === 'AWS') throw invalidInput('The sandbox lists only the policies of the account: Scope=Local.')
    const policies = world.iamPolicies.seen(call.view).by('account', accountOf(call))
    const matching = policies.filter((policy) => policy.path.startsWith(input.PathPrefix))
    const { items, paging } = paginate(matching, (policy) => policy.name, input)
    return { Policies: items.map((policy) => presentPolicy(world, policy)), ...paging }
  },
})

const deletePolicy = defineOperation({
  service: 'iam',
  name: 'DeletePolicy',
  input: policyArn,
  resources: ofPolicy,
  run(world, { PolicyArn }, call) {
    const policy = world.iamPolicies.get(PolicyArn)
    if (policy?.accountId !== accountOf(call)) throw notFound(PolicyArn)
    if (countAttachments(world, policy) > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
    world.iamPolicies.delete(PolicyArn)
    return {}
  },
})

export const policyOperations: readonly Operation[] = [createPolicy, getPolicy, listPolicies, deletePolicy]

function notFound(wanted: string) {
  return noSuchEntity(`Policy ${wanted} was not found.`)
}

function countAttachments(world: World, policy: IamPolicy): number {
  const holders = [...world.iamRoles.by('account', policy.accountId), ...world.iamUsers.by('account', policy.accountId)]
  return holders.filter((holder) => holder.attachedPolicyArns.includes(policy.arn)).length
}

function presentPolicy(world: World, policy: IamPolicy): object {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: countAttachments(world, policy),
    IsAttachable: true,
    ...(policy.description !== undefined && { Description: policy.description }),
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  }
}
