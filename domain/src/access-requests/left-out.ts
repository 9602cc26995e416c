import { resolveBundle } from '../bundles/resolve-bundle.ts'
import type { View } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { RoleName } from '../kernel/names.ts'
import { canonicalName } from '../roles/role-names.ts'
import { type AccessRequest, isRoleRequest } from './access-request.ts'
import type { RequestWish } from './file-request.ts'
import { resolveResourceId } from './resource-ids.ts'

const APPLICATION = /^\/[^/]+\/saml_idp_service_provider\//i

/** What a wish names and its request leaves out, a sentence for each. */
export function leftOut(wish: RequestWish, request: AccessRequest, view: View): readonly string[] {
  if (wish.prolongs !== undefined) return []
  const there = isRoleRequest(request) ? rolesThere(wish, request, view) : resourcesThere(wish, request, view)
  return [
    ...[...new Set(there)].map((what) => `You have ${what} already, without an end: the request leaves it out.`),
    ...bundlesInPart(request, view),
  ]
}

function resourcesThere({ resourceIds, cluster }: RequestWish, request: AccessRequest, view: View): readonly string[] {
  const asked = new Set(request.resources.map(grantKey))
  return resourceIds
    .filter((id) => !APPLICATION.test(id))
    .map((id) => resolveResourceId(id, view.catalogue, cluster))
    .filter((resource) => !asked.has(grantKey(resource)))
    .map(({ permissionSetName, accountName, account }) => `${permissionSetName} on ${accountName} (${account})`)
}

/** `*` means what is missing, so nothing of it is left out. */
function rolesThere({ roles }: RequestWish, request: AccessRequest, view: View): readonly string[] {
  if (roles.includes('*')) return []
  const asked = new Set<string>(request.roles.map((reference) => canonicalName(reference, view)))
  return roles
    .map((name) => canonicalName({ name: name as RoleName }, view)) // filing has resolved it
    .filter((name) => !asked.has(name))
    .map((name) => `role "${name}"`)
}

function bundlesInPart(request: AccessRequest, view: View): readonly string[] {
  const asked = new Set(request.resources.map(grantKey))
  return view.bundles
    .filter(({ name }) => request.bundles.includes(name))
    .flatMap((bundle) => {
      const left = resolveBundle(bundle, view.catalogue).rows.filter((row) => !asked.has(grantKey(row))).length
      if (left === 0) return []
      return [
        `Of the bundle "${bundle.name}", ${left} ${left === 1 ? 'row is' : 'rows are'} left out: you have them already, or may not ask for them.`,
      ]
    })
}
