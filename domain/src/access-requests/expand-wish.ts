import type { Bundle } from '../bundles/bundle.ts'
import { resolveBundle } from '../bundles/resolve-bundle.ts'
import type { View } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { RoleName } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { canonicalName } from '../roles/role-names.ts'
import {
  type AccessRequest,
  givenApplications,
  givenResources,
  givenRoles,
  isInForce,
  type RequestedAssignment,
  type RequestRow,
  rowOf,
  rowOfApplication,
} from './access-request.ts'
import { isRequestLocked } from './prolonging.ts'
import type { ServiceProviderName } from '../saml/service-provider.ts'
import type { Asker, RequestWish } from './file-request.ts'
import { heldGrants, isHeldForGood, requestableGrants, type RequestableGrants } from './requestable.ts'
import { resolveResourceId } from './resource-ids.ts'

/** A wish with everything it names looked up: the catalogue is asked once, when the request is filed. */
export interface ExpandedWish extends RequestWish {
  readonly resources: readonly RequestedAssignment[]
  readonly applications: readonly ServiceProviderName[]
  /** Rows as they were typed: whoever may not ask for something is told what he typed, and nothing of what is there. */
  readonly typed: ReadonlyMap<RequestRow, string>
}

/** @throws DomainError `not-found`, `invalid-value`, `refused` */
export function expandWish(wish: RequestWish, asker: Asker): { wish: ExpandedWish; prolonged?: AccessRequest } {
  const { catalogue } = asker.view
  if (wish.prolongs === undefined) {
    const ids = wish.resourceIds.map((resource) => ({
      resource,
      application: applicationIn(resource, asker, wish.cluster),
    }))
    const typed = new Map<RequestRow, string>()
    const named = ids.flatMap(({ resource, application }) => {
      if (application !== undefined) {
        typed.set(rowOfApplication(application), resource)
        return []
      }
      const found = resolveResourceId(resource, catalogue, wish.cluster)
      typed.set(rowOf(found), resource)
      return [found]
    })
    const applications = [...new Set(ids.flatMap(({ application }) => application ?? []))]
    const { user, roles, view, now } = asker
    const names = wish.bundles ?? []
    const requestable = requestableGrants(user, roles, view, now)
    const bundles = names.map((name) => bundleNamed(name, asker, requestable))
    const resources = [...named, ...bundles.flatMap((bundle) => resourcesOfBundle(bundle, view, requestable))]
    return { wish: { ...wish, bundles: bundles.map(({ name }) => name), resources, applications, typed } }
  }
  if (wish.roles.length > 0 || wish.resourceIds.length > 0 || (wish.bundles ?? []).length > 0)
    throw refused(
      'What prolongs access asks for the same again.',
      'Leave roles, resources and bundles out, or file another request.',
    )
  const prolonged = ownRunning(wish.prolongs, asker)
  const resources = givenResources(prolonged)
  const applications = givenApplications(prolonged)
  const roles = namesOf(prolonged, asker)
  const same = { roles, resources, applications, bundles: prolonged.bundles, typed: new Map() }
  return { wish: { ...wish, ...same }, prolonged }
}

/** `/<cluster>/saml_idp_service_provider/<name>` */
function applicationIn(id: string, { view }: Asker, cluster?: string): ServiceProviderName | undefined {
  const [, idCluster = '', name = ''] = /^\/([^/]+)\/saml_idp_service_provider\/([^/]+)\/*$/i.exec(id) ?? []
  if (name === '') return undefined
  const known = view.serviceProviders.find((provider) => provider.name.toLowerCase() === name.toLowerCase())
  const isHere = cluster === undefined || idCluster.toLowerCase() === cluster.toLowerCase()
  if (known && isHere) return known.name
  throw new DomainError({ code: 'not-found', kind: 'application', name: id, field: 'resource_ids' })
}

/** A bundle of which he may ask for nothing does not exist for him, unless he has what it holds. */
function bundleNamed(name: string, { view, user, now }: Asker, requestable: Pick<RequestableGrants, 'has'>): Bundle {
  const bundle = view.bundles.find((one) => one.name.toLowerCase() === name.toLowerCase())
  const keys = bundle ? resolveBundle(bundle, view.catalogue).rows.map(grantKey) : []
  if (bundle && keys.some((key) => requestable.has(key))) return bundle
  const held = heldGrants(user, view, now)
  if (keys.length > 0 && keys.every((key) => isHeldForGood(key, held)))
    throw refused('You have all of this already, without an end.', 'Use it; no request is needed.')
  throw new DomainError({ code: 'not-found', kind: 'bundle', name, field: 'bundles' })
}

/**
 * What a bundle holds at this moment, of what he may ask for; what comes into it later is asked for by another request.
 */
function resourcesOfBundle(
  bundle: Bundle,
  { catalogue }: Pick<View, 'catalogue'>,
  requestable: Pick<RequestableGrants, 'has'>,
): readonly RequestedAssignment[] {
  const rows = resolveBundle(bundle, catalogue).rows.filter((row) => requestable.has(grantKey(row)))
  return rows.flatMap(({ account: id, permissionSet: arn }) => {
    const account = catalogue.accounts.get(id)
    const set = catalogue.permissionSets.get(arn)
    if (!account || !set) return []
    return [{ account: id, permissionSet: arn, accountName: account.name, permissionSetName: set.name }]
  })
}

const namesOf = (request: AccessRequest, { view }: Asker): readonly RoleName[] =>
  givenRoles(request).map((reference) => canonicalName(reference, view))

function ownRunning(id: string, { user, view, now }: Asker): AccessRequest {
  const request = (view.requestsByUser.get(user.id) ?? []).find((candidate) => candidate.id === id)
  if (!request) throw new DomainError({ code: 'not-found', kind: 'access request', name: id, field: 'prolongs' })
  if (!isInForce(request, now) || isRequestLocked(request, view, now))
    throw refused('Only access that is running can be prolonged.', 'File a new request for what you need.')
  return request
}

const refused = (message: string, remedy: string): DomainError => new DomainError({ code: 'refused', message, remedy })
