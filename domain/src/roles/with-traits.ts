import type { Traits } from '../kernel/names.ts'
import { type Pattern, parsePattern } from '../kernel/pattern.ts'
import { fillIn } from './expand-assignments.ts'
import type { LabelPatterns, Role, RoleConditions } from './role.ts'
import { hasTemplate } from './trait-templates.ts'

const ANYTHING: readonly Pattern[] = [parsePattern('*')]
const NOTHING: readonly Pattern[] = []

/**
 * The role as it counts for somebody with these traits, where it names them: in roles to ask for and to review, and in
 * labels of applications. What is filled in stands for itself. Without the trait an allow gives nothing, and a deny
 * denies as if `*` stood there.
 * @param held with those of suspended lists, which count where it denies
 */
export function withTraits(role: Role, traits: Traits, held: Traits): Role {
  if (!hasTemplates(role)) return role
  return { ...role, allow: filled(role.allow, traits, NOTHING), deny: filled(role.deny, held, ANYTHING) }
}

const known = new WeakMap<Role, boolean>()

function hasTemplates(role: Role): boolean {
  const found = known.get(role)
  if (found !== undefined) return found
  const texts = [role.allow, role.deny].flatMap(({ request, reviewRequests, appLabels }) => [
    ...request.roles,
    ...reviewRequests.roles,
    ...Object.values(appLabels ?? {}).flat(),
  ])
  const has = texts.some(hasTemplate)
  known.set(role, has)
  return has
}

function filled(conditions: RoleConditions, traits: Traits, otherwise: readonly Pattern[]): RoleConditions {
  const { request, reviewRequests, appLabels } = conditions
  const fill = (patterns: readonly Pattern[]): readonly Pattern[] =>
    patterns.flatMap((pattern) => fillIn(pattern, traits, otherwise))
  const labels: LabelPatterns | undefined =
    appLabels && Object.fromEntries(Object.entries(appLabels).map(([key, values]) => [key, fill(values)]))
  return {
    ...conditions,
    request: { ...request, roles: fill(request.roles) },
    reviewRequests: { ...reviewRequests, roles: fill(reviewRequests.roles) },
    ...(labels ? { appLabels: labels } : {}),
  }
}
