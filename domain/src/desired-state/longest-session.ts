import { type GrantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import type { Catalogue } from '../identity-center/catalogue.ts'
import { type Duration, hours, parseDuration } from '../kernel/instant.ts'

/** The longest that AWS lets a permission set's session be (IAM Identity Center User Guide, "Set session duration for AWS accounts"). */
export const MAX_SESSION: Duration = hours(12)

/**
 * How long credentials that were issued for these assignments may outlive them: AWS takes nothing back that it has issued.
 * Nothing where no set of them is known.
 */
export function longestSession(
  grants: Iterable<GrantKey>,
  { permissionSets }: Pick<Catalogue, 'permissionSets'>,
): Duration | undefined {
  let longest: Duration | undefined
  for (const grant of grants) {
    const set = permissionSets.get(grantOfKey(grant).permissionSet)
    if (!set) continue
    const duration = parseDuration(set.sessionDuration)
    if (longest === undefined || duration > longest) longest = duration
  }
  return longest
}
