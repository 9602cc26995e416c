import { type AccessRequestDetailView, MAX_CANDIDATES } from '@gatehouse/api'
import { type EachHoldings, holdingsAt, type RequestDetail } from '@gatehouse/application'
import {
  formatInstant,
  grantOfKey,
  grantsAskedFor,
  type GrantKey,
  type Instant,
  latest,
  type View,
  whyAccess,
} from '@gatehouse/domain'

type HeldView = NonNullable<AccessRequestDetailView['has']>

/** What whoever asks has anyway in the accounts of a request: for who may review it, and for the person. */
export function presentHeld(
  { request, reading: { view, now }, mayReview, isOwn }: RequestDetail,
  holdings: EachHoldings,
): { readonly has?: HeldView } {
  const user = view.userById.get(request.user)
  const accounts = new Set(grantsAskedFor(request, view).map((grant) => grantOfKey(grant).account))
  if (!user || accounts.size === 0 || !(mayReview || isOwn)) return {}
  const ends = new Map<GrantKey, Instant | undefined>()
  for (const { grant, lease } of whyAccess(user, view, now).paths) {
    const isItself = lease.cause.kind === 'request' && lease.cause.request === request.id
    if (isItself || !accounts.has(grantOfKey(grant).account)) continue
    // What nothing ends is not ended by anything else.
    const known = ends.get(grant)
    const isFirst = !ends.has(grant)
    ends.set(grant, isFirst ? lease.until : known && lease.until && latest(known, lease.until))
  }
  const rows = [...ends].map(([grant, until]) => ({
    ...namesOf(grant, view),
    ...sayHeld(grant, holdings, view),
    ...endOf(until),
  }))
  const sorted = rows.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
  return { has: { items: sorted.slice(0, MAX_CANDIDATES), total: sorted.length } }
}

const sortKey = ({ accountName, account, permissionSet }: HeldView['items'][number]): string =>
  [accountName, account, permissionSet].join('\n')

function namesOf(grant: GrantKey, { catalogue }: View) {
  const { account, permissionSet } = grantOfKey(grant)
  return {
    account,
    accountName: catalogue.accounts.get(account)?.name ?? account,
    permissionSet: catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet,
    permissionSetArn: permissionSet,
  }
}

const endOf = (until: Instant | undefined) => (until === undefined ? {} : { until: formatInstant(until) })

/** Nothing where AWS has not been read whole. */
function sayHeld(grant: GrantKey, holdings: EachHoldings, view: View): Pick<HeldView['items'][number], 'aws'> {
  const held = holdingsAt(grant, holdings, view)
  if (held?.isRead !== true) return {}
  return { aws: held.direct.has(grant) || held.throughGroups.has(grant) ? 'confirmed' : 'pending' }
}
