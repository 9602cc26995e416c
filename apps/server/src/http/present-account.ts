import type { GatehouseContract } from '@gatehouse/api'
import { type Account, organizationalPath } from '@gatehouse/domain'

type Row = GatehouseContract['listOrganizationAccounts']['response']['_zod']['output']['items'][number]

/** An account with where it lies, and how it stands to the filter. */
export function presentAccount(account: Account, { isInside, reason }: { isInside: boolean; reason: string }): Row {
  const path = organizationalPath(account)
  const unit = account.parents?.[0]?.id ?? account.parent
  return {
    id: account.id,
    name: account.name,
    email: account.email,
    state: account.state,
    management: account.isManagement,
    inside: isInside,
    ...(reason === '' ? {} : { reason }),
    ...(unit === undefined ? {} : { unit }),
    ...(path === undefined ? {} : { path }),
    ...(account.tags ? { tags: { ...account.tags } } : {}),
  }
}
