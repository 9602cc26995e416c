import { MAX_REQUESTED } from '../access-requests/limits.ts'
import { mayEnd } from '../access-requests/requestable.ts'
import type { View } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { Bundle } from './bundle.ts'
import { resolveBundle } from './resolve-bundle.ts'

/** What the writer of a bundle should know: entries that give nothing, and why nobody could ask for it as it is. */
export function whatToKnow(bundle: Bundle, view: View): readonly string[] {
  const { rows, problems } = resolveBundle(bundle, view.catalogue)
  const permanent = rows.find((row) => !mayEnd(grantKey(row), view))
  return [
    ...problems,
    ...(permanent
      ? [
          `it holds the management account (${permanent.account}), where access with an end is refused: a request for this bundle is too, unless it excludes that account`,
        ]
      : []),
    ...(rows.length > MAX_REQUESTED
      ? [`it stands for ${rows.length} assignments, and a request takes ${MAX_REQUESTED}: make several bundles of it`]
      : []),
  ]
}
