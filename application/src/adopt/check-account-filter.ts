import { type Account, type AccountFilterPart, demandReadable, isUnitId } from '@gatehouse/domain'
import type { CallOptions, IdentityCenter } from '../ports/identity-center.ts'

/**
 * Asks AWS for what the filter of accounts goes by, which takes optional permissions.
 * @throws DomainError `conflict`, IdentityCenterError
 */
export async function checkAccountFilter(
  identityCenter: IdentityCenter,
  filter: readonly AccountFilterPart[],
  [account]: readonly Account[],
  call: CallOptions,
): Promise<void> {
  const byTag = filter.some((part) => 'key' in part)
  const byPath = filter.some((part) => 'unit' in part && !isUnitId(part.unit))
  demandReadable(filter, {
    tags: !byTag || !account || (await identityCenter.listAccountTags(account.id, call)) !== undefined,
    unitNames: !byPath || (await identityCenter.listOrganizationalUnits(call)) !== undefined,
  })
}
