import {
  type AssignmentKey,
  assignmentKey,
  type AwsPrincipal,
  awsPrincipalKey,
  type AwsPrincipalKey,
  type AwsUserId,
  causeOfRemoval,
  type DesiredState,
  type GrantKey,
  type Lease,
  leasesEnd,
  type MembershipKey,
  membershipKey,
  parseAssignmentKey,
  parseMembershipKey,
  type Plan,
  type PlanInput,
  type RemovalCause,
  removalOf,
  thingsOf,
  type Remembered,
  type Subject,
  type View,
} from '@gatehouse/domain'
import type { MemoryChange } from '../ports/store.ts'
import type { EngineState } from './engine-state.ts'

/**
 * Brings memory in line with what is wanted now, so that the next round can tell ours from foreign. What is wanted is
 * remembered with its end and the records it rests on; what is wanted no longer keeps its cause until AWS has let go of
 * it and no write on it is open.
 */
export function remember(input: PlanInput, plan: Plan, state: EngineState): readonly MemoryChange[] {
  const causes = plannedCauses(plan)
  const wanted = wantedNow(input.view, input.desired)
  const open = openThings(state)
  const { memory, mirror } = state
  const changes: MemoryChange[] = []
  const isLetGo = lettingGo(input.view)
  for (const [key, wish] of wanted.assignments) {
    const known = memory.assignments.get(key)
    const { principal, grant } = parseAssignmentKey(key)
    const isHeld = mirror.observed.assignments.get(principal)?.has(grant) ?? false
    const remembered = { ...wish, confirmed: isHeld || wasConfirmed(known) }
    if (!isSame(known, remembered)) changes.push({ put: 'assignment', key, remembered })
  }
  for (const [key, remembered] of memory.assignments) {
    if (wanted.assignments.has(key) || wanted.waiting.has(key)) continue
    const { principal, grant } = parseAssignmentKey(key)
    const held = mirror.observed.assignments.get(principal)
    const gone = held === undefined ? !mirror.assignmentsReadAt.has(principal) : !held.has(grant)
    if ((gone && !open.has(key)) || isLetGo(principal)) changes.push({ delete: 'assignment', key })
    else if (!remembered.ending)
      changes.push({
        put: 'assignment',
        key,
        remembered: { ...remembered, ending: causes.get(key) ?? causeOfRemoval(input, remembered, []) },
      })
  }
  for (const [key, wish] of wanted.members) {
    const known = memory.members.get(key)
    const { group, user } = parseMembershipKey(key)
    const isHeld = mirror.observed.groups.get(group)?.members.has(user) ?? false
    const remembered = { ...wish, confirmed: isHeld || wasConfirmed(known) }
    if (!isSame(known, remembered)) changes.push({ put: 'member', key, remembered })
  }
  for (const [key, remembered] of memory.members) {
    if (wanted.members.has(key)) continue
    const { group, user } = parseMembershipKey(key)
    const isMember = mirror.observed.groups.get(group)?.members.has(user) ?? false
    if ((!isMember && !open.has(key)) || isLetGo(awsPrincipalKey({ type: 'GROUP', id: group }), user))
      changes.push({ delete: 'member', key })
    else if (!remembered.ending)
      changes.push({
        put: 'member',
        key,
        remembered: { ...remembered, ending: causes.get(key) ?? causeOfRemoval(input, remembered, []) },
      })
  }
  return changes
}

/** Groups that others look after from now on; only members whose access has an end are still taken out. */
function lettingGo(view: View): (principal: AwsPrincipalKey, member?: AwsUserId) => boolean {
  const released = new Map<AwsPrincipalKey, readonly AwsUserId[]>()
  for (const { awsGroup, ending } of view.groupLinks)
    if (ending?.how === 'release') released.set(awsPrincipalKey({ type: 'GROUP', id: awsGroup }), ending.removing)
  return (principal, member) => {
    const removing = released.get(principal)
    return removing !== undefined && (member === undefined || !removing.includes(member))
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

interface Wanted {
  readonly assignments: Map<AssignmentKey, Wish>
  readonly members: Map<MembershipKey, Wish>
  /** Wanted as soon as their account or permission set is back. */
  readonly waiting: Set<AssignmentKey>
}

/** Only what AWS can already hold: principals that it knows. */
function wantedNow(view: View, desired: DesiredState): Wanted {
  const wanted: Wanted = { assignments: new Map(), members: new Map(), waiting: new Set() }
  const add = (
    principal: AwsPrincipal,
    holder: Subject,
    assignments: ReadonlyMap<GrantKey, readonly Lease[]>,
    waiting: readonly GrantKey[],
  ): void => {
    for (const [grant, leases] of assignments)
      wanted.assignments.set(assignmentKey(principal, grant), wishFor(holder, leases))
    for (const grant of waiting) wanted.waiting.add(assignmentKey(principal, grant))
  }
  for (const link of view.userLinks) {
    const user = desired.users.get(link.user)
    if (!user || link.userDeleted) continue
    add({ type: 'USER', id: link.awsUser }, `user:${link.user}`, user.assignments, user.waiting)
  }
  for (const link of view.groupLinks) {
    const group = desired.groups.get(link.group)
    if (!group) continue
    add({ type: 'GROUP', id: link.awsGroup }, `list:${link.list}`, group.assignments, group.waiting)
    for (const [awsUser, until] of group.awsOnly) {
      wanted.members.set(membershipKey(link.awsGroup, awsUser), withEnd(until, [`list:${link.list}`]))
    }
    for (const [user, { until, path }] of desired.membersOf.get(link.group) ?? []) {
      const awsUser = view.userLinkByUser.get(user)?.awsUser
      if (awsUser === undefined) continue
      const subjects: readonly Subject[] = [`user:${user}`, ...path.map((list): Subject => `list:${list}`)]
      wanted.members.set(membershipKey(link.awsGroup, awsUser), withEnd(until, subjects))
    }
  }
  return wanted
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
