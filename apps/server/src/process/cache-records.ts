import type { Records, Store } from '@gatehouse/application'

/**
 * Reads the records again only when they have changed: nearly every request needs them, few change them. Callers that
 * ask at the same time share one read.
 */
export function cacheRecords(store: Store): Store {
  let latest: Records | undefined
  let reading: Promise<Records> | undefined
  const readAgain = async (): Promise<Records> => {
    // Without the first caller's signal: the others wait for it too.
    const records = await store.readRecords(new AbortController().signal)
    if (!latest || records.version >= latest.version) latest = records
    return records
  }
  return {
    ...store,
    async readRecords(signal) {
      const version = await store.recordsVersion(signal)
      if (latest && latest.version >= version) return latest
      const mine = (reading ??= readAgain().finally(() => (reading = undefined)))
      const records = await mine
      // One that was under way when the change came may have missed it.
      return records.version >= version ? records : readAgain()
    },
  }
}
