import { grantKey } from '../identity-center/account-assignment.ts'
import { joinCatalogues } from '../identity-center/catalogue.ts'
import { canonicalLocks } from '../locks/canonical-locks.ts'
import { expandPatterns } from './expand-patterns.ts'
import {
  createView,
  type GovernanceRecords,
  type OrganizationView,
  type ResolvedRole,
  type Snapshot,
  type View,
} from './view.ts'

/** The same records as several organizations see them, as one: what is asked of it is asked of all of them. */
export function joinViews(views: readonly [OrganizationView, ...OrganizationView[]]): View {
  const [first, ...others] = views
  if (others.length === 0) return first
  const catalogue = joinCatalogues([first.catalogue, ...others.map((view) => view.catalogue)])
  // Not the links: each organization has its own.
  const { organization: _, adopted: __, userLinks: ___, groupLinks: ____, ...records } = first
  return {
    ...records,
    byOrganization: views,
    catalogue,
    locks: canonicalLocks(first.locks, new Set(first.roles.map(({ name }) => name)), catalogue),
    resolveRole(reference) {
      const found = views.map((view) => view.resolveRole(reference))
      const means = new Set(found.flatMap((one) => (one.kind === 'system' ? [grantKey(one.grant)] : [])))
      // The account is in two organizations for a while, and nobody knows which one is meant.
      if (means.size > 1) return { kind: 'unknown', name: reference.name }
      return found.reduce((best, other) => (CERTAINTY[other.kind] > CERTAINTY[best.kind] ? other : best))
    },
    expand: (patterns) => expandPatterns(patterns, catalogue),
    isLocked: (target, now) => views.some((view) => view.isLocked(target, now)),
  }
}

/** Of what several organizations say of a name, whoever knows more of it is right. */
const CERTAINTY: Readonly<Record<ResolvedRole['kind'], number>> = {
  stored: 5,
  system: 4,
  repinned: 3,
  vanished: 2,
  elsewhere: 1,
  unknown: 0,
}

/** The same with other records, as each organization sees them. */
export function withRecords(
  view: View,
  records: Partial<GovernanceRecords> | ((one: OrganizationView) => Partial<Snapshot>),
): View {
  const snapshotOf = (one: OrganizationView): Snapshot => ({
    ...one,
    ...(typeof records === 'function' ? records(one) : records),
  })
  const [first, ...others] = view.byOrganization
  if (!first) throw new TypeError('A view without organizations.')
  const changed = createView(snapshotOf(first))
  return joinViews([changed, ...others.map((one) => createView(snapshotOf(one), changed))])
}
