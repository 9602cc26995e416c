import type { Tags, User } from '../world/records.ts'
import type { World } from '../world/world.ts'

/**
 * The tags of somebody's role sessions: what the identity provider asserted, and what the instance takes from the user's attributes. Which of the two
 * wins on one key is a knob, because AWS's pages disagree (IAM Identity Center User Guide, "Attributes for access control").
 */
export function computeSessionTags(world: World, user: User, asserted: Tags): Tags {
  const sources = Object.entries(world.home().accessControl ?? {})
  const found = sources.map(([key, source]) => [key, readSource(user, source)] as const)
  const configured: Tags = Object.fromEntries(found.filter(([, value]) => value !== ''))
  return world.knobs.abacPrecedence === 'configured' ? { ...asserted, ...configured } : { ...configured, ...asserted }
}

/** `${path:enterprise.costCenter}`, `${path:emails[primary eq true].value}`, or a text as it stands; empty when the user lacks it. */
function readSource(user: User, source: string): string {
  const path = /^\$\{path:(.+)\}$/.exec(source)?.[1]
  if (path === undefined) return source
  const steps = path.split('.')
  const value = steps.reduce<unknown>(follow, user)
  return typeof value === 'string' ? value : ''
}

function follow(value: unknown, step: string): unknown {
  const [, name, isPrimary] = /^(\w+)(\[primary eq true\])?$/.exec(step) ?? []
  if (name === undefined || typeof value !== 'object' || value === null) return undefined
  const found: unknown = new Map<string, unknown>(Object.entries(value)).get(name)
  if (isPrimary === undefined) return found
  const many: readonly unknown[] = Array.isArray(found) ? found : []
  return many.find((one) => typeof one === 'object' && one !== null && 'primary' in one && one.primary === true)
}
