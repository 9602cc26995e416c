import { toCanonicalJson } from '../audit/canonical-json.ts'
import type { Role } from './role.ts'

const known = new WeakMap<Role, string>()

/**
 * What a role says, in one spelling: two roles with the same definition give, allow and deny the same. Its revision tells
 * less: a role that was deleted and made again begins with the first.
 */
export function definitionOf(role: Role): string {
  const { version, options, allow, deny } = role
  const text = known.get(role) ?? toCanonicalJson({ version, options, allow, deny })
  known.set(role, text)
  return text
}
