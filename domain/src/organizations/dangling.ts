import type { OrganizationView } from '../desired-state/view.ts'
import type { AccountId } from '../identity-center/account.ts'
import { type AccountSelector, selects } from '../identity-center/account-selector.ts'
import type { PermissionSetArn } from '../identity-center/permission-set.ts'
import { looksLikeSystemRole, resolveSystemRole } from '../identity-center/system-roles.ts'
import type { AccessListId } from '../kernel/names.ts'
import type { Pattern } from '../kernel/pattern.ts'
import type { RoleReference } from '../roles/role.ts'
import { isOfInstance } from './instance.ts'

/** A record that stays and names something that goes. */
export interface Dangling {
  readonly kind: 'access_list' | 'user' | 'role' | 'access_request' | 'bundle' | 'approval_rule' | 'lock'
  readonly name: string
  /** What people call it. */
  readonly title: string
  readonly references: readonly string[]
}

/**
 * @param gone lists that go with the organization
 * @param others organizations that stay: a name that means something there as well means it still
 */
export const danglingRecords = (
  view: OrganizationView,
  gone: ReadonlySet<AccessListId>,
  others: readonly OrganizationView[],
): readonly Dangling[] => [
  ...danglingLists(view, gone),
  ...danglingUsers(view),
  ...danglingRoles(view),
  ...danglingRequests(view),
  ...danglingBundles([view, ...others]),
  ...danglingRules([view, ...others], gone),
  ...danglingLocks(view),
]

/** What is found in the one that goes and in none of those that stay. */
type Leaving = readonly [gone: OrganizationView, ...stays: readonly OrganizationView[]]
function foundOnlyIn([gone, ...stays]: Leaving, find: (view: OrganizationView) => readonly Found[]): readonly string[] {
  const still = new Set(stays.flatMap(find).map(({ written }) => written))
  return [...new Set(find(gone).flatMap(({ written, text }) => (still.has(written) ? [] : [text])))]
}

interface Found {
  /** What a record says: an id, a name, a path. */
  readonly written: string
  /** What people read. */
  readonly text: string
}

/** Whether a reference means one of the roles that this organization's accounts and sets make. */
export function isDerived({ pinned, name }: RoleReference, view: OrganizationView): boolean {
  if (pinned) return isOfInstance(pinned.permissionSet, view.organization)
  // Also where no derived roles are offered: what was granted before is one all the same.
  return looksLikeSystemRole(name) && resolveSystemRole(name, view.catalogue) !== undefined
}
export const derivedIn = (references: readonly RoleReference[], view: OrganizationView): readonly string[] =>
  references.filter((reference) => isDerived(reference, view)).map(({ name }) => name)

function danglingLists(view: OrganizationView, gone: ReadonlySet<AccessListId>): readonly Dangling[] {
  return view.lists.flatMap((list): Dangling[] => {
    if (gone.has(list.id)) return []
    const nested = [...list.members, ...list.owners, ...(list.escalation?.to ?? [])].flatMap((entry) =>
      entry.kind === 'list' && gone.has(entry.list) ? [`access list "${titleOf(entry.list, view)}"`] : [],
    )
    const references = [...derivedIn([...list.grants.roles, ...list.ownerGrants.roles], view), ...nested]
    return references.length === 0 ? [] : [{ kind: 'access_list', name: list.id, title: list.title, references }]
  })
}

const danglingUsers = (view: OrganizationView): readonly Dangling[] =>
  view.users.flatMap((user): Dangling[] => {
    const references = derivedIn(user.roles, view)
    return references.length === 0 ? [] : [{ kind: 'user', name: user.name, title: user.name, references }]
  })

/** Names that a role spells out; a pattern that happens to fit is no reference. */
const danglingRoles = (view: OrganizationView): readonly Dangling[] =>
  view.roles.flatMap((role): Dangling[] => {
    const conditions = [role.allow, role.deny]
    const named = conditions.flatMap(({ request, reviewRequests }) => [
      ...request.roles,
      ...request.searchAsRoles,
      ...request.claimsToRoles.flatMap(({ roles }) => roles),
      ...reviewRequests.roles,
      ...reviewRequests.previewAsRoles,
      ...reviewRequests.claimsToRoles.flatMap(({ roles }) => roles),
    ])
    const given = conditions
      .flatMap(({ accountAssignments }) => accountAssignments)
      .filter(({ account, permissionSet }) => hasAccount(account, view) || hasPermissionSet(permissionSet, view))
      .map(({ account, permissionSet }) => `${account} with ${permissionSet}`)
    const references = [...new Set([...derivedNames(named, view), ...given])]
    return references.length === 0 ? [] : [{ kind: 'role', name: role.name, title: role.name, references }]
  })

/** A literal pattern is a name. */
const derivedNames = (patterns: readonly string[], view: OrganizationView): readonly string[] =>
  derivedIn(
    patterns.map((name) => ({ name: name as RoleReference['name'] })), // it may be none: then nothing is found
    view,
  )

const hasAccount = (id: string, { catalogue: { accounts } }: OrganizationView): boolean => accounts.has(id as AccountId) // as above
const hasPermissionSet = (text: string, { catalogue: { permissionSets } }: OrganizationView): boolean =>
  permissionSets.has(text as PermissionSetArn) || [...permissionSets.values()].some(({ name }) => name === text) // as above

const danglingBundles = (leaving: Leaving): readonly Dangling[] =>
  leaving[0].bundles.flatMap(({ name, title, accounts, permissionSets, exclude }): Dangling[] => {
    const references = foundOnlyIn(leaving, (view) => [
      ...selectedIn([...accounts, ...exclude.accounts], view),
      ...setsIn([...permissionSets, ...exclude.permissionSets], view),
    ])
    return references.length === 0 ? [] : [{ kind: 'bundle', name, title: title === '' ? name : title, references }]
  })

function danglingRules(leaving: Leaving, gone: ReadonlySet<AccessListId>): readonly Dangling[] {
  const [view] = leaving
  return view.approvalRules.flatMap(({ name, when, effect }): Dangling[] => {
    const thresholds = effect.kind === 'thresholds' ? effect.thresholds : []
    const lists = [...when.requesterLists, ...thresholds.flatMap(({ reviewers }) => reviewers?.lists ?? [])]
    const references = [
      ...foundOnlyIn(leaving, (one) => [...selectedIn(when.accounts, one), ...setsIn(when.permissionSets, one)]),
      ...derivedNames(when.roles, view),
      ...new Set(lists.flatMap((list) => (gone.has(list) ? [`access list "${titleOf(list, view)}"`] : []))),
    ]
    return references.length === 0 ? [] : [{ kind: 'approval_rule', name, title: name, references }]
  })
}

const danglingLocks = (view: OrganizationView): readonly Dangling[] =>
  view.locks.flatMap(({ id, target, message }): Dangling[] => {
    const references = target.kind === 'role' ? derivedIn([{ name: target.role }], view) : []
    return references.length === 0 ? [] : [{ kind: 'lock', name: id, title: message === '' ? id : message, references }]
  })

/** Accounts that selectors spell out, by id, by name, or by the organizational unit that some of them are in. */
function selectedIn(
  selectors: readonly AccountSelector[],
  { catalogue: { accounts } }: OrganizationView,
): readonly Found[] {
  const all = [...accounts.values()]
  return selectors.flatMap(({ id, name, organizationalUnit }): readonly Found[] => {
    const written: readonly (string | undefined)[] = [id, name]
    const named = all.flatMap((account) =>
      [account.id, account.name].flatMap((one) =>
        written.includes(one) ? [{ written: one, text: `account ${account.name}` }] : [],
      ),
    )
    if (organizationalUnit === undefined) return named
    const isUnit = all.some((account) => selects({ organizationalUnit }, account) === 'yes')
    const unit = { written: organizationalUnit, text: `organizational unit ${organizationalUnit}` }
    return isUnit ? [...named, unit] : named
  })
}

const setsIn = (patterns: readonly Pattern[], view: OrganizationView): readonly Found[] =>
  patterns.flatMap((pattern) =>
    hasPermissionSet(pattern, view) ? [{ written: pattern, text: `permission set ${pattern}` }] : [],
  )

const titleOf = (list: AccessListId, { listById }: OrganizationView): string => listById.get(list)?.title ?? list

const danglingRequests = (view: OrganizationView): readonly Dangling[] =>
  view.requests.flatMap((request): Dangling[] => {
    if (request.state !== 'pending' && request.state !== 'approved') return []
    const references = derivedIn(request.roles, view)
    if (references.length === 0 && request.resources.length === 0) return []
    const wanted = references.length > 0 ? references : [`${request.resources.length} permission sets on accounts`]
    return [{ kind: 'access_request', name: request.id, title: request.id, references: wanted }]
  })
