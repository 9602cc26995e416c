import type { OrganizationId, OrganizationView, UserId } from '@gatehouse/domain'
import type { Holdings, Store } from '../ports/store.ts'
import type { Reading } from './read-view.ts'

interface HoldingsQuery {
  readonly user: UserId
  readonly signal: AbortSignal
}

/** What AWS held of one of our users when we looked, in all organizations; nothing while none is enrolled. */
export async function readHoldings(
  ports: { readonly store: Pick<Store, 'readHoldings'> },
  { enrolled }: Pick<Reading, 'enrolled'>,
  query: HoldingsQuery,
): Promise<Omit<Holdings, 'readAt'>> {
  const all = [...(await readEachHoldings(ports, enrolled, query)).values()]
  return {
    isRead: all.length > 0 && all.every(({ isRead }) => isRead),
    direct: new Set(all.flatMap(({ direct }) => [...direct])),
    throughGroups: new Set(all.flatMap(({ throughGroups }) => [...throughGroups])),
  }
}

/** The same by organization. */
export async function readEachHoldings(
  { store }: { readonly store: Pick<Store, 'readHoldings'> },
  enrolled: readonly OrganizationView[],
  { user, signal }: HoldingsQuery,
): Promise<ReadonlyMap<OrganizationId, Holdings>> {
  const read = async ({ organization: { id }, userLinkByUser }: OrganizationView) =>
    [id, await store.readHoldings(id, userLinkByUser.get(user)?.awsUser, signal)] as const
  return new Map(await Promise.all(enrolled.map(read)))
}
