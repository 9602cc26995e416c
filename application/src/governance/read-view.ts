import {
  canonicalLocks,
  createCatalogue,
  createView,
  DEFAULT_REMOVAL_BUDGET,
  type Instant,
  type Organization,
  type OrganizationId,
  REVERT_ALL,
  type View,
} from '@gatehouse/domain'
import type { Mirror, Records } from '../ports/store.ts'
import type { ReadPorts } from './governance-ports.ts'

/** Records and mirror at one instant, as rules want them. */
export interface Reading {
  readonly view: View
  readonly records: Records
  /** Absent while no organization is enrolled. */
  readonly mirror: Mirror | undefined
  readonly now: Instant
}

export async function readView(ports: ReadPorts, signal: AbortSignal): Promise<Reading> {
  const records = await ports.records.read(signal)
  const organization = firstOrganization(records)
  const mirror = organization && (await ports.store.readMirror(organization.id, signal))
  return { view: viewOf(records, organization, mirror), records, mirror, now: ports.clock.now() }
}

/** Names of system roles are resolved against the organization that was enrolled first. */
const firstOrganization = ({ organizations }: Records): Organization | undefined =>
  organizations.toSorted((a, b) => a.createdAt - b.createdAt)[0]

function viewOf(records: Records, enrolled: Organization | undefined, mirror: Mirror | undefined): View {
  const organization = enrolled ?? NO_ORGANIZATION
  const catalogue = mirror?.catalogue ?? createCatalogue([], [])
  const isOurs = (record: { organization: OrganizationId }): boolean => record.organization === organization.id
  return createView({
    organization,
    users: records.users,
    roles: records.roles,
    lists: records.lists,
    requests: records.requests,
    locks: canonicalLocks(records.locks, new Set(records.roles.map(({ name }) => name)), catalogue),
    serviceProviders: records.serviceProviders,
    adopted: records.adopted.filter(isOurs),
    userLinks: records.userLinks.filter(isOurs),
    groupLinks: records.groupLinks.filter(isOurs),
    catalogue,
    auditSeq: records.auditSeq,
  })
}

/** Stands in before enrolment: rules can be asked, and nothing of AWS exists. */
const NO_ORGANIZATION: Organization = {
  id: '' as OrganizationId,
  name: '',
  instanceArn: '',
  region: '',
  identityStoreId: '',
  managementAccount: '',
  mode: 'shadow',
  hybrid: false,
  credentials: { source: 'system', roleArn: '' },
  scimUrl: '',
  startUrl: '',
  portalUrl: '',
  defaultOwners: [],
  accountFilter: [],
  groupFilter: [],
  userFilter: [],
  driftPolicy: REVERT_ALL,
  removalBudget: DEFAULT_REMOVAL_BUDGET,
  createdAt: 0 as Instant,
  revision: 0,
}
