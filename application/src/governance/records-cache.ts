import {
  DEFAULT_REMOVAL_BUDGET,
  type Instant,
  joinViews,
  type Organization,
  type OrganizationId,
  type OrganizationView,
  REVERT_ALL,
  type View,
} from '@gatehouse/domain'
import type { ReadCatalogue, Records, Store } from '../ports/store.ts'
import { createViews } from './view-of.ts'

/** The records as they are now, read again only when a commit has changed them, and then only what it changed. */
export interface RecordsCache {
  read(signal: AbortSignal): Promise<Records>
  /** The same as organizations see them, by the newest catalogue of each. */
  readView(signal: AbortSignal): Promise<{ readonly view: View; readonly records: Records }>
}

type CachedStore = Pick<Store, 'readRecords' | 'recordsVersion' | 'readCatalogue' | 'catalogueVersion'>

/**
 * Several replicas write to one database, so every copy is compared with the store's version before it is used.
 * `auditSeq` of what it gives may be behind: events alone do not change the records' version.
 */
export function createRecordsCache(store: CachedStore): RecordsCache {
  const views = createViews()
  const catalogues = new Map<OrganizationId, ReadCatalogue>()
  let copy: Records | undefined
  let joined: View | undefined

  async function read(signal: AbortSignal): Promise<Records> {
    const version = await store.recordsVersion(signal)
    if (copy?.version === version) return copy
    const fresh = await store.readRecords(signal, copy)
    // Two readers may overtake one another; the later version stays.
    if (!copy || fresh.version >= copy.version) copy = fresh
    return fresh
  }

  async function readCatalogue(id: OrganizationId, signal: AbortSignal): Promise<ReadCatalogue> {
    const known = catalogues.get(id)
    if (known && known.version === (await store.catalogueVersion(id, signal))) return known
    const fresh = await store.readCatalogue(id, signal)
    const newest = catalogues.get(id)
    if (!newest || fresh.version >= newest.version) catalogues.set(id, fresh)
    return fresh
  }

  return {
    read,
    async readView(signal) {
      const records = await read(signal)
      const [first = NO_ORGANIZATION, ...others] = records.organizations.toSorted((a, b) => a.createdAt - b.createdAt)
      const see = async (organization: Organization): Promise<OrganizationView> => {
        const { catalogue } = await readCatalogue(organization.id, signal)
        return views.of(records, organization, catalogue)
      }
      const seen = [await see(first), ...(await Promise.all(others.map(see)))] as const
      if (!joined || !isSameSequence(joined.byOrganization, seen)) joined = joinViews(seen)
      return { view: joined, records }
    },
  }
}

const isSameSequence = <T>(some: readonly T[], others: readonly T[]): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index])

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
