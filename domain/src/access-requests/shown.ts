import { toCanonicalJson } from '../audit/canonical-json.ts'
import type { View } from '../desired-state/view.ts'
import { type GrantKey, grantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import type { PermissionSetArn, PermissionSetReading } from '../identity-center/permission-set.ts'
import { canonicalName } from '../roles/role-names.ts'
import { type AccessRequest, isRoleRequest } from './access-request.ts'
import { grantsOfRole } from './requestable.ts'

/** Permission sets as AWS tells them now; `undefined` is one that AWS does not have. */
export type SetReadings = ReadonlyMap<PermissionSetArn, PermissionSetReading | undefined>

/** Every account assignment that a request asks for, by what its roles give now. */
export function grantsAskedFor(request: AccessRequest, view: View): readonly GrantKey[] {
  if (!isRoleRequest(request)) return request.resources.map(grantKey)
  const traits = view.userById.get(request.user)?.traits ?? {}
  return [...new Set(request.roles.flatMap((reference) => [...grantsOfRole(reference, view, traits)]))].toSorted()
}

/** The permission sets that have to be read before somebody is shown a request, or decides on it. */
export const setsToRead = (request: AccessRequest, view: View): readonly PermissionSetArn[] =>
  [...new Set(grantsAskedFor(request, view).map((grant) => grantOfKey(grant).permissionSet))].toSorted()

/**
 * What an approver is shown, as one text whose hash an approval is bound to: who asks for what, for how long and why,
 * where the accounts stand in the organization, and each permission set as AWS tells it, with its policies if they may
 * be read.
 */
export function shownText(request: AccessRequest, view: View, readings: SetReadings): string {
  const grants = grantsAskedFor(request, view)
  const accounts = new Set(grants.map((grant) => grantOfKey(grant).account))
  return toCanonicalJson({
    user: request.user,
    roles: request.roles.map((reference) => canonicalName(reference, view)),
    grants,
    applications: request.applications.map(
      (name) => view.serviceProviders.find((provider) => provider.name === name)?.metadata.entityId ?? name,
    ),
    longTerm: request.longTerm ?? null,
    reason: request.reason,
    duration: request.duration,
    assumeStartTime: request.assumeStartTime ?? null,
    prolongs: request.prolongs ?? null,
    accounts: [...accounts].toSorted().map((id) => view.catalogue.accounts.get(id) ?? { id }),
    permissionSets: setsToRead(request, view).map((arn) => readings.get(arn) ?? { arn, missing: true }),
  })
}
