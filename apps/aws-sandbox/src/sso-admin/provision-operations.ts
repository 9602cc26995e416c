import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { accountIdSchema, oneOf } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { AsyncRequest } from '../world/records.ts'
import type { AsyncEngine } from './async-engine.ts'
import {
  accountResource,
  demandAccount,
  demandInstance,
  demandOutsideManagement,
  getPermissionSet,
  instanceMember,
  notFound,
  pageHere,
  pageMembers,
  permissionSetMembers,
  requestIdSchema,
  statusSchema,
} from './input.ts'

export function createProvisionOperations(engine: AsyncEngine): readonly Operation[] {
  return [
    defineOperation({
      service: 'sso-admin',
      name: 'ProvisionPermissionSet',
      input: z.object({
        ...permissionSetMembers,
        TargetId: accountIdSchema.optional(),
        TargetType: oneOf('AWS_ACCOUNT', 'ALL_PROVISIONED_ACCOUNTS'),
      }),
      resources: (_world, input) => [
        input.InstanceArn,
        input.PermissionSetArn,
        ...(input.TargetId === undefined ? [] : [accountResource(input.TargetId)]),
      ],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        getPermissionSet(world.permissionSets, input.PermissionSetArn)
        const isOne = input.TargetType === 'AWS_ACCOUNT'
        if (isOne && input.TargetId === undefined) {
          throw new AwsError('ValidationException', 'TargetId is required when TargetType is AWS_ACCOUNT.')
        }
        if (input.TargetId !== undefined) demandAccount(world, input.TargetId)
        demandOutsideManagement(
          world,
          call.caller,
          'sso:ProvisionPermissionSet',
          input.PermissionSetArn,
          input.TargetId,
        )
        const accountId = isOne ? input.TargetId : undefined
        const { PermissionSetArn: permissionSetArn } = input
        const request = engine.accept({ kind: 'provision', permissionSetArn, accountId }, call)
        return { PermissionSetProvisioningStatus: presentStatus(request) }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'DescribePermissionSetProvisioningStatus',
      input: z.object({ ...instanceMember, ProvisionPermissionSetRequestId: requestIdSchema }),
      resources: (_world, input) => [input.InstanceArn],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        const request = world.asyncRequests.get(input.ProvisionPermissionSetRequestId)
        if (request?.kind !== 'provision') {
          throw notFound(`Could not find a request with id ${input.ProvisionPermissionSetRequestId}`)
        }
        return { PermissionSetProvisioningStatus: presentStatus(request) }
      },
    }),

    defineOperation({
      service: 'sso-admin',
      name: 'ListPermissionSetProvisioningStatus',
      input: z.object({
        ...instanceMember,
        ...pageMembers,
        Filter: z.object({ Status: statusSchema.optional() }).optional(),
      }),
      resources: (_world, input) => [input.InstanceArn],
      run(world, input, call) {
        demandInstance(world, call.caller, input.InstanceArn)
        const status = input.Filter?.Status
        const rows = [...world.asyncRequests.values()]
          .filter((request) => request.kind === 'provision' && (status === undefined || request.status === status))
          .toSorted((a, b) => b.sequence - a.sequence)
        const page = pageHere(world, call, ['provisioning status', status], rows, ({ id }) => id, input)
        const presented = page.rows.map((request) => ({
          Status: request.status,
          RequestId: request.id,
          CreatedDate: new Date(request.acceptedAt),
        }))
        return { PermissionSetsProvisioningStatus: presented, NextToken: page.NextToken }
      },
    }),
  ]
}

function presentStatus(request: AsyncRequest) {
  return {
    Status: request.status,
    RequestId: request.id,
    AccountId: request.accountId,
    PermissionSetArn: request.permissionSetArn,
    FailureReason: request.failureReason,
    CreatedDate: new Date(request.acceptedAt),
  }
}
