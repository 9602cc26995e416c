import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { randomHex } from '../world/ids.ts'
import { accountIdSchema, oneOf, tagListSchema, text } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { PermissionSet } from '../world/records.ts'
import type { World } from '../world/world.ts'
import {
  accountResource,
  demandAccount,
  demandInstance,
  demandOutsideManagement,
  getPermissionSet,
  instanceMember,
  pageHere,
  pageMembers,
  permissionSetMembers,
} from './input.ts'

/** IAM Identity Center User Guide, "Quotas". */
const MOST_PERMISSION_SETS = 3_500
const DURATION =
  /^(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const descriptionSchema = text(1, 700, /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]*$/)
const durationSchema = text(1, 100, DURATION).refine(
  isWithinTwelveHours,
  'Session duration must be between 1 and 12 hours',
)
const relayStateSchema = text(1, 240, /^[a-zA-Z0-9&$@#\\/%?=~\-_'"|!:,.;*+[\] (){}]+$/)
const provisioningStatusSchema = oneOf('LATEST_PERMISSION_SET_PROVISIONED', 'LATEST_PERMISSION_SET_NOT_PROVISIONED')

export const permissionSetOperations: readonly Operation[] = [
  defineOperation({
    service: 'sso-admin',
    name: 'ListPermissionSets',
    input: z.object({ ...instanceMember, ...pageMembers }),
    resources: (_world, input) => [input.InstanceArn],
    run(world, input, call) {
      demandInstance(world, call.caller, input.InstanceArn)
      const arns = [...world.permissionSets.seen(call.view).values()].map(({ arn }) => arn)
      const page = pageHere(world, call, ['ListPermissionSets'], arns, (arn) => arn, input)
      return { PermissionSets: page.rows, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DescribePermissionSet',
    input: z.object(permissionSetMembers),
    resources: (_world, input) => [input.InstanceArn, input.PermissionSetArn],
    run(world, input, call) {
      demandInstance(world, call.caller, input.InstanceArn)
      const permissionSet = getPermissionSet(world.permissionSets.seen(call.view), input.PermissionSetArn)
      return { PermissionSet: presentPermissionSet(permissionSet) }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'CreatePermissionSet',
    input: z.object({
      ...instanceMember,
      Name: text(1, 32, /^[\w+=,.@-]+$/),
      Description: descriptionSchema.optional(),
      SessionDuration: durationSchema.optional(),
      RelayState: relayStateSchema.optional(),
      Tags: tagListSchema(75).optional(),
    }),
    resources: (_world, input) => [input.InstanceArn],
    run(world, input, call) {
      demandInstance(world, call.caller, input.InstanceArn)
      if (world.permissionSets.by('name', input.Name).length > 0) {
        throw new AwsError('ConflictException', `PermissionSet with name ${input.Name} already exists`)
      }
      if (world.permissionSets.size >= MOST_PERMISSION_SETS) {
        throw new AwsError('ServiceQuotaExceededException', 'You have exceeded AWS SSO limits for PermissionSet.')
      }
      const permissionSet: PermissionSet = {
        arn: newPermissionSetArn(input.InstanceArn),
        name: input.Name,
        description: input.Description,
        sessionDuration: input.SessionDuration ?? 'PT1H',
        relayState: input.RelayState,
        managedPolicies: [],
        customerManagedPolicies: [],
        revision: 1,
        createdAt: call.now,
      }
      world.permissionSets.set(permissionSet.arn, permissionSet)
      const tags = Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
      if (input.Tags !== undefined) world.tags.set(permissionSet.arn, { resourceId: permissionSet.arn, tags })
      return { PermissionSet: presentPermissionSet(permissionSet) }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'UpdatePermissionSet',
    input: z.object({
      ...permissionSetMembers,
      Description: descriptionSchema.optional(),
      SessionDuration: durationSchema.optional(),
      RelayState: relayStateSchema.optional(),
    }),
    resources: (_world, input) => [input.InstanceArn, input.PermissionSetArn],
    run(world, input, call) {
      demandInstance(world, call.caller, input.InstanceArn)
      demandOutsideManagement(world, call.caller, 'sso:UpdatePermissionSet', input.PermissionSetArn)
      const permissionSet = getPermissionSet(world.permissionSets, input.PermissionSetArn)
      // What is left out stays as it is.
      world.permissionSets.set(permissionSet.arn, {
        ...permissionSet,
        description: input.Description ?? permissionSet.description,
        sessionDuration: input.SessionDuration ?? permissionSet.sessionDuration,
        relayState: input.RelayState ?? permissionSet.relayState,
        revision: permissionSet.revision + 1,
      })
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'DeletePermissionSet',
    input: z.object(permissionSetMembers),
    resources: (_world, input) => [input.InstanceArn, input.PermissionSetArn],
    run(world, input, call) {
      demandInstance(world, call.caller, input.InstanceArn)
      demandOutsideManagement(world, call.caller, 'sso:DeletePermissionSet', input.PermissionSetArn)
      const { arn, name } = getPermissionSet(world.permissionSets, input.PermissionSetArn)
      if (isUsed(world, arn)) {
        throw new AwsError(
          'ConflictException',
          `Could not delete because PermissionSet ${name} is associated with an application profile.`,
        )
      }
      world.permissionSets.delete(arn)
      world.tags.delete(arn)
      return {}
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'ListPermissionSetsProvisionedToAccount',
    input: z.object({
      ...instanceMember,
      AccountId: accountIdSchema,
      ProvisioningStatus: provisioningStatusSchema.optional(),
      ...pageMembers,
    }),
    resources: (_world, input) => [input.InstanceArn, accountResource(input.AccountId)],
    run(world, input, call) {
      demandInstance(world, call.caller, input.InstanceArn)
      demandAccount(world, input.AccountId)
      const arns = world.provisionings
        .seen(call.view)
        .by('account', input.AccountId)
        .filter((row) => hasStatus(world, row, input.ProvisioningStatus))
        .map(({ permissionSetArn }) => permissionSetArn)
      const scope = ['ListPermissionSetsProvisionedToAccount', input.AccountId, input.ProvisioningStatus]
      const page = pageHere(world, call, scope, arns, (arn) => arn, input)
      return { PermissionSets: page.rows, NextToken: page.NextToken }
    },
  }),

  defineOperation({
    service: 'sso-admin',
    name: 'ListAccountsForProvisionedPermissionSet',
    input: z.object({
      ...permissionSetMembers,
      ProvisioningStatus: provisioningStatusSchema.optional(),
      ...pageMembers,
    }),
    resources: (_world, input) => [input.InstanceArn, input.PermissionSetArn],
    run(world, input, call) {
      demandInstance(world, call.caller, input.InstanceArn)
      getPermissionSet(world.permissionSets.seen(call.view), input.PermissionSetArn)
      const accountIds = world.provisionings
        .seen(call.view)
        .by('permissionSet', input.PermissionSetArn)
        .filter((row) => hasStatus(world, row, input.ProvisioningStatus))
        .map(({ accountId }) => accountId)
      const scope = ['ListAccountsForProvisionedPermissionSet', input.PermissionSetArn, input.ProvisioningStatus]
      const page = pageHere(world, call, scope, accountIds, (id) => id, input)
      return { AccountIds: page.rows, NextToken: page.NextToken }
    },
  }),
]

function newPermissionSetArn(instanceArn: string): string {
  return `${instanceArn.replace(':instance/', ':permissionSet/')}/ps-${randomHex(16)}`
}

function isUsed(world: World, permissionSetArn: string): boolean {
  if (world.provisionings.by('permissionSet', permissionSetArn).length > 0) return true
  if (world.assignments.by('permissionSet', permissionSetArn).length > 0) return true
  const inProgress = world.asyncRequests.by('status', 'IN_PROGRESS')
  return inProgress.some((request) => request.permissionSetArn === permissionSetArn)
}

function hasStatus(
  world: World,
  provisioning: { readonly permissionSetArn: string; readonly revision: number },
  status: z.infer<typeof provisioningStatusSchema> | undefined,
): boolean {
  if (status === undefined) return true
  const isLatest = world.permissionSets.get(provisioning.permissionSetArn)?.revision === provisioning.revision
  return isLatest === (status === 'LATEST_PERMISSION_SET_PROVISIONED')
}

function isWithinTwelveHours(duration: string): boolean {
  const [, sign, years, months, days, unit, hours, minutes, seconds] = DURATION.exec(duration) ?? []
  if (sign === '-' || years !== undefined || months !== undefined || unit === 'W') return false
  const total = Number(days ?? 0) * 24 + Number(hours ?? 0) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3_600
  return total >= 1 && total <= 12
}

function presentPermissionSet(permissionSet: PermissionSet) {
  return {
    Name: permissionSet.name,
    PermissionSetArn: permissionSet.arn,
    Description: permissionSet.description,
    CreatedDate: new Date(permissionSet.createdAt),
    SessionDuration: permissionSet.sessionDuration,
    RelayState: permissionSet.relayState,
  }
}
