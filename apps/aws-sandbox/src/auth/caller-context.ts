import type { Caller, ConditionContext } from '../world/caller.ts'
import { iamKey, type World } from '../world/world.ts'
import { createRequestContext, joinContexts, type RequestContext } from './request-context.ts'

/**
 * The condition keys that follow from who calls and when (IAM User Guide, "AWS global condition context keys"), joined
 * with those of the operation. Of the global keys, the ones not here are unknown to the sandbox.
 */
export function callerContext(
  world: World,
  caller: Extract<Caller, { kind: 'user' | 'role' }>,
  ofOperation: ConditionContext,
): RequestContext {
  const now = world.clock.now()
  const home = world.home()
  const principal = createRequestContext({
    'aws:PrincipalArn': principalArn(world, caller),
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalOrgID': home.organizationId,
    'aws:PrincipalOrgMasterAccountId': home.managementAccountId,
    'aws:PrincipalType': caller.kind === 'user' ? 'User' : 'AssumedRole',
    'aws:userid': caller.userId,
    'aws:username': caller.kind === 'user' ? caller.userName : undefined,
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1_000)),
    'aws:MultiFactorAuthPresent': undefined,
    'aws:MultiFactorAuthAge': undefined,
    'aws:RequestedRegion': home.region,
  })
  return joinContexts(createRequestContext(ofOperation), joinContexts(principal, tagContext(tagsOf(world, caller))))
}

function principalArn(world: World, caller: Extract<Caller, { kind: 'user' | 'role' }>): string {
  if (caller.kind === 'user') return caller.arn
  return world.iamRoles.get(iamKey(caller.accountId, caller.roleName))?.arn ?? caller.arn
}

/** Tags of the session win over those of its role. */
function tagsOf(world: World, caller: Extract<Caller, { kind: 'user' | 'role' }>): Readonly<Record<string, string>> {
  if (caller.kind === 'user') return world.iamUsers.get(iamKey(caller.accountId, caller.userName))?.tags ?? {}
  const role = world.iamRoles.get(iamKey(caller.accountId, caller.roleName))
  return { ...role?.tags, ...world.sessions.get(caller.accessKeyId)?.tags }
}

const PRINCIPAL_TAG = 'aws:principaltag/'
/** Every tag key is known: the principal has the tag or lacks it. */
function tagContext(tags: Readonly<Record<string, string>>): RequestContext {
  const named = createRequestContext(tags)
  return {
    get(key) {
      if (!key.toLowerCase().startsWith(PRINCIPAL_TAG)) return undefined
      return named.get(key.slice(PRINCIPAL_TAG.length)) ?? []
    },
  }
}
