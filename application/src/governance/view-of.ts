import {
  canonicalLocks,
  createView,
  type Organization,
  type OrganizationId,
  type Snapshot,
  type View,
} from '@gatehouse/domain'
import type { Records } from '../ports/store.ts'

/** The records as one organization sees them, read against what its AWS holds. */
export function viewOf(records: Records, organization: Organization, catalogue: Snapshot['catalogue']): View {
  const isOurs = (record: { organization: OrganizationId }): boolean => record.organization === organization.id
  return createView({
    organization,
    users: records.users,
    roles: records.roles,
    lists: records.lists,
    requests: records.requests,
    locks: canonicalLocks(records.locks, new Set(records.roles.map(({ name }) => name)), catalogue),
    serviceProviders: records.serviceProviders,
    bundles: records.bundles,
    approvalRules: records.approvalRules,
    adopted: records.adopted.filter(isOurs),
    userLinks: records.userLinks.filter(isOurs),
    groupLinks: records.groupLinks.filter(isOurs),
    catalogue,
    auditSeq: records.auditSeq,
  })
}
