import type { Organization, OrganizationId, View } from '@gatehouse/domain'
import type { ReadCatalogue, Records, Store } from '../ports/store.ts'
import { createViews } from './view-of.ts'

/** The records as they are now, read again only when a commit has changed them, and then only what it changed. */
export interface RecordsCache {
  read(signal: AbortSignal): Promise<Records>
  /** The same as an organization sees them, by the newest catalogue of it. */
  readView(choose: (records: Records) => Organization, signal: AbortSignal): Promise<ReadRecords>
}

export interface ReadRecords {
  readonly view: View
  readonly records: Records
  readonly organization: Organization
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
    async readView(choose, signal) {
      const records = await read(signal)
      const organization = choose(records)
      const { catalogue } = await readCatalogue(organization.id, signal)
      return { view: views.of(records, organization, catalogue), records, organization }
    },
  }
}
