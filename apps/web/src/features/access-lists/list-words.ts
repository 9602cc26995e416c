import type { AccessListView } from '@gatehouse/api'

/** Who keeps the members of a list. */
export const TYPES = [
  { value: '', label: 'reviewed here' },
  { value: 'static', label: 'kept by files' },
  { value: 'scim', label: 'kept by SCIM' },
] as const

export const sayType = (type: string): string => (TYPES.find(({ value }) => value === type) ?? TYPES[0]).label

export const sayOwners = (owners: AccessListView['owners']): string =>
  owners.map(({ name, title }) => title ?? name).join(', ')

/** By whose reviews a list counts again: `ana has`, `2 of its owners (ana, boris, carla) have`. */
export function sayReviewers(
  owners: AccessListView['owners'],
  { requiredReviewers }: Pick<NonNullable<AccessListView['review']>, 'requiredReviewers'>,
): string {
  const names = sayOwners(owners)
  if (owners.length === 1) return `${names} has`
  if (requiredReviewers >= owners.length) return `${names} have`
  return `${requiredReviewers} of its owners (${names}) ${requiredReviewers === 1 ? 'has' : 'have'}`
}

/** A pill only where somebody has to do something. */
export function stateOf({ review }: AccessListView): { readonly state: string; readonly label: string } | undefined {
  if (!review) return undefined
  if (review.suspended) return { state: 'failed', label: 'suspended' }
  if (review.state === 'overdue') return { state: 'failed', label: 'review overdue' }
  return review.state === 'open' ? { state: 'open', label: 'up for review' } : undefined
}
