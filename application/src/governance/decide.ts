import { type AuditEvent, DomainError } from '@gatehouse/domain'
import type { RecordChange } from '../ports/store.ts'
import type { ReadPorts } from './governance-ports.ts'
import { type Reading, readView } from './read-view.ts'

export interface Decision<T> {
  readonly changes: readonly RecordChange[]
  readonly events: readonly AuditEvent[]
  readonly result: T
}

/** While thousands of users are sent to AWS, what is learnt of them is saved many times a second. */
const MAX_ATTEMPTS = 25

/**
 * Loads, decides and saves: the decision is made on one version of the records and saved only if they are still that
 * one; otherwise it is made again. A decision without changes saves nothing.
 * @throws DomainError what the decision throws; `stale` when others kept changing the records
 */
export async function decide<T>(
  ports: ReadPorts,
  decision: (reading: Reading) => Decision<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const reading = await readView(ports, signal)
    const { changes, events, result } = decision(reading)
    if (changes.length === 0 && events.length === 0) return result
    try {
      await ports.store.commit({ expecting: reading.records.version, records: changes, events }, signal)
      return result
    } catch (error) {
      const isStale = error instanceof DomainError && error.problem.code === 'stale'
      if (!isStale || attempt >= MAX_ATTEMPTS) throw error
    }
  }
}
