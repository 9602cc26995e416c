import type { Traits } from '../kernel/names.ts'
import { matches, type Pattern } from '../kernel/pattern.ts'
import type { ClaimMapping, Role, RoleConditions } from './role.ts'

/** The roles that somebody's traits let him ask for, or review, through a list of mappings. */
const claimedRoles = (mappings: readonly ClaimMapping[], traits: Traits): readonly Pattern[] =>
  mappings
    .filter(({ claim, value }) => Object.hasOwn(traits, claim) && traits[claim]?.some((one) => matches(value, one)))
    .flatMap(({ roles }) => roles)

/**
 * The role as it counts for somebody with these traits: what his claims give stands with what is written out.
 * @param held with those of suspended lists, which count where it denies
 */
export function withClaims(role: Role, traits: Traits, held: Traits): Role {
  if (!hasClaims(role.allow) && !hasClaims(role.deny)) return role
  return { ...role, allow: claimed(role.allow, traits), deny: claimed(role.deny, held) }
}

const hasClaims = ({ request, reviewRequests }: RoleConditions): boolean =>
  request.claimsToRoles.length > 0 || reviewRequests.claimsToRoles.length > 0

const claimed = (conditions: RoleConditions, traits: Traits): RoleConditions => ({
  ...conditions,
  request: withRoles(conditions.request, traits),
  reviewRequests: withRoles(conditions.reviewRequests, traits),
})

const withRoles = <T extends { readonly roles: readonly Pattern[]; readonly claimsToRoles: readonly ClaimMapping[] }>(
  conditions: T,
  traits: Traits,
): T => ({ ...conditions, roles: [...conditions.roles, ...claimedRoles(conditions.claimsToRoles, traits)] })
