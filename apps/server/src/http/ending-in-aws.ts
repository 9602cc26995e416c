import {
  type AdoptedAssignment,
  awsPrincipalKey,
  type AwsUserId,
  type Ending,
  type GrantKey,
  type ObservedState,
  type OrganizationView,
} from '@gatehouse/domain'

/** A list keeps the access only where AWS has given it to the list's group already, with the person in it. */
export function endingInAws(
  ending: Ending,
  { user, grant }: Pick<AdoptedAssignment, 'user' | 'grant'>,
  { userLinkByUser }: Pick<OrganizationView, 'userLinkByUser'>,
  observed: Pick<ObservedState, 'groups' | 'assignments'>,
): Ending {
  if (ending.effect !== 'by-list') return ending
  const awsUser = userLinkByUser.get(user)?.awsUser
  if (awsUser && isHeldByGroup(awsUser, grant, observed)) return ending
  return { ...ending, effect: 'goes', reasons: [...ending.reasons, 'but AWS was not seen to hold it through a group'] }
}

function isHeldByGroup(
  user: AwsUserId,
  grant: GrantKey,
  { groups, assignments }: Pick<ObservedState, 'groups' | 'assignments'>,
): boolean {
  for (const [id, { members }] of groups)
    if (members.has(user) && assignments.get(awsPrincipalKey({ type: 'GROUP', id }))?.has(grant)) return true
  return false
}
