import type { GrantKey } from '../identity-center/account-assignment.ts'
import { type Catalogue, partsOf, sharedGrantKey } from '../identity-center/catalogue.ts'
import { matches } from '../kernel/pattern.ts'
import type { AccountAssignmentPattern } from '../roles/role.ts'

const expansions = new WeakMap<Catalogue, WeakMap<readonly AccountAssignmentPattern[], ReadonlySet<GrantKey>>>()

/** Worked out once for each list of patterns and each catalogue. */
export function expandPatterns(
  patterns: readonly AccountAssignmentPattern[],
  catalogue: Catalogue,
): ReadonlySet<GrantKey> {
  const known = expansions.get(catalogue) ?? new WeakMap<readonly AccountAssignmentPattern[], ReadonlySet<GrantKey>>()
  expansions.set(catalogue, known)
  const grants = known.get(patterns) ?? expand(patterns, catalogue)
  known.set(patterns, grants)
  return grants
}

/** Only what the catalogue holds: no wildcard is ever sent to AWS. */
function expand(patterns: readonly AccountAssignmentPattern[], catalogue: Catalogue): ReadonlySet<GrantKey> {
  const found = new Set<GrantKey>()
  for (const part of partsOf(catalogue))
    for (const { account, permissionSet } of patterns) {
      const accounts = [...part.accounts.values()].filter(({ id }) => matches(account, id))
      if (accounts.length === 0) continue
      const sets = [...part.permissionSets.values()].filter(({ arn }) => matches(permissionSet, arn))
      for (const { id } of accounts) for (const { arn } of sets) found.add(sharedGrantKey(catalogue, id, arn))
    }
  return found
}
