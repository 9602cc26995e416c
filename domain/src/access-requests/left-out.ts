import type { View } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { RoleName } from '../kernel/names.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { AccessRequest } from './access-request.ts'
import type { RequestWish } from './file-request.ts'
import { resolveResourceId } from './resource-ids.ts'

const APPLICATION = /^\/[^/]+\/saml_idp_service_provider\//i

/** What a wish names and its request leaves out: the asker has that already, without an end. A sentence for each. */
export function leftOut(
  { resourceIds, roles, cluster, prolongs }: RequestWish,
  request: AccessRequest,
  view: View,
): readonly string[] {
  if (prolongs !== undefined) return []
  return [...new Set(resourceIds.length > 0 ? resourcesLeftOut() : rolesLeftOut())].map(
    (what) => `You have ${what} already, without an end: the request leaves it out.`,
  )

  function resourcesLeftOut(): readonly string[] {
    const asked = new Set(request.resources.map(grantKey))
    return resourceIds
      .filter((id) => !APPLICATION.test(id))
      .map((id) => resolveResourceId(id, view.catalogue, cluster))
      .filter((resource) => !asked.has(grantKey(resource)))
      .map(({ permissionSetName, accountName, account }) => `${permissionSetName} on ${accountName} (${account})`)
  }

  /** `*` means what is missing, so nothing of it is left out. */
  function rolesLeftOut(): readonly string[] {
    if (roles.includes('*')) return []
    const asked = new Set<string>(request.roles.map((reference) => canonicalName(reference, view)))
    return roles
      .map((name) => canonicalName({ name: name as RoleName }, view)) // filing has resolved it
      .filter((name) => !asked.has(name))
      .map((name) => `role "${name}"`)
  }
}
