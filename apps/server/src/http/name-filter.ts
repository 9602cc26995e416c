import type { OrganizationView } from '@gatehouse/api'
import { type NameFilter, parsePattern } from '@gatehouse/domain'

/** @throws DomainError `invalid-value` for an expression that can't be compiled */
export function nameFilterOf({ match, field, pattern }: OrganizationView['accountFilter'][number]): NameFilter {
  const parsed = parsePattern(pattern)
  return match === 'include' ? { include: field, pattern: parsed } : { exclude: field, pattern: parsed }
}
