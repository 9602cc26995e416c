import type { View } from '../desired-state/view.ts'
import { type GrantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Problem } from '../kernel/problems.ts'
import { isRoleLocked } from '../roles/effective-roles.ts'
import type { RoleReference } from '../roles/role.ts'
import type { User } from '../users/user.ts'
import { type AccessRequest, rowsOf } from './access-request.ts'
import { MAX_GRANTS, MAX_SETS } from './limits.ts'
import { mayStillAsk } from './may-still-ask.ts'
import { isRequestLocked, prolongedBy, returnedBefore } from './prolonging.ts'
import { mayEnd } from './requestable.ts'
import { grantsAskedFor } from './shown.ts'

/**
 * What keeps a request from being answered with access now, whoever agrees. Everything that gives what was asked for asks
 * this: an approval, whatever settles the request, the beginning of the access, a promotion.
 */
export function obstacleTo(request: AccessRequest, view: View, now: Instant): Problem | undefined {
  const requester = view.userById.get(request.user)
  if (!requester) return refused('The person who asked is no longer a user.', 'Deny the request, or let it expire.')
  return (
    lockOf(request, requester, view, now) ??
    obstacleToProlonging(request, view) ??
    request.roles.map((reference) => obstacleOf(reference, view, now)).find((one) => one !== undefined) ??
    (mayStillAsk(request, requester, view, now) ? undefined : NOT_ANY_MORE) ??
    obstacleToGrants(grantsAskedFor(request, view), view)
  )
}

const refused = (message: string, remedy: string): Problem => ({ code: 'refused', message, remedy })

const NOT_ANY_MORE = refused(
  'Whoever asked may not ask for it any more, or the roles asked through do not reach it.',
  'Deny the request and have a new one filed.',
)

function lockOf(request: AccessRequest, { id: user }: User, view: View, now: Instant): Problem | undefined {
  const isLocked = view.isLocked({ kind: 'user', user }, now) || isRequestLocked(request, view, now)
  return isLocked
    ? refused('The request, or whoever asked, is locked.', 'Deny it, or have it unlocked first.')
    : undefined
}

function obstacleToProlonging(request: AccessRequest, view: View): Problem | undefined {
  if (request.prolongs === undefined) return undefined
  const isGone = prolongedBy(request, view) === undefined
  return isGone || returnedBefore(request, view).length === rowsOf(request).length
    ? refused('The access that it prolongs was given back or taken away.', 'Deny it and have a new one filed.')
    : undefined
}

/** A name whose permission set was replaced meanwhile is another thing. */
function obstacleOf(reference: RoleReference, view: View, now: Instant): Problem | undefined {
  const { kind } = view.resolveRole(reference)
  if (kind === 'repinned')
    return refused(
      `"${reference.name}" means another permission set than when it was asked for.`,
      'Deny the request and have a new one filed.',
    )
  if (kind === 'unknown' || kind === 'vanished' || kind === 'elsewhere')
    return refused(`"${reference.name}" is not there any more.`, 'Deny the request, or wait until it is back.')
  if (isRoleLocked(reference, view, now))
    return refused(`Role "${reference.name}" is locked.`, 'Unlock it first, or deny the request.')
  return undefined
}

/** Access that could not be taken away again, and more than anybody looks at. */
export function obstacleToGrants(grants: readonly GrantKey[], view: View): Problem | undefined {
  const hit = grants.find((grant) => !mayEnd(grant, view))
  if (hit !== undefined) {
    const { account } = grantOfKey(hit)
    const name = view.catalogue.accounts.get(account)?.name ?? account
    return refused(
      `Access with an end is not given in the management account (${name}): AWS does not let us take it away again.`,
      'Leave that account out, or have an administrator grant it for good.',
    )
  }
  if (grants.length > MAX_GRANTS) return tooLarge('account assignments', MAX_GRANTS)
  const sets = new Set(grants.map((grant) => grantOfKey(grant).permissionSet))
  return sets.size > MAX_SETS ? tooLarge('permission sets', MAX_SETS) : undefined
}

const tooLarge = (what: string, most: number): Problem => ({
  code: 'too-large',
  what: `What is asked for, in ${what},`,
  limit: `${most}; ask for those that you need`,
})
