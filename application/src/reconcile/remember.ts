import {
  type AssignmentKey,
  assignmentKey,
  type AwsGroupId,
  type AwsPrincipalKey,
  type AwsUserId,
  causeOfRemoval,
  type DesiredUser,
  type Lease,
  leasesEnd,
  type MembershipKey,
  membershipKey,
  parseAssignmentKey,
  parseMembershipKey,
  type Plan,
  type RemovalCause,
  removalOf,
  thingsOf,
  type Remembered,
  type Subject,
} from '@gatehouse/domain'
import type { MemoryChange } from '../ports/store.ts'
import type { EngineState } from './engine-state.ts'
import type { MadePlan } from './make-plan.ts'
import type { Unremembered } from './unremembered.ts'

/**
 * Brings memory in line with what is wanted now, so that the next round can tell ours from foreign. What is wanted is
 * remembered with its end and the records it rests on; what is wanted no longer keeps its cause until AWS has let go of
 * it and no write on it is open.
 * @param only absent: everything is compared
 */
export function remember(made: RememberInput, state: EngineState, only?: Unremembered): readonly MemoryChange[] {
  const { memory } = state
  const { assignments, members } = only ?? everything(made, state)
  const context: Context = {
    ...made,
    state,
    causes: plannedCauses(made.plan),
    open: openThings(state),
    isLetGo: lettingGo(made),
  }
  return [
    ...[...new Set([...assignments, ...memory.endingAssignments])].flatMap((key) => rememberAssignment(context, key)),
    ...[...new Set([...members, ...memory.endingMembers])].flatMap((key) => rememberMember(context, key)),
  ]
}

export type RememberInput = Pick<MadePlan, 'input' | 'plan' | 'linked'>

interface Context extends RememberInput {
  readonly state: EngineState
  readonly causes: ReadonlyMap<string, RemovalCause>
  readonly open: ReadonlySet<string>
  readonly isLetGo: (group: AwsGroupId, member?: AwsUserId) => boolean
}

function rememberAssignment(context: Context, key: AssignmentKey): readonly MemoryChange[] {
  const { state, open, isLetGo } = context
  const { memory, mirror } = state
  const { principal, grant } = parseAssignmentKey(key)
  const known = memory.assignments.get(key)
  const held = mirror.observed.assignments.get(principal)
  const holder = holderOf(context, principal)
  const leases = holder?.wanted.assignments.get(grant)
  // Nothing is given again there: what AWS has let go of is over.
  const isWithdrawn = context.input.view.organization.withdrawal !== undefined && held?.has(grant) === false
  if (holder && leases && !isWithdrawn) {
    const confirmed = (held?.has(grant) ?? false) || wasConfirmed(known)
    const remembered = { ...wishFor(holder.subject, leases), confirmed }
    return isSame(known, remembered) ? [] : [{ put: 'assignment', key, remembered }]
  }
  if (!known || holder?.wanted.waiting.includes(grant)) return []
  const group = awsGroupOf(principal)
  // Nobody holds anything by a user or group that AWS does not have.
  const gone =
    !isThere(principal, mirror.observed) ||
    (held === undefined ? !mirror.assignmentsReadAt.has(principal) : !held.has(grant))
  if ((gone && !open.has(key)) || (group !== undefined && isLetGo(group))) {
    // When a removal is stopped it is wanted again.
    const isOver = memory.found.has(key) && !context.input.view.organization.withdrawal
    return [{ delete: 'assignment', key }, ...(isOver ? [{ delete: 'found', key } as const] : [])]
  }
  return known.ending ? [] : [{ put: 'assignment', key, remembered: ended(context, key, known) }]
}

function rememberMember(context: Context, key: MembershipKey): readonly MemoryChange[] {
  const { state, open, isLetGo } = context
  const { memory, mirror } = state
  const { group, user } = parseMembershipKey(key)
  const known = memory.members.get(key)
  const isMember = mirror.observed.groups.get(group)?.members.has(user) ?? false
  const wish = wishForMember(context, group, user)
  if (wish) {
    const remembered = { ...wish, confirmed: isMember || wasConfirmed(known) }
    return isSame(known, remembered) ? [] : [{ put: 'member', key, remembered }]
  }
  if (!known) return []
  if ((!isMember && !open.has(key)) || isLetGo(group, user)) return [{ delete: 'member', key }]
  return known.ending ? [] : [{ put: 'member', key, remembered: ended(context, key, known) }]
}

const ended = ({ causes, input }: Context, key: string, known: Remembered): Remembered => ({
  ...known,
  ending: causes.get(key) ?? causeOfRemoval(input, known, () => []),
})

/** Groups that others look after from now on; only members whose access has an end are still taken out. */
function lettingGo({ input, linked }: RememberInput): Context['isLetGo'] {
  return (awsGroup, member) => {
    const group = linked.linkedGroups.get(awsGroup)
    const ending = group && input.view.groupLinkByKey.get(group)?.ending
    return ending?.how === 'release' && (member === undefined || !ending.removing.includes(member))
  }
}

/** The causes as the plan has found them, which looks at more records than memory holds. */
function plannedCauses(plan: Plan): ReadonlyMap<string, RemovalCause> {
  const causes = new Map<string, RemovalCause>()
  for (const operation of plan.operations) {
    const cause = removalOf(operation)?.cause
    if (cause) for (const thing of thingsOf(operation)) causes.set(thing, cause)
  }
  return causes
}

/** Assignments and memberships on which a write was begun: their effect may still come. */
function openThings(state: EngineState): ReadonlySet<string> {
  return new Set([...state.journal.values()].flatMap(({ things }) => things))
}

/** What is wanted anew was not there yet, whatever was there before. */
const wasConfirmed = (known: Remembered | undefined): boolean =>
  known !== undefined && known.confirmed && known.ending === undefined

type Wish = Pick<Remembered, 'until' | 'subjects'>

/** Everything that is wanted of what AWS can already hold, and everything that is remembered. */
function everything({ input }: RememberInput, { memory }: EngineState): Unremembered {
  const { view, desired } = input
  const assignments = new Set(memory.assignments.keys())
  const members = new Set(memory.members.keys())
  for (const { user, awsUser } of view.userLinks)
    for (const grant of desired.users.get(user)?.assignments.keys() ?? [])
      assignments.add(assignmentKey({ type: 'USER', id: awsUser }, grant))
  for (const { group, awsGroup } of view.groupLinks) {
    const wanted = desired.groups.get(group)
    for (const grant of wanted?.assignments.keys() ?? [])
      assignments.add(assignmentKey({ type: 'GROUP', id: awsGroup }, grant))
    for (const awsUser of wanted?.awsOnly.keys() ?? []) members.add(membershipKey(awsGroup, awsUser))
    for (const user of (wanted && desired.membersOf.get(group)?.keys()) ?? []) {
      const awsUser = view.userLinkByUser.get(user)?.awsUser
      if (awsUser !== undefined) members.add(membershipKey(awsGroup, awsUser))
    }
  }
  return { assignments, members }
}

/** Whose principal it is, and what is wanted of him. */
function holderOf(
  { input, linked }: Context,
  principal: AwsPrincipalKey,
): { readonly subject: Subject; readonly wanted: Pick<DesiredUser, 'assignments' | 'waiting'> } | undefined {
  const awsGroup = awsGroupOf(principal)
  if (awsGroup !== undefined) {
    const group = linked.linkedGroups.get(awsGroup)
    const wanted = group && input.desired.groups.get(group)
    return wanted && { subject: `list:${wanted.list}`, wanted }
  }
  const user = linked.linkedUsers.get(principal.slice('USER:'.length) as AwsUserId) // the rest of a user's key
  const wanted = user === undefined ? undefined : input.desired.users.get(user)
  if (!wanted || input.view.userLinkByUser.get(wanted.user)?.userDeleted) return undefined
  return { subject: `user:${wanted.user}`, wanted }
}

function isThere(principal: AwsPrincipalKey, { users, groups }: EngineState['mirror']['observed']): boolean {
  const group = awsGroupOf(principal)
  return group === undefined ? users.has(principal.slice('USER:'.length) as AwsUserId) : groups.has(group) // as below
}

const awsGroupOf = (principal: AwsPrincipalKey): AwsGroupId | undefined =>
  principal.startsWith('GROUP:') ? (principal.slice('GROUP:'.length) as AwsGroupId) : undefined // the rest of a group's key

function wishForMember({ input, linked }: Context, awsGroup: AwsGroupId, awsUser: AwsUserId): Wish | undefined {
  const { desired } = input
  const group = linked.linkedGroups.get(awsGroup)
  const wanted = group && desired.groups.get(group)
  if (!wanted) return undefined
  const user = linked.linkedUsers.get(awsUser)
  const membership = user === undefined ? undefined : desired.membersOf.get(group)?.get(user)
  if (membership)
    return withEnd(membership.until, [`user:${user}`, ...membership.path.map((list): Subject => `list:${list}`)])
  return wanted.awsOnly.has(awsUser) ? withEnd(wanted.awsOnly.get(awsUser), [`list:${wanted.list}`]) : undefined
}

function wishFor(holder: Subject, leases: readonly Lease[]): Wish {
  return withEnd(leasesEnd(leases), [...new Set([holder, ...leases.flatMap(subjectsOfLease)])])
}

const withEnd = (until: Remembered['until'], subjects: readonly Subject[]): Wish => ({
  ...(until === undefined ? {} : { until }),
  subjects,
})

function subjectsOfLease({ cause }: Lease): readonly Subject[] {
  switch (cause.kind) {
    case 'role':
      return [`role:${cause.role}`]
    case 'request':
      return [`request:${cause.request}`]
    case 'list':
      return [`list:${cause.list}`, `role:${cause.role}`]
    case 'adopted':
      return []
  }
}

const isSame = (known: Remembered | undefined, wanted: Remembered): boolean =>
  known !== undefined &&
  known.ending === undefined &&
  known.confirmed === wanted.confirmed &&
  known.until === wanted.until &&
  known.subjects.length === wanted.subjects.length &&
  known.subjects.every((subject, index) => subject === wanted.subjects[index])
