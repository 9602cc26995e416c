import { MAX_REQUESTED } from '../access-requests/limits.ts'
import { type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import type { Grant } from '../roles/role.ts'
import type { Bundle } from './bundle.ts'
import { resolveBundle } from './resolve-bundle.ts'

/** What somebody may ask for, and what he has without an end. */
export interface Reach {
  readonly requestable: { has(grant: GrantKey): boolean }
  readonly held: { has(grant: GrantKey): boolean }
}

/** A bundle as one person meets it. */
export interface BundleFor {
  readonly bundle: Bundle
  readonly rows: readonly BundleRow[]
  readonly problems: readonly string[]
  /** The request would be taken: he may ask for every row that he does not have, and there is one. */
  readonly mayRequest: boolean
}

export interface BundleRow extends Grant {
  readonly requestable: boolean
  /** Without an end, so that a request leaves it out. */
  readonly held: boolean
}

export function bundleFor(bundle: Bundle, catalogue: Parameters<typeof resolveBundle>[1], reach: Reach): BundleFor {
  const resolved = resolveBundle(bundle, catalogue)
  const rows = resolved.rows.map((row): BundleRow => {
    const key = grantKey(row)
    return { ...row, requestable: reach.requestable.has(key), held: reach.held.has(key) }
  })
  const isWithinReach = rows.every(({ requestable, held }) => requestable || held)
  const mayRequest = isWithinReach && rows.some(({ requestable }) => requestable) && rows.length <= MAX_REQUESTED
  return { bundle, rows, problems: resolved.problems, mayRequest }
}
