import {
  assignmentKey,
  type AssignmentKey,
  type AwsGroupId,
  type AwsPrincipalKey,
  awsPrincipalKey,
  foreignMembers,
  isAssignmentKey,
  type Operation,
  parseAssignmentKey,
  type Thing,
  thingsOf,
} from '@gatehouse/domain'
import type { Commit, JournalEntry, MemoryChange } from '../ports/store.ts'
import { IdentityCenterError } from '../ports/identity-center.ts'
import type { EngineState } from './engine-state.ts'
import type { AssignmentOperation } from './execute-assignment.ts'
import type { Outcome } from './execute-directory.ts'
import type { GroupContents } from './sweep.ts'

/**
 * From the intent on: whatever becomes of the process, what is there afterwards was made by us. What AWS held without us,
 * and what a repair makes again of that, never was.
 */
export function madeBy(operation: AssignmentOperation, { memory, mirror }: EngineState): readonly MemoryChange[] {
  if (operation.kind !== 'create-assignment') return []
  return thingsOf(operation)
    .filter(isAssignmentKey)
    .filter((key) => !memory.found.has(key) && !isHeld(key, mirror))
    .map((key) => ({ put: 'made', key }))
}

function isHeld(key: AssignmentKey, { observed }: Pick<EngineState['mirror'], 'observed'>): boolean {
  const { principal, grant } = parseAssignmentKey(key)
  return observed.assignments.get(principal)?.has(grant) ?? false
}

/** An attempt that has made nothing, or of which AWS has shown nothing for as long as it may take. */
export function notMadeBy(entry: JournalEntry, { memory, mirror }: EngineState): readonly MemoryChange[] {
  if (entry.kind !== 'create-assignment') return []
  return entry.things
    .filter(isAssignmentKey)
    .filter((key) => memory.made.has(key) && !isHeld(key, mirror))
    .map((key) => ({ delete: 'made', key }))
}

/**
 * What is not in AWS any more was not made by us when it is there again, unless we make it again; and what AWS loses that
 * we have not made was there without us. What goes by a write of ours leaves no such trace: somebody has decided it.
 */
export function notingLost(change: Commit, state: EngineState, by: 'reading' | 'us'): Commit {
  const mirror = change.mirror ?? []
  const noted = [
    ...mirror.flatMap((one) => {
      if (!('delete' in one) || one.delete !== 'assignment') return []
      return ofLost(`${one.principal}|${one.grant}`, state, by)
    }),
    ...ofLostPrincipals(new Set(mirror.flatMap(principalGone)), state, by),
  ]
  return noted.length === 0 ? change : { ...change, memory: [...(change.memory ?? []), ...noted] }
}

function ofLost(key: AssignmentKey, { memory, journal }: EngineState, by: 'reading' | 'us'): readonly MemoryChange[] {
  if (memory.made.has(key)) return [{ delete: 'made', key }]
  if (by === 'us' || memory.found.has(key) || !isWanted(key, memory)) return []
  const isOurs = journal.values().some(({ kind, things }) => kind === 'delete-assignment' && things.includes(key))
  return isOurs ? [] : [{ put: 'found', key }]
}

const isWanted = (key: AssignmentKey, { assignments }: EngineState['memory']): boolean => {
  const known = assignments.get(key)
  return known !== undefined && known.ending === undefined
}

const principalGone = (change: NonNullable<Commit['mirror']>[number]): readonly AwsPrincipalKey[] => {
  if (!('delete' in change)) return []
  if (change.delete === 'user') return [awsPrincipalKey({ type: 'USER', id: change.id })]
  return change.delete === 'group' ? [awsPrincipalKey({ type: 'GROUP', id: change.id })] : []
}

/** A group that we make again takes over what is known of the one before: until then that is kept. */
function ofLostPrincipals(
  principals: ReadonlySet<AwsPrincipalKey>,
  { memory }: EngineState,
  by: 'reading' | 'us',
): readonly MemoryChange[] {
  if (principals.size === 0) return []
  const isOver = (key: AssignmentKey): boolean =>
    principals.has(parseAssignmentKey(key).principal) && (by === 'us' || !isWanted(key, memory))
  return [
    ...[...memory.made].filter(isOver).map((key) => ({ delete: 'made', key }) as const),
    ...[...memory.found].filter(isOver).map((key) => ({ delete: 'found', key }) as const),
  ]
}

/** What the group held that this one stands for, and we have not made, is not ours in the new one either. */
export function inheritedBy(
  operation: Operation,
  { records }: Pick<Outcome, 'records'>,
  { memory }: EngineState,
): readonly MemoryChange[] {
  if (operation.kind !== 'create-group' || !operation.replaces) return []
  const before = awsPrincipalKey({ type: 'GROUP', id: operation.replaces.awsGroup })
  const after = records.flatMap((one) => ('put' in one && one.put === 'group-link' ? [one.link.awsGroup] : []))
  const isOfIt = (key: AssignmentKey): boolean => parseAssignmentKey(key).principal === before
  const found = [...memory.assignments].flatMap(([key, { confirmed, ending }]): readonly AssignmentKey[] => {
    if (!isOfIt(key) || ending !== undefined || memory.made.has(key)) return []
    return confirmed || memory.found.has(key)
      ? after.map((id) => assignmentKey({ type: 'GROUP', id }, parseAssignmentKey(key).grant))
      : []
  })
  return [
    ...[...memory.made].filter(isOfIt).map((key) => ({ delete: 'made', key }) as const),
    ...[...memory.found].filter(isOfIt).map((key) => ({ delete: 'found', key }) as const),
    ...found.map((key) => ({ put: 'found', key }) as const),
  ]
}

/**
 * A group goes with all that it holds, also what came since the last reading: AWS is asked at that moment.
 * @throws IdentityCenterError `invalid` when it holds what is not ours, or nobody can say
 */
export async function demandOurs(
  { awsGroup, title }: Extract<Operation, { kind: 'delete-group' }>,
  { memory, journal }: EngineState,
  { readGroup }: { readonly readGroup: (group: AwsGroupId) => Promise<GroupContents> },
): Promise<void> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new IdentityCenterError('invalid', 'DeleteGroup', `Group ${title} stays: ${why}`, { cause })
  }
  const contents = await readGroup(awsGroup).catch((error: unknown) => {
    if (!(error instanceof IdentityCenterError)) throw error
    if (error.failure === 'not-found') return undefined // it is gone already
    return refuse(`what it holds in AWS could not be read. ${error.message}`, error)
  })
  if (!contents) return
  if (contents.grants.size > 0) refuse('AWS shows an assignment of it.')
  const groups = new Map([[awsGroup, { id: awsGroup, displayName: title, members: contents.members }]])
  const uncertain = new Set<Thing>([...journal.values()].flatMap(({ things }) => things))
  if (foreignMembers(awsGroup, { observed: { groups }, memory, uncertain }).length > 0)
    refuse('somebody was put into it in AWS.')
}
