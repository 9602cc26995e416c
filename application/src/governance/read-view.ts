import {
  DEFAULT_REMOVAL_BUDGET,
  type Instant,
  type Organization,
  type OrganizationId,
  REVERT_ALL,
  type View,
} from '@gatehouse/domain'
import type { Records } from '../ports/store.ts'
import type { ReadPorts } from './governance-ports.ts'

/** Records and catalogue at one instant, as rules want them. */
export interface Reading {
  readonly view: View
  readonly records: Records
  /** Absent while none is enrolled. */
  readonly organization: Organization | undefined
  readonly now: Instant
}

export async function readView(ports: Pick<ReadPorts, 'records' | 'clock'>, signal: AbortSignal): Promise<Reading> {
  const { view, records, organization } = await ports.records.readView(organizationOf, signal)
  return {
    view,
    records,
    organization: organization === NO_ORGANIZATION ? undefined : organization,
    now: ports.clock.now(),
  }
}

const organizationOf = (records: Records): Organization => firstOrganization(records) ?? NO_ORGANIZATION

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
