import type { Records, Store } from '../ports/store.ts'

/** The records as they are now, read again only when a commit has changed them. */
export interface RecordsCache {
  read(signal: AbortSignal): Promise<Records>
}

/** `auditSeq` of what it gives may be behind: events alone do not change the records' version. */
export function createRecordsCache(store: Pick<Store, 'readRecords' | 'recordsVersion'>): RecordsCache {
  let copy: Records | undefined
  return {
    async read(signal) {
      const version = await store.recordsVersion(signal)
      if (copy?.version === version) return copy
      const fresh = await store.readRecords(signal)
      // Two readers may overtake one another; the later version stays.
      if (!copy || fresh.version >= copy.version) copy = fresh
      return fresh
    },
  }
}
