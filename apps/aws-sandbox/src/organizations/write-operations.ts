import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { randomLower } from '../world/ids.ts'
import { accountIdSchema, listOf, tagListSchema, text } from '../world/input.ts'
import { defineOperation, type Operation } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import { demandManagementAccount } from './access.ts'
import { presentOrganizationalUnit } from './present.ts'
import { accountNotFound, demandParent, demandTaggable, taggableIdSchema } from './read-operations.ts'

/** Organizations User Guide, "Quotas". */
const DEEPEST_UNIT = 5
const MOST_TAGS = 50
const MOST_CLOSURES = 3
/** A closing account shows PENDING_CLOSURE this long; AWS says minutes to hours. */
const CLOSURE_MS = 60_000

export const organizationsWriteOperations: readonly Operation[] = [
  defineOperation({
    service: 'organizations',
    name: 'CreateOrganizationalUnit',
    input: z.object({ ParentId: text(1, 100), Name: text(1, 128), Tags: tagListSchema(MOST_TAGS).optional() }),
    run(world, input, call) {
      demandManagementAccount(world, call.caller)
      demandParent(world, input.ParentId)
      const siblings = world.organizationalUnits.by('parent', input.ParentId)
      if (siblings.some(({ name }) => name === input.Name)) {
        throw new AwsError('DuplicateOrganizationalUnitException', 'An OU with the same name already exists there.')
      }
      if (depthOf(world, input.ParentId) >= DEEPEST_UNIT) throw constraint('OU_DEPTH_LIMIT_EXCEEDED')
      const rootSuffix = world.home().rootId.slice('r-'.length)
      const unit = { id: `ou-${rootSuffix}-${randomLower(8)}`, name: input.Name, parentId: input.ParentId }
      world.organizationalUnits.set(unit.id, unit)
      addTags(world, unit.id, input.Tags ?? [])
      return { OrganizationalUnit: presentOrganizationalUnit(world, unit) }
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'MoveAccount',
    input: z.object({ AccountId: accountIdSchema, SourceParentId: text(1, 100), DestinationParentId: text(1, 100) }),
    run(world, input, call) {
      demandManagementAccount(world, call.caller)
      const account = world.accounts.get(input.AccountId)
      if (account === undefined) throw accountNotFound()
      if (account.parentId !== input.SourceParentId) {
        throw new AwsError('SourceParentNotFoundException', "The account isn't in the source parent.")
      }
      if (
        input.DestinationParentId !== world.home().rootId &&
        !world.organizationalUnits.has(input.DestinationParentId)
      ) {
        throw new AwsError('DestinationParentNotFoundException', "We can't find the destination root or OU.")
      }
      world.accounts.set(account.id, { ...account, parentId: input.DestinationParentId })
      return {}
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'CloseAccount',
    input: z.object({ AccountId: accountIdSchema }),
    run(world, input, call) {
      demandManagementAccount(world, call.caller)
      const account = world.accounts.get(input.AccountId)
      if (account === undefined) throw accountNotFound()
      if (account.id === world.home().managementAccountId) throw constraint('CANNOT_CLOSE_MANAGEMENT_ACCOUNT')
      if (account.state !== 'ACTIVE')
        throw new AwsError('AccountAlreadyClosedException', 'The account is closed already.')
      const closing = [...world.accounts.values()].filter(({ state }) => state === 'PENDING_CLOSURE')
      if (closing.length >= MOST_CLOSURES) throw constraint('CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED')
      world.accounts.set(account.id, { ...account, state: call.immediate ? 'SUSPENDED' : 'PENDING_CLOSURE' })
      if (!call.immediate) suspendLater(world, account.id)
      return {}
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'TagResource',
    input: z.object({ ResourceId: taggableIdSchema, Tags: tagListSchema(MOST_TAGS) }),
    run(world, input, call) {
      demandManagementAccount(world, call.caller)
      demandTaggable(world, input.ResourceId)
      addTags(world, input.ResourceId, input.Tags)
      return {}
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'UntagResource',
    input: z.object({ ResourceId: taggableIdSchema, TagKeys: listOf(text(1, 128), 0, MOST_TAGS) }),
    run(world, input, call) {
      demandManagementAccount(world, call.caller)
      demandTaggable(world, input.ResourceId)
      const tags = Object.entries(world.tags.get(input.ResourceId)?.tags ?? {})
      const kept = Object.fromEntries(tags.filter(([key]) => !input.TagKeys.includes(key)))
      world.tags.set(input.ResourceId, { resourceId: input.ResourceId, tags: kept })
      return {}
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'RegisterDelegatedAdministrator',
    input: z.object({ AccountId: accountIdSchema, ServicePrincipal: text(1, 128, /^[\w+=,.@-]*$/) }),
    run(world, input, call) {
      demandManagementAccount(world, call.caller)
      if (!world.accounts.has(input.AccountId)) throw accountNotFound()
      if (input.AccountId === world.home().managementAccountId)
        throw constraint('CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR')
      const others = [...world.delegatedAdministrators.values()].filter(
        ({ servicePrincipal }) => servicePrincipal === input.ServicePrincipal,
      )
      if (others.some(({ accountId }) => accountId === input.AccountId)) {
        throw new AwsError('AccountAlreadyRegisteredException', 'The account is a delegated administrator already.')
      }
      // Identity Center takes one (IAM Identity Center User Guide, "Delegated administration").
      if (others.length > 0) throw constraint('MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED')
      const { AccountId: accountId, ServicePrincipal: servicePrincipal } = input
      const delegated = { accountId, servicePrincipal, enabledAt: call.now }
      world.delegatedAdministrators.set(`${accountId}/${servicePrincipal}`, delegated)
      return {}
    },
  }),

  defineOperation({
    service: 'organizations',
    name: 'DeregisterDelegatedAdministrator',
    input: z.object({ AccountId: accountIdSchema, ServicePrincipal: text(1, 128, /^[\w+=,.@-]*$/) }),
    run(world, input, call) {
      demandManagementAccount(world, call.caller)
      if (!world.delegatedAdministrators.delete(`${input.AccountId}/${input.ServicePrincipal}`)) {
        throw new AwsError('AccountNotRegisteredException', 'The account is not a delegated administrator.')
      }
      return {}
    },
  }),
]

/** Goes on with closures that a restart interrupted. */
export function resumeClosures(world: World) {
  for (const account of world.accounts.values()) {
    if (account.state === 'PENDING_CLOSURE') suspendLater(world, account.id)
  }
}

function suspendLater(world: World, accountId: string) {
  world.clock.at(world.clock.now() + CLOSURE_MS, () => {
    const account = world.accounts.get(accountId)
    if (account?.state === 'PENDING_CLOSURE') world.accounts.set(accountId, { ...account, state: 'SUSPENDED' })
  })
}

function addTags(world: World, resourceId: string, added: readonly { Key: string; Value: string }[]) {
  const tags = {
    ...world.tags.get(resourceId)?.tags,
    ...Object.fromEntries(added.map(({ Key, Value }) => [Key, Value])),
  }
  if (Object.keys(tags).length > MOST_TAGS) throw constraint('MAX_TAG_LIMIT_EXCEEDED')
  world.tags.set(resourceId, { resourceId, tags })
}

function depthOf(world: World, parentId: string): number {
  const unit = world.organizationalUnits.get(parentId)
  return unit === undefined ? 0 : 1 + depthOf(world, unit.parentId)
}

function constraint(reason: string): AwsError {
  return new AwsError('ConstraintViolationException', 'The request would break a constraint of the organization.', {
    members: { Reason: reason },
  })
}
