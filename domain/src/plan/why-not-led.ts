import type { AccessList } from '../access-lists/access-list.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import { isLiteral } from '../kernel/pattern.ts'
import type { AccessListId } from '../kernel/names.ts'
import { isElsewhere, isOfInstance } from '../organizations/instance.ts'
import type { AccountAssignmentTemplate, Role, RoleConditions, RoleReference } from '../roles/role.ts'
import { hasTemplate } from '../roles/trait-templates.ts'

/** The lists that have groups in other organizations; absent while there is no other. */
export type LinkedElsewhere = ReadonlySet<AccessListId> | undefined

/**
 * Says why an organization's AWS does not decide unasked who is in a list, or nothing when it does: whoever runs that AWS
 * decides about it, and neither about another one nor about Gatehouse.
 */
export function whyNotLed(list: AccessList, view: OrganizationView, elsewhere: LinkedElsewhere): string | undefined {
  const around = listsAround(list, view)
  if (around.some((one) => givesPower(one, view))) return 'it gives rights in Gatehouse'
  if (elsewhere && around.some((one) => elsewhere.has(one.id) || !givesOnlyHere(one, view)))
    return 'it may give something outside this organization'
  return undefined
}

/** The list, and those that its members are members of through it. */
function listsAround(list: AccessList, { parentsOf, listById }: OrganizationView): readonly AccessList[] {
  const found = new Map([[list.id, list]])
  for (const id of found.keys())
    for (const parent of parentsOf.get(id) ?? []) {
      const one = listById.get(parent)
      if (one) found.set(parent, one)
    }
  return [...found.values()]
}

/** Rules, reviews, or being an owner: what decides about others. */
function givesPower({ id, grants }: AccessList, view: OrganizationView): boolean {
  const isReviewer = view.approvalRules.some(
    ({ effect }) =>
      effect.kind === 'thresholds' && effect.thresholds.some(({ reviewers }) => reviewers?.lists.includes(id)),
  )
  return isReviewer || (view.ownedThrough.get(id) ?? []).length > 0 || grants.roles.some(isPowerful)

  function isPowerful(reference: RoleReference): boolean {
    const resolved = view.resolveRole(reference)
    if (resolved.kind !== 'stored') return false
    return [resolved.role.allow, resolved.role.deny].some(
      ({ rules, reviewRequests: { roles, claimsToRoles } }) => rules.length + roles.length + claimsToRoles.length > 0,
    )
  }
}

/** Nothing but account assignments of this organization. */
function givesOnlyHere({ id, grants }: AccessList, view: OrganizationView): boolean {
  const isNamed = view.approvalRules.some(({ when }) => when.requesterLists.includes(id))
  return !isNamed && Object.keys(grants.traits).length === 0 && grants.roles.every((role) => isOnlyHere(role, view))
}

function isOnlyHere(reference: RoleReference, view: OrganizationView): boolean {
  const resolved = view.resolveRole(reference)
  switch (resolved.kind) {
    case 'system':
      return true
    case 'repinned':
    case 'vanished':
      return !isElsewhere(resolved.pinned.permissionSet, view.organization)
    case 'elsewhere':
    case 'unknown':
      return false
    case 'stored':
      return !givesMore(resolved.role) && !isRequired(resolved.role, view) && assignsOnlyHere(resolved.role, view)
  }
}

function givesMore({ allow, deny, options }: Role): boolean {
  const demands = options.requireSessionMfa || options.deviceTrustMode !== 'off' || options.requestAccess !== 'optional'
  const isMore = ({ appLabels, appLabelsExpression, request, reviewRequests }: RoleConditions): boolean =>
    Object.keys(appLabels ?? {}).length > 0 ||
    appLabelsExpression !== undefined ||
    reviewRequests.previewAsRoles.length > 0 ||
    Object.values(request).some((value) => typeof value !== 'object' || Object.keys(value).length > 0)
  return demands || isMore(allow) || isMore(deny)
}

/** Whoever has it counts in another list. */
const isRequired = ({ name }: Role, { lists }: OrganizationView): boolean =>
  lists.some(
    ({ membershipRequires, ownershipRequires }) =>
      membershipRequires.roles.includes(name) || ownershipRequires.roles.includes(name),
  )

function assignsOnlyHere({ allow, deny }: Role, { catalogue, organization }: OrganizationView): boolean {
  const accounts: ReadonlySet<string> = new Set(catalogue.accounts.keys())
  const isFixed = (text: string): boolean => !hasTemplate(text) && isLiteral(text)
  const isHere = ({ account, permissionSet }: AccountAssignmentTemplate): boolean =>
    (isFixed(permissionSet) && isOfInstance(permissionSet, organization)) || (isFixed(account) && accounts.has(account))
  return [...allow.accountAssignments, ...deny.accountAssignments].every(isHere)
}
