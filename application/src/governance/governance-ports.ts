import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { Store } from '../ports/store.ts'
import type { RecordsCache } from './records-cache.ts'

/** What use cases of governance touch; each names the part that it needs. */
export interface GovernancePorts {
  readonly store: Store
  readonly records: RecordsCache
  readonly clock: Clock
  readonly ids: Ids
}

export type ReadPorts = Pick<GovernancePorts, 'store' | 'records' | 'clock'>
