import type { UserId } from '@gatehouse/domain'
import type { Holdings, Store } from '../ports/store.ts'
import type { Reading } from './read-view.ts'

const NOTHING: Holdings = { isRead: false, direct: new Set(), throughGroups: new Set() }

/** What AWS held of one of our users when we looked; nothing while no organization is enrolled. */
export async function readHoldings(
  { store }: { readonly store: Pick<Store, 'readHoldings'> },
  { view, organization }: Pick<Reading, 'view' | 'organization'>,
  { user, signal }: { readonly user: UserId; readonly signal: AbortSignal },
): Promise<Holdings> {
  if (!organization) return NOTHING
  return store.readHoldings(organization.id, view.userLinkByUser.get(user)?.awsUser, signal)
}
