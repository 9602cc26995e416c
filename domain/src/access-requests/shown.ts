import { toCanonicalJson } from '../audit/canonical-json.ts'
import { viewOfGrant } from '../desired-state/view-of-grant.ts'
import type { View } from '../desired-state/view.ts'
import { type GrantKey, grantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import type { AccountId } from '../identity-center/account.ts'
import type { PermissionSetArn, PermissionSetReading } from '../identity-center/permission-set.ts'
import type { Labels } from '../kernel/names.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { Grant, RoleReference } from '../roles/role.ts'
import { type AccessRequest, isRoleRequest } from './access-request.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'

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
  const accounts = new Map(grants.map((grant) => [grantOfKey(grant).account, grantOfKey(grant)]))
  return toCanonicalJson({
    user: request.user,
    roles: request.roles.map((reference) => roleNow(reference, request, view)),
    grants,
    applications: request.applications.map((name) => {
      const provider = view.serviceProviders.find((one) => one.name === name)
      return provider ? { ...provider, entityDescriptor: '' } : { name, missing: true }
    }),
    longTerm: request.longTerm ?? null,
    reason: request.reason,
    duration: request.duration,
    assumeStartTime: request.assumeStartTime ?? null,
    prolongs: prolongedNow(request, view),
    accounts: [...accounts.values()].toSorted(byAccount).map((grant) => placeOf(grant, view)),
    permissionSets: setsToRead(request, view).map((arn) => readings.get(arn) ?? { arn, missing: true }),
  })
}

/** A role of a role request is approved as it is written: what it allows here may change as well as what it gives in AWS. */
function roleNow(reference: RoleReference, request: AccessRequest, view: View): unknown {
  const name = canonicalName(reference, view)
  const resolved = view.resolveRole(reference)
  if (resolved.kind !== 'stored') return { name, kind: resolved.kind }
  const isItself = isRoleRequest(request) || request.applications.length > 0
  const { version, options, allow, deny } = resolved.role
  return isItself ? { name, version, options, allow, deny } : { name }
}

/** The end that is counted from, and what there is to prolong. */
function prolongedNow(request: AccessRequest, view: View): unknown {
  if (request.prolongs === undefined) return null
  const before = view.requests.find(({ id }) => id === request.prolongs)
  if (before?.state !== 'approved') return { id: request.prolongs, state: before?.state ?? 'gone' }
  const { id, expiresAt, rowsOut } = before
  return { id, expiresAt, rowsOut: rowsOut.map(({ row }) => row) }
}

const byAccount = (a: Grant, b: Grant): number => (a.account < b.account ? -1 : 1)

/** What an approver is shown of an account, as the organization of the permission set knows it. */
export function placeOf(grant: Grant, view: View): AccountPlace {
  const id = grant.account
  const account = viewOfGrant(grant, view)?.catalogue.accounts.get(id)
  const { name = '', tags, parents } = account ?? {}
  return {
    id,
    name,
    ...(tags ? { tags } : {}),
    ...(parents ? { parents: parents.map((unit) => unit.name ?? unit.id) } : {}),
  }
}

export interface AccountPlace {
  readonly id: AccountId
  readonly name: string
  /** Absent where they can't be read. */
  readonly tags?: Labels
  /** From its own organizational unit up to the root, by their names where those can be read. */
  readonly parents?: readonly string[]
}
