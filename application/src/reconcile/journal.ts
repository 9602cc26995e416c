import {
  type Duration,
  type Instant,
  isMembershipKey,
  type Operation,
  operationKey,
  plus,
  type Thing,
  thingsOf,
} from '@gatehouse/domain'
import type { JournalChange, JournalEntry } from '../ports/store.ts'
import type { EngineState } from './engine-state.ts'

/** The entry of an operation that was begun, or failed and waits for another try. */
export const entryOf = ({ journal }: EngineState, operation: Operation): JournalEntry | undefined =>
  journal.values().find(({ key }) => key === operationKey(operation))

/** The operation of an entry; written by `intend`, and our own JSON. */
export const operationOf = (entry: JournalEntry): Operation => entry.payload as Operation

/** What is written down before AWS is called, so that a crash in between is known to have left an unknown effect. */
export function intend(
  operations: readonly [Operation, ...Operation[]],
  known: JournalEntry | undefined,
  id: string,
  now: Instant,
): JournalEntry {
  const [operation] = operations
  return {
    id: known?.id ?? id,
    key: operationKey(operation),
    kind: operation.kind,
    state: 'intended',
    payload: operation,
    things: operations.flatMap(thingsOf),
    attempts: known?.attempts ?? 0,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    ...(known?.error === undefined ? {} : { error: known.error }),
  }
}

/** Tried again after the pause, if it is still planned then. */
export function postponed(
  entry: JournalEntry,
  state: 'failed' | 'unknown',
  error: string,
  pause: Duration,
  now: Instant,
): JournalEntry {
  const { requestId: _, ...rest } = entry
  return { ...rest, state, error, attempts: entry.attempts + 1, notBefore: plus(now, pause), updatedAt: now }
}

/**
 * AWS has had its last word on what an entry is about: earlier writes on the same things, whose effect was not known,
 * are behind it. AWS takes one write on a thing at a time, and the memberships of what is deleted go with it.
 */
export function overtaken({ journal }: EngineState, entry: JournalEntry): readonly JournalChange[] {
  const things = new Set<Thing>(entry.things)
  const deleted = /^delete-(user|group)$/.test(entry.kind)
    ? entry.things.map((thing) => thing.replace(/^\w+ /, ''))
    : []
  const isSettled = (thing: Thing): boolean =>
    things.has(thing) || (isMembershipKey(thing) && deleted.some((id) => thing.split('|').includes(id)))
  return [...journal.values()].flatMap((other): JournalChange[] => {
    if (other.id === entry.id || other.state !== 'unknown' || !other.things.some(isSettled)) return []
    const left = other.things.filter((thing) => !isSettled(thing))
    return left.length === 0
      ? [{ delete: 'entry', id: other.id }]
      : [{ put: 'entry', entry: { ...other, things: left } }]
  })
}
