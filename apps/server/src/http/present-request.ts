import { type AccessRequestDetailView, type AccessRequestView, MAX_CANDIDATES, type ShownView } from '@gatehouse/api'
import type { ListedRequest, Reading, RequestDetail } from '@gatehouse/application'
import {
  type AccessListId,
  type AccessRequest,
  canonicalName,
  describeRows,
  documentOfRole,
  endOfProlonged,
  explain,
  formatDocument,
  formatDuration,
  formatInstant,
  formatResourceId,
  grantKey,
  grantOfKey,
  grantsAskedFor,
  type Instant,
  isInForce,
  isRoleRequest,
  latest,
  type LongTerm,
  longTermOf,
  needsOf,
  opensAt,
  placeOf,
  plus,
  type PermissionSetPolicies,
  resourceName,
  returnedBefore,
  stateAt,
  type Threshold,
  unusualNames,
  userNameOf,
  type OrganizationView,
  type View,
  viewOfGrant,
  viewOfSet,
} from '@gatehouse/domain'

type Now = Pick<Reading, 'view' | 'now'>

export function presentRequest(request: AccessRequest, { view, now }: Now, cluster: string): AccessRequestView {
  return {
    id: request.id,
    user: userNameOf(request.user, view),
    roles: request.roles.map((reference) => canonicalName(reference, view)),
    resources: request.resources.map((resource) => ({
      id: formatResourceId(cluster, resource),
      account: resource.account,
      accountName: resource.accountName,
      permissionSet: resource.permissionSetName,
    })),
    applications: [...request.applications],
    bundles: [...request.bundles],
    ...given('prolongs', request.prolongs),
    ...wouldEnd(request, view, now),
    ...given('rule', request.automatic?.rule),
    reason: request.reason,
    suggestedReviewers: [...request.suggestedReviewers],
    reviews: request.reviews.map((review) => ({
      author: userNameOf(review.author, view),
      verdict: review.verdict,
      reason: review.reason,
      at: formatInstant(review.at),
      ...timeOf('assumeStartTime', review.assumeStartTime),
      ...given('rows', review.rows && [...review.rows]),
      void: review.isVoid ?? false,
    })),
    createdAt: formatInstant(request.createdAt),
    pendingUntil: formatInstant(request.pendingUntil),
    duration: formatDuration(request.duration),
    ...timeOf('assumeStartTime', request.assumeStartTime),
    ...presentState(request, view, now),
  }
}

type Decided = Pick<AccessRequestDetailView, 'may' | 'rows' | 'needs' | 'shown' | 'longTerm'>

/** What only the page of one request shows. */
export function presentDecision(detail: RequestDetail): Decided {
  const { request, reading } = detail
  const requester = reading.view.userById.get(request.user)
  return {
    may: mayOf(detail, reading),
    ...presentRows(request, reading),
    ...given(
      'longTerm',
      request.longTerm &&
        requester &&
        presentLongTerm(longTermOf(request, requester, reading.view, reading.now), request, {
          ...reading,
          isReviewer: detail.mayReview,
        }),
    ),
    ...(detail.shown ? { shown: presentShown(detail.shown, request, reading.view) } : {}),
  }
}

export const presentRows = (
  request: AccessRequest,
  { view }: Pick<Now, 'view'>,
): Pick<AccessRequestDetailView, 'rows' | 'needs'> => {
  const isPending = request.state === 'pending'
  // What was given back of the access that it prolongs would not be given again.
  const returned = new Set(isPending ? returnedBefore(request, view).map(({ row }) => row) : [])
  return {
    rows: describeRows(request).map(({ row, name, state, returned: back }) => ({
      id: row,
      name,
      state: returned.has(row) ? 'returned' : state,
      ...given(
        'returned',
        back && { at: formatInstant(back.at), ...given('by', back.by && userNameOf(back.by, view)) },
      ),
    })),
    needs: isPending ? needsOf(request).map((need) => presentNeed(need, request, view)) : [],
  }
}

const presentNeed = (
  { met, thresholds }: ReturnType<typeof needsOf>[number],
  request: AccessRequest,
  view: View,
): AccessRequestDetailView['needs'][number] => ({
  met,
  thresholds: thresholds.map(({ threshold, approvals }) => ({
    name: threshold.name,
    approvals,
    needed: threshold.approve,
    ...given('rule', threshold.rule),
    ...given('reviewers', threshold.reviewers && namesOf(threshold.reviewers, view)),
    ...timeOf('opensAt', threshold.opensAfter === undefined ? undefined : opensAt(threshold, request)),
  })),
})

const namesOf = ({ users, lists }: NonNullable<Threshold['reviewers']>, view: View): string[] => [
  ...users.map((user) => userNameOf(user, view)),
  ...lists.map((list) => view.listById.get(list)?.title ?? list),
]

function mayOf(listed: ListedRequest & Pick<RequestDetail, 'promotions' | 'isOwn'>, { now }: Now) {
  const { request } = listed
  const isRunning = isInForce(request, now)
  return {
    review: listed.mayReview,
    promote: listed.promotions.length > 0,
    delete: listed.mayRemove,
    return: listed.mayReturn,
    prolong: listed.isOwn && isRunning && describeRows(request).some(({ state }) => state === 'approved'),
  }
}

function presentShown(shown: NonNullable<RequestDetail['shown']>, request: AccessRequest, view: View): ShownView {
  const warnings = [...unusualNames(request, view)]
  const facts = { accounts: accountsOf(request, view), roles: rolesOf(request, view), warnings }
  if ('problem' in shown) return { problem: explain(shown.problem).message, permissionSets: [], ...facts }
  return {
    hash: shown.hash,
    ...facts,
    permissionSets: [...shown.readings].map(([arn, reading]) =>
      reading
        ? {
            arn,
            ...organizationOf(viewOfSet(arn, view), view),
            name: reading.name,
            description: reading.description,
            sessionDuration: reading.sessionDuration,
            missing: false,
            ...given('policies', reading.policies && presentPolicies(reading.policies)),
          }
        : { arn, name: '', description: '', sessionDuration: '', missing: true },
    ),
  }
}

/** Permission sets that are not what was approved any more; the access goes on all the same. */
export const changesSince = (request: AccessRequest, view: View): readonly string[] =>
  request.state === 'approved'
    ? (request.setChanges ?? []).map(({ permissionSet, at }) => {
        const name = view.catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet
        return `${name} is not what was approved any more; it was found changed at ${formatInstant(at)}.`
      })
    : []

export function presentLongTerm(
  { covers, recommended, canProceed, message }: LongTerm,
  request: AccessRequest,
  { view, isReviewer = false }: Pick<Now, 'view'> & { readonly isReviewer?: boolean },
): NonNullable<AccessRequestDetailView['longTerm']> {
  const names = new Map(request.resources.map((resource) => [grantKey(resource), resourceName(resource)]))
  const listOf = (id: AccessListId) => ({ id, title: view.listById.get(id)?.title ?? id })
  // Whoever asks learns of the one list that he would be in.
  const lists = [...covers].filter(([id]) => isReviewer || id === recommended)
  return {
    ...given('recommended', recommended && listOf(recommended)),
    canProceed,
    message,
    lists: lists
      .slice(0, MAX_CANDIDATES)
      .map(([id, grants]) => ({ ...listOf(id), gives: grants.map((key) => names.get(key) ?? key) })),
    listsTotal: lists.length,
  }
}

const accountsOf = (request: AccessRequest, view: View): ShownView['accounts'] => {
  const asked = new Map(grantsAskedFor(request, view).map((grant) => [grantOfKey(grant).account, grantOfKey(grant)]))
  return [...asked.values()]
    .toSorted((a, b) => (a.account < b.account ? -1 : 1))
    .map((grant) => {
      const { id, name, tags, parents } = placeOf(grant, view)
      const where = organizationOf(viewOfGrant(grant, view), view)
      return { id, name, ...where, ...given('tags', tags && { ...tags }), ...given('parents', parents && [...parents]) }
    })
}

/** Where there is just one it goes without saying. */
const organizationOf = (place: OrganizationView | undefined, { byOrganization }: View): { organization?: string } =>
  place && byOrganization.length > 1 ? { organization: place.organization.name } : {}

/** A role that is lent gives what it says, here as well as in AWS. */
const rolesOf = (request: AccessRequest, view: View): ShownView['roles'] =>
  request.roles.flatMap((reference) => {
    const resolved = view.resolveRole(reference)
    if (resolved.kind !== 'stored' || (!isRoleRequest(request) && request.applications.length === 0)) return []
    return [{ name: resolved.role.name, text: formatDocument(documentOfRole(resolved.role)) }]
  })

function wouldEnd(request: AccessRequest, view: View, now: Instant): { readonly wouldEnd?: string } {
  if (request.prolongs === undefined || request.state !== 'pending') return {}
  return timeOf('wouldEnd', plus(latest(endOfProlonged(request, view, now) ?? now, now), request.duration))
}

const presentPolicies = (policies: PermissionSetPolicies) => {
  const { inlinePolicy, managedPolicies, customerManagedPolicies, permissionsBoundary: boundary } = policies
  const pathOf = ({ path, name }: { readonly path: string; readonly name: string }): string => `${path}${name}`
  return {
    ...given('inlinePolicy', inlinePolicy),
    managedPolicies: [...managedPolicies],
    customerManagedPolicies: customerManagedPolicies.map(pathOf),
    ...given(
      'permissionsBoundary',
      boundary && ('managedPolicy' in boundary ? boundary.managedPolicy : pathOf(boundary.customerManagedPolicy)),
    ),
  }
}

function presentState(
  request: AccessRequest,
  view: View,
  now: Instant,
): Pick<AccessRequestView, 'state'> & Partial<AccessRequestView> {
  if (request.state === 'pending') return { state: stateAt(request, now) }
  const resolved = {
    state: request.state,
    resolveReason: request.resolveReason,
    resolvedAt: formatInstant(request.resolvedAt),
  }
  switch (request.state) {
    case 'approved':
      return { ...resolved, startsAt: formatInstant(request.startsAt), expiresAt: formatInstant(request.expiresAt) }
    case 'denied':
      return resolved
    case 'promoted': {
      const title = view.listById.get(request.into)?.title ?? request.into
      return { ...resolved, promotedTo: { id: request.into, title } }
    }
  }
}

export const given = <Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } =>
  // A computed key loses its literal type.
  (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }

const timeOf = <Key extends string>(key: Key, at: Instant | undefined): { readonly [K in Key]?: string } =>
  given(key, at === undefined ? undefined : formatInstant(at))
