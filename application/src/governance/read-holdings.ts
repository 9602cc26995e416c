import {
  type GrantKey,
  grantOfKey,
  type OrganizationId,
  type OrganizationView,
  type UserId,
  type View,
  viewOfGrant,
} from '@gatehouse/domain'
import type { Holdings, Store } from '../ports/store.ts'

export type EachHoldings = ReadonlyMap<OrganizationId, Holdings>

interface HoldingsQuery {
  readonly user: UserId
  readonly signal: AbortSignal
}

/** What AWS held of one of our users when we looked, in all organizations. */
export interface HeldAnywhere {
  /** Whether all of them have been read whole once; false while none is enrolled. */
  readonly isRead: boolean
  readonly grants: ReadonlySet<GrantKey>
}

export const heldAnywhere = (holdings: EachHoldings): HeldAnywhere => ({
  isRead: holdings.size > 0 && holdings.values().every(({ isRead }) => isRead),
  grants: new Set(holdings.values().flatMap(({ direct, throughGroups }) => [...direct, ...throughGroups])),
})

/** What was held in the organization of a grant; absent when it is of none that is enrolled. */
export function holdingsAt(grant: GrantKey, holdings: EachHoldings, view: View): Holdings | undefined {
  const place = viewOfGrant(grantOfKey(grant), view)
  return place && holdings.get(place.organization.id)
}

/** What AWS held of one of our users when we looked, by organization: each was read at a time of its own. */
export async function readEachHoldings(
  { store }: { readonly store: Pick<Store, 'readHoldings'> },
  enrolled: readonly OrganizationView[],
  { user, signal }: HoldingsQuery,
): Promise<EachHoldings> {
  const read = async ({ organization: { id }, userLinkByUser }: OrganizationView) =>
    [id, await store.readHoldings(id, userLinkByUser.get(user)?.awsUser, signal)] as const
  return new Map(await Promise.all(enrolled.map(read)))
}
