import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { text } from '../world/input.ts'
import { defineOperation, type Call, type Operation } from '../world/operation.ts'
import type { PermissionSet } from '../world/records.ts'
import type { World } from '../world/world.ts'
import {
  demandInstance,
  demandOutsideManagement,
  getPermissionSet,
  idOf,
  notFound,
  pageHere,
  pageMembers,
  permissionSetMembers,
} from './input.ts'

/** IAM Identity Center User Guide, "Quotas". */
const MOST_MANAGED_POLICIES = 20
/** Of the 32 768 bytes that an inline policy may have, so many may be other than blank. */
const LONGEST_INLINE_POLICY = 10_240
const managedPolicyArnSchema = text(
  20,
  2_048,
  /^arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy\/((?:[A-Za-z0-9.\-_+=,@]+\/)*)[A-Za-z0-9.\-_+=,@]+$/,
)
const referenceSchema = z.object({
  Name: text(1, 128, /^[\w+=,.@-]+$/),
  Path: text(1, 512, /^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/).default('/'),
})
const boundarySchema = z
  .object({
    CustomerManagedPolicyReference: referenceSchema.optional(),
    ManagedPolicyArn: managedPolicyArnSchema.optional(),
  })
  .refine(
    (given) => (given.CustomerManagedPolicyReference === undefined) !== (given.ManagedPolicyArn === undefined),
    'Exactly one of CustomerManagedPolicyReference and ManagedPolicyArn must be given',
  )

type PermissionSetInput = { readonly InstanceArn: string; readonly PermissionSetArn: string }
const resources = (_world: World, input: PermissionSetInput) => [input.InstanceArn, input.PermissionSetArn]

export const policyOperations: readonly Operation[] = [
  defineOperation({
    service: 'sso-admin',
    name: 'AttachManagedPolicyToPermissionSet',
    input: z.object({ ...permissionSetMembers, ManagedPolicyArn: managedPolicyArnSchema }),
    resources,
    run(world, input, call) {
      const permissionSet = getForChange(world, call, input)
      const arn = input.ManagedPolicyArn
      if (permissionSet.managedPolicies.some((policy) => policy.arn === arn)) {
        const text = `Permission set with id ${idOf(permissionSet.arn)} already has a typed link attachment to a manged policy with ${arn}`
        throw new AwsError('ConflictException', text)
      }
      refuseTooMany(permissionSet)
      const policy = { name: arn.split('/').at(-1) ?? arn, arn }
      change(world, permissionSet, { managedPolicies: [...permissionSet.managedPolicies, policy] })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DetachManagedPolicyFromPermissionSet',
    input: z.object({ ...permissionSetMembers, ManagedPolicyArn: managedPolicyArnSchema }),
    resources,
    run(world, input, call) {
      const permissionSet = getForChange(world, call, input)
      const managedPolicies = permissionSet.managedPolicies.filter(({ arn }) => arn !== input.ManagedPolicyArn)
      if (managedPolicies.length === permissionSet.managedPolicies.length) {
        throw notFound(`Could not find ManagedPolicy with arn ${input.ManagedPolicyArn}`)
      }
      change(world, permissionSet, { managedPolicies })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'ListManagedPoliciesInPermissionSet',
    input: z.object({ ...permissionSetMembers, ...pageMembers }),
    resources,
    run(world, input, call) {
      const { managedPolicies, arn } = getForRead(world, call, input)
      const page = pageHere(world, call, ['managed policies', arn], managedPolicies, (policy) => policy.arn, input)
      return {
        AttachedManagedPolicies: page.rows.map((policy) => ({ Name: policy.name, Arn: policy.arn })),
        NextToken: page.NextToken,
      }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'AttachCustomerManagedPolicyReferenceToPermissionSet',
    input: z.object({ ...permissionSetMembers, CustomerManagedPolicyReference: referenceSchema }),
    resources,
    run(world, input, call) {
      const permissionSet = getForChange(world, call, input)
      const { Name: name, Path: path } = input.CustomerManagedPolicyReference
      if (permissionSet.customerManagedPolicies.some((policy) => policy.name === name && policy.path === path)) {
        throw new AwsError('ConflictException', `Permission set already has a reference to ${path}${name}.`)
      }
      refuseTooMany(permissionSet)
      change(world, permissionSet, {
        customerManagedPolicies: [...permissionSet.customerManagedPolicies, { name, path }],
      })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DetachCustomerManagedPolicyReferenceFromPermissionSet',
    input: z.object({ ...permissionSetMembers, CustomerManagedPolicyReference: referenceSchema }),
    resources,
    run(world, input, call) {
      const permissionSet = getForChange(world, call, input)
      const { Name, Path } = input.CustomerManagedPolicyReference
      const customerManagedPolicies = permissionSet.customerManagedPolicies.filter(
        ({ name, path }) => name !== Name || path !== Path,
      )
      if (customerManagedPolicies.length === permissionSet.customerManagedPolicies.length) {
        throw notFound(`Could not find CustomerManagedPolicyReference ${Path}${Name}`)
      }
      change(world, permissionSet, { customerManagedPolicies })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'ListCustomerManagedPolicyReferencesInPermissionSet',
    input: z.object({ ...permissionSetMembers, ...pageMembers }),
    resources,
    run(world, input, call) {
      const { customerManagedPolicies, arn } = getForRead(world, call, input)
      const keyOf = ({ name, path }: { name: string; path: string }) => `${path}${name}`
      const page = pageHere(world, call, ['customer policies', arn], customerManagedPolicies, keyOf, input)
      const references = page.rows.map(({ name, path }) => ({ Name: name, Path: path }))
      return { CustomerManagedPolicyReferences: references, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'PutInlinePolicyToPermissionSet',
    input: z.object({ ...permissionSetMembers, InlinePolicy: text(1, 32_768) }),
    resources,
    run(world, input, call) {
      const permissionSet = getForChange(world, call, input)
      demandPolicyDocument(input.InlinePolicy)
      change(world, permissionSet, { inlinePolicy: input.InlinePolicy })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'GetInlinePolicyForPermissionSet',
    input: z.object(permissionSetMembers),
    resources,
    run(world, input, call) {
      return { InlinePolicy: getForRead(world, call, input).inlinePolicy ?? '' }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DeleteInlinePolicyFromPermissionSet',
    input: z.object(permissionSetMembers),
    resources,
    run(world, input, call) {
      const permissionSet = getForChange(world, call, input)
      change(world, permissionSet, { inlinePolicy: undefined })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'PutPermissionsBoundaryToPermissionSet',
    input: z.object({ ...permissionSetMembers, PermissionsBoundary: boundarySchema }),
    resources,
    run(world, input, call) {
      const permissionSet = getForChange(world, call, input)
      const { CustomerManagedPolicyReference: reference, ManagedPolicyArn } = input.PermissionsBoundary
      change(world, permissionSet, {
        permissionsBoundary:
          reference === undefined
            ? { managedPolicyArn: ManagedPolicyArn ?? '' }
            : { customerManagedPolicyReference: { name: reference.Name, path: reference.Path } },
      })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'GetPermissionsBoundaryForPermissionSet',
    input: z.object(permissionSetMembers),
    resources,
    run(world, input, call) {
      const { permissionsBoundary } = getForRead(world, call, input)
      if (permissionsBoundary === undefined) throw notFound('Could not find a permissions boundary.')
      if ('managedPolicyArn' in permissionsBoundary) {
        return { PermissionsBoundary: { ManagedPolicyArn: permissionsBoundary.managedPolicyArn } }
      }
      const { name, path } = permissionsBoundary.customerManagedPolicyReference
      return { PermissionsBoundary: { CustomerManagedPolicyReference: { Name: name, Path: path } } }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DeletePermissionsBoundaryFromPermissionSet',
    input: z.object(permissionSetMembers),
    resources,
    run(world, input, call) {
      const permissionSet = getForChange(world, call, input)
      if (permissionSet.permissionsBoundary === undefined) throw notFound('Could not find a permissions boundary.')
      change(world, permissionSet, { permissionsBoundary: undefined })
      return {}
    },
  }),
]

function getForRead(world: World, call: Call, input: PermissionSetInput): PermissionSet {
  demandInstance(world, call.caller, input.InstanceArn)
  return getPermissionSet(world.permissionSets.seen(call.view), input.PermissionSetArn)
}

/** Policies of a set can't change while the set is being provisioned; AWS says to try again. */
function getForChange(world: World, call: Call, input: PermissionSetInput): PermissionSet {
  demandInstance(world, call.caller, input.InstanceArn)
  demandOutsideManagement(world, call.caller, 'sso:UpdatePermissionSet', input.PermissionSetArn)
  const permissionSet = getPermissionSet(world.permissionSets, input.PermissionSetArn)
  const isBusy = world.asyncRequests
    .by('status', 'IN_PROGRESS')
    .some(({ permissionSetArn, changesRole }) => permissionSetArn === permissionSet.arn && changesRole === true)
  if (isBusy && !call.immediate) {
    throw new AwsError(
      'ConflictException',
      'There is a conflicting operation in process for this resource. Please try again.',
    )
  }
  return permissionSet
}

/** Takes effect in accounts when the set is provisioned again. */
function change(world: World, permissionSet: PermissionSet, changes: Partial<PermissionSet>) {
  world.permissionSets.set(permissionSet.arn, { ...permissionSet, ...changes, revision: permissionSet.revision + 1 })
}

function refuseTooMany({ arn, managedPolicies, customerManagedPolicies }: PermissionSet) {
  if (managedPolicies.length + customerManagedPolicies.length < MOST_MANAGED_POLICIES) return
  throw new AwsError(
    'ServiceQuotaExceededException',
    `You have exceeded AWS SSO limits. Cannot create ManagedPolicy more than ${MOST_MANAGED_POLICIES} for id ${idOf(arn)}. ` +
      'Please refer to https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html',
  )
}

function demandPolicyDocument(document: string) {
  if (document.replaceAll(/\s/g, '').length > LONGEST_INLINE_POLICY) {
    throw new AwsError(
      'ServiceQuotaExceededException',
      'The inline policy has more than 10240 characters that are not blank.',
    )
  }
  try {
    const parsed: unknown = JSON.parse(document)
    if (typeof parsed === 'object' && parsed !== null && 'Statement' in parsed) return
  } catch {
    // Falls through to the refusal: text that is no JSON is no policy.
  }
  throw new AwsError('ValidationException', 'The inline policy is not a valid policy document.')
}
