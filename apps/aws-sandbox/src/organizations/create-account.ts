import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { randomDigits, randomLower } from '../world/ids.ts'
import { tagListSchema, text } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { CreateAccountRequest } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { demandManagementAccount, demandOrganizationReader } from './access.ts'

/** AWS takes minutes; nothing of ours depends on how many. */
const CREATION_MS = 3_000

export const createAccountOperations: readonly Operation[] = [
  defineOperation({
    service: 'organizations',
    name: 'CreateAccount',
    input: z.object({
      Email: text(6, 64, /^[^\s@]+@[^\s@]+\.[^\s@]+$/),
      AccountName: text(1, 50, /^[ -~]+$/),
      RoleName: text(1, 64, /^[\w+=,.@-]{1,64}$/).optional(),
      IamUserAccessToBilling: z.string().optional(),
      Tags: tagListSchema(50).optional(),
    }),
    run(world, input, call) {
      demandManagementAccount(world, call.caller)
      const inProgress = [...world.createAccountRequests.values()].filter(({ state }) => state === 'IN_PROGRESS')
      // Organizations User Guide, "Quotas": five creations at once.
      if (inProgress.length >= 5) throw new AwsError('TooManyRequestsException', 'Too many accounts are being created.')
      const request: CreateAccountRequest = {
        id: `car-${randomLower(32)}`,
        accountName: input.AccountName,
        state: 'IN_PROGRESS',
        requestedAt: call.now,
      }
      world.createAccountRequests.set(request.id, request)
      const tags = Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
      const finish = () => finishCreation(world, request, input.Email, tags)
      if (call.immediate) finish()
      else world.clock.at(call.now + CREATION_MS, finish)
      return { CreateAccountStatus: presentRequest(world.createAccountRequests.get(request.id) ?? request) }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'DescribeCreateAccountStatus',
    input: z.object({ CreateAccountRequestId: text(1, 100, /^car-[a-z0-9]{8,32}$/) }),
    run(world, input, call) {
      demandOrganizationReader(world, call.caller)
      const request = world.createAccountRequests.get(input.CreateAccountRequestId)
      if (request === undefined) {
        throw new AwsError(
          'CreateAccountStatusNotFoundException',
          "We can't find a create account request with that id.",
        )
      }
      return { CreateAccountStatus: presentRequest(request) }
    },
  }),
]

/** A creation that a restart interrupted did not happen. */
export function failInterruptedCreations(world: World) {
  for (const request of world.createAccountRequests.values()) {
    if (request.state !== 'IN_PROGRESS') continue
    const completedAt = world.clock.now()
    world.createAccountRequests.set(request.id, {
      ...request,
      state: 'FAILED',
      failureReason: 'INTERNAL_FAILURE',
      completedAt,
    })
  }
}

function finishCreation(
  world: World,
  request: CreateAccountRequest,
  email: string,
  tags: Readonly<Record<string, string>>,
) {
  const completedAt = world.clock.now()
  const isTaken = [...world.accounts.values()].some((account) => account.email.toLowerCase() === email.toLowerCase())
  if (isTaken) {
    const failed = { ...request, state: 'FAILED', failureReason: 'EMAIL_ALREADY_EXISTS', completedAt } as const
    world.createAccountRequests.set(request.id, failed)
    return
  }
  const accountId = randomDigits(12)
  world.accounts.set(accountId, {
    id: accountId,
    name: request.accountName,
    email,
    state: 'ACTIVE',
    parentId: world.home().rootId,
    joinedMethod: 'CREATED',
    joinedAt: completedAt,
  })
  if (Object.keys(tags).length > 0) world.tags.set(accountId, { resourceId: accountId, tags })
  world.createAccountRequests.set(request.id, { ...request, state: 'SUCCEEDED', accountId, completedAt })
}

function presentRequest(request: CreateAccountRequest) {
  return {
    Id: request.id,
    AccountName: request.accountName,
    State: request.state,
    RequestedTimestamp: new Date(request.requestedAt),
    CompletedTimestamp: request.completedAt === undefined ? undefined : new Date(request.completedAt),
    AccountId: request.accountId,
    FailureReason: request.failureReason,
  }
}
