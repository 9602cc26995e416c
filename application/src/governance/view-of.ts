import {
  canonicalLocks,
  createView,
  deriveView,
  type Organization,
  type OrganizationId,
  type Snapshot,
  type OrganizationView,
} from '@gatehouse/domain'
import type { Records } from '../ports/store.ts'

/** The records as organizations see them, each read against what its AWS holds. */
export interface Views {
  /** Made from the view before, where there is one: records that were not changed cost nothing. */
  of(records: Records, organization: Organization, catalogue: Snapshot['catalogue']): OrganizationView
  /** The same with other settings, of which nothing is kept. Quick where the view of these records was just made. */
  tryOut(records: Records, organization: Organization, catalogue: Snapshot['catalogue']): OrganizationView
}

interface Made {
  readonly records: Records
  readonly snapshot: Snapshot
  readonly view: OrganizationView
}

export function createViews(): Views {
  const latest = new Map<OrganizationId, Made>()
  // Whichever was made last knows these records, if anyone does.
  let newest: OrganizationView | undefined
  const made = (before: Made | undefined, snapshot: Snapshot): OrganizationView =>
    before ? deriveView(before.view, snapshot, newest) : createView(snapshot, newest)
  return {
    of(records, organization, catalogue) {
      const before = latest.get(organization.id)
      const snapshot = snapshotOf(records, { organization, catalogue }, before)
      if (before && isSame(before.snapshot, snapshot)) return before.view
      const view = made(before, snapshot)
      latest.set(organization.id, { records, snapshot, view })
      newest = view
      return view
    },
    tryOut(records, organization, catalogue) {
      const before = latest.get(organization.id)
      return made(before, snapshotOf(records, { organization, catalogue }, before))
    },
  }
}

const isSame = (one: Snapshot, other: Snapshot): boolean =>
  // Both were made here and have the same keys.
  (Object.keys(one) as (keyof Snapshot)[]).every((key) => one[key] === other[key])

function snapshotOf(
  records: Records,
  { organization, catalogue }: Pick<Snapshot, 'organization' | 'catalogue'>,
  before: Made | undefined,
): Snapshot {
  const old = before?.records
  const isOurs = (record: { organization: OrganizationId }): boolean => record.organization === organization.id
  const areLocksSame =
    before?.snapshot.catalogue === catalogue && old?.locks === records.locks && old.roles === records.roles
  return {
    organization,
    users: records.users,
    roles: records.roles,
    lists: records.lists,
    requests: records.requests,
    locks: areLocksSame
      ? before.snapshot.locks
      : canonicalLocks(records.locks, new Set(records.roles.map(({ name }) => name)), catalogue),
    serviceProviders: records.serviceProviders,
    bundles: records.bundles,
    approvalRules: records.approvalRules,
    adopted: before && old?.adopted === records.adopted ? before.snapshot.adopted : records.adopted.filter(isOurs),
    userLinks:
      before && old?.userLinks === records.userLinks ? before.snapshot.userLinks : records.userLinks.filter(isOurs),
    groupLinks:
      before && old?.groupLinks === records.groupLinks ? before.snapshot.groupLinks : records.groupLinks.filter(isOurs),
    catalogue,
    auditSeq: records.auditSeq,
  }
}
