import type { Labels } from '../kernel/names.ts'
import { matches, parsePattern } from '../kernel/pattern.ts'
import { DomainError } from '../kernel/problems.ts'
import type { NameFilter, RolesSyncMode } from './organization.ts'

/** Says whether a group is inside a filter. The order of the parts plays no role. */
export function passesFilter(filter: readonly NameFilter[], candidate: { id: string; name: string }): boolean {
  const hit = (field: 'id' | 'name', pattern: NameFilter['pattern']) => matches(pattern, candidate[field])
  if (filter.some((part) => 'exclude' in part && hit(part.exclude, part.pattern))) return false
  const inclusions = filter.filter((part) => 'include' in part)
  return inclusions.length === 0 || inclusions.some((part) => hit(part.include, part.pattern))
}

export function passesUserFilter(filter: readonly Labels[], labels: Labels): boolean {
  return (
    filter.length === 0 ||
    filter.some((wanted) => Object.entries(wanted).every(([key, value]) => labels[key] === value))
  )
}

/**
 * Without derived roles there is nothing that a list made from a group could grant, so no group is taken over.
 * @throws DomainError `conflict` when groups are chosen all the same
 */
export function groupFilterFor(mode: RolesSyncMode, filter: readonly NameFilter[]): readonly NameFilter[] {
  if (mode === 'ALL') return filter
  if (filter.length === 0) return NO_GROUP
  throw new DomainError({
    code: 'conflict',
    message: 'Roles sync mode NONE takes over no groups, and a group filter is given.',
    remedy: 'Leave the group filter out, or the mode.',
  })
}
const NO_GROUP: readonly NameFilter[] = [{ exclude: 'name', pattern: parsePattern('*') }]
