import type { View } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { RoleName } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { denialOfSignIn, opensApplication } from '../roles/application-access.ts'
import { isRoleLocked } from '../roles/effective-roles.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { RoleReference } from '../roles/role.ts'
import type { ServiceProvider, ServiceProviderName } from '../saml/service-provider.ts'
import { type RequestDetails, rowOf, rowOfApplication } from './access-request.ts'
import type { ExpandedWish } from './expand-wish.ts'
import type { Asker } from './file-request.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { deniedGrants, heldGrants, isHeldForGood, searchRoles } from './requestable.ts'

/** What is asked for other than roles. */
type Things = Pick<RequestDetails, 'resources' | 'applications'>

/** What is asked for, less what is there for good. @throws DomainError `refused` when nothing is left */
export function thingsMissing({ resources, applications }: Things, asker: Asker): Things {
  const { user, view, now } = asker
  const unique = [...new Map(resources.map((resource) => [grantKey(resource), resource])).values()]
  const held = heldGrants(user, view, now)
  const missing = {
    resources: unique.filter((resource) => !isHeldForGood(grantKey(resource), held)),
    applications: applications.filter((name) => !maySignIn(name, asker)),
  }
  if (missing.resources.length === 0 && missing.applications.length === 0)
    throw refused('You have all of this already, without an end.', 'Use it; no request is needed.')
  return missing
}

/** @throws DomainError `refused` for what a deny takes away, since it would give nothing */
export function refuseDenied({ resources }: Things, { roles, view }: Asker): void {
  const denied = deniedGrants(roles, view)
  const hit = resources.find((resource) => denied.has(grantKey(resource)))
  if (hit)
    throw refused(
      `One of your roles denies ${hit.permissionSetName} on ${hit.accountName}, so a request would give nothing.`,
      'Leave it out, or have the role changed.',
    )
}

function maySignIn(name: ServiceProviderName, { roles, view }: Asker): boolean {
  const provider = providerNamed(name, view)
  return provider !== undefined && denialOfSignIn(roles, provider.labels, name) === undefined
}

const providerNamed = (name: ServiceProviderName, view: View): ServiceProvider | undefined =>
  view.serviceProviders.find((provider) => provider.name === name)

/**
 * The roles through which things are reached; each thing by at least one. What is not reached is not there, as far as
 * whoever asks is told.
 * @throws DomainError `not-found`, `refused`
 */
export function rolesForThings(
  { roles: named, typed }: Pick<ExpandedWish, 'roles' | 'typed'>,
  { resources, applications }: Things,
  asker: Asker,
): readonly RoleReference[] {
  const candidates = searched(named, asker)
  const { user, view } = asker
  const reached = new Map(candidates.map((reference) => [reference, grantsOfRole(reference, view, user.traits)]))
  const opens = (reference: RoleReference, name: ServiceProviderName): boolean => opensFor(reference, name, asker)
  for (const resource of resources) {
    if ([...reached.values()].some((grants) => grants.has(grantKey(resource)))) continue
    throw notThere('account assignment', nameIn(typed.get(rowOf(resource)) ?? ''))
  }
  for (const name of applications)
    if (!candidates.some((reference) => opens(reference, name)))
      throw notThere('application', typed.get(rowOfApplication(name)) ?? '')
  const keys = resources.map(grantKey)
  return candidates.filter(
    (reference) =>
      keys.some((key) => reached.get(reference)?.has(key)) || applications.some((name) => opens(reference, name)),
  )
}

/** The roles to search with. Those that do not exist and those that he may not search with are refused alike. */
function searched(names: readonly string[], { roles, view, now }: Asker): readonly RoleReference[] {
  const offered = searchRoles(roles, view).filter((reference) => !isRoleLocked(reference, view, now))
  const named = new Set(names.map((name) => canonicalName({ name: name as RoleName }, view))) // looked up on the next line
  const stranger = [...named].find((name) => !offered.some((reference) => reference.name === name))
  if (stranger !== undefined)
    throw refused(`You may not search with role "${stranger}", or there is none.`, 'Leave the role out.')
  return offered.filter(({ name }) => named.size === 0 || named.has(name))
}

/** Says whether a role lets somebody in to an application. */
export function opensFor(
  reference: RoleReference,
  name: ServiceProviderName,
  { roles, view }: Pick<Asker, 'roles' | 'view'>,
): boolean {
  const resolved = view.resolveRole(reference)
  const provider = providerNamed(name, view)
  return resolved.kind === 'stored' && provider !== undefined && opensApplication(resolved.role, provider.labels, roles)
}

const notThere = (kind: string, name: string): DomainError =>
  new DomainError({ code: 'not-found', kind, name, field: 'resource_ids' })

/** As `resolveResourceId` calls what is not there. */
const nameIn = (id: string): string => id.replace(/\/+$/, '').split('/')[3] ?? id

const refused = (message: string, remedy: string): DomainError => new DomainError({ code: 'refused', message, remedy })
