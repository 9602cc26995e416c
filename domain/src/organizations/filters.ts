import type { Labels } from '../kernel/names.ts'
import { matches } from '../kernel/pattern.ts'
import type { NameFilter } from './organization.ts'

/** Says whether an account or group is inside a filter. The order of the parts plays no role. */
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
