import {
  createCatalogue,
  DEFAULT_REMOVAL_BUDGET,
  type Instant,
  type Organization,
  type OrganizationId,
  REVERT_ALL,
  type View,
} from '@gatehouse/domain'
import type { Mirror, Records, Store } from '../ports/store.ts'
import type { ReadPorts } from './governance-ports.ts'
import { viewOf } from './view-of.ts'

/** Records and mirror at one instant, as rules want them. */
export interface Reading {
  readonly view: View
  readonly records: Records
  /** Absent while no organization is enrolled. */
  readonly mirror: Mirror | undefined
  readonly now: Instant
}

export async function readView(
  ports: Pick<ReadPorts, 'records' | 'clock'> & { readonly store: Pick<Store, 'readMirror'> },
  signal: AbortSignal,
): Promise<Reading> {
  const records = await ports.records.read(signal)
  const organization = firstOrganization(records)
  const mirror = organization && (await ports.store.readMirror(organization.id, signal))
  return {
    view: viewOf(records, organization ?? NO_ORGANIZATION, mirror?.catalogue ?? createCatalogue([], [])),
    records,
    mirror,
    now: ports.clock.now(),
  }
}

/** Names of system roles are resolved against the organization that was enrolled first. */
const firstOrganization = ({ organizations }: Records): Organization | undefined =>
  organizations.toSorted((a, b) => a.createdAt - b.createdAt)[0]

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
  rolesSyncMode: 'ALL',
  createdAt: 0 as Instant,
  revision: 0,
}
