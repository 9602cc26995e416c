import type { ReviewRowView } from '@gatehouse/api'

/** So many may go by one command without a number, unless an organization is known to allow more. */
export const WITHOUT_NUMBER = 10

export interface RemovalCount {
  /** People out of the list, those in lists that go with them included. */
  readonly people: number
  /** Permission sets on accounts that they then have in no other way. */
  readonly assignments: number
  /** What somebody has to mean; absent where so few go without being asked for. */
  readonly confirm?: number
}

/** What several removals take away together: each is small enough for itself. */
export function countRemovals(
  rows: readonly Pick<ReviewRowView, 'kind' | 'people' | 'losesCount'>[],
  limit = WITHOUT_NUMBER,
): RemovalCount {
  const people = rows.reduce((sum, row) => sum + (row.kind === 'list' ? row.people : 1), 0)
  const assignments = rows.reduce((sum, { losesCount }) => sum + losesCount, 0)
  const isMany = people > limit || assignments > limit
  return { people, assignments, ...(isMany ? { confirm: people + assignments } : {}) }
}
