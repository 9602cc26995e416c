import { type AwsGroupId, awsPrincipalKey, type AwsUserId, grantOfKey } from '../identity-center/account-assignment.ts'
import { offers } from '../identity-center/catalogue.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import { adoptedKey, type GroupLink } from '../organizations/link.ts'
import { type AssignmentKey, type Memory, membershipKey, parseAssignmentKey } from './memory.ts'
import type { ObservedState } from './observed-state.ts'
import { type Operation, operationKey, type PrincipalRef, removalOf, type Thing } from './operation.ts'
import type { Plan, PlanInput, PlanNote } from './planner.ts'
import { isUndecided } from './removal-cause.ts'

export type MadeKey = AssignmentKey | `group ${AwsGroupId}`

/** What Gatehouse made in AWS, and AWS still holds. */
export interface MadeThings {
  readonly goes: readonly MadeKey[]
  readonly stays: readonly { readonly key: MadeKey; readonly reason: string }[]
}

type MadeInput = Pick<PlanInput, 'uncertain'> & {
  readonly memory: Pick<Memory, 'members'>
  readonly view: Pick<OrganizationView, 'organization' | 'userLinks' | 'groupLinks' | 'adopted' | 'catalogue'>
  readonly observed: Pick<ObservedState, 'assignments' | 'groups'>
  /** Assignments that a write of ours has made, as far as it is known. */
  readonly made: ReadonlySet<AssignmentKey>
}

/**
 * Goes: assignments that a write of ours made, and groups that we created and that hold nothing else. What was adopted stays,
 * what lies outside of the filter stays, and a group that holds what somebody else made stays with it.
 */
export function madeThings(input: MadeInput): MadeThings {
  const { view, observed, uncertain, made } = input
  const goes: MadeKey[] = []
  const stays: { key: MadeKey; reason: string }[] = []
  const adopted = new Set(view.adopted.map(adoptedKey))
  const kept = new Set<string>(view.organization.withdrawal?.keeps)
  const users = new Map(view.userLinks.map(({ awsUser, user }) => [awsUser, user]))
  for (const key of made) {
    const { principal, grant } = parseAssignmentKey(key)
    if (!observed.assignments.get(principal)?.has(grant) && !uncertain.has(key)) continue
    const user = users.get(principal.slice('USER:'.length) as AwsUserId) // no group has a user's id
    if (kept.has(key)) stays.push({ key, reason: LEFT })
    else if (principal.startsWith('USER:') && user !== undefined && adopted.has(adoptedKey({ user, grant })))
      stays.push({ key, reason: 'it was found in AWS and taken over' })
    else if (!offers(view.catalogue, grantOfKey(grant)))
      stays.push({ key, reason: 'its account or permission set is not managed now' })
    else goes.push(key)
  }
  const going = new Set<string>(goes)
  for (const link of view.groupLinks) {
    if (!isOurs(link) || !observed.groups.has(link.awsGroup)) continue
    const key = `group ${link.awsGroup}` as const
    const principal = awsPrincipalKey({ type: 'GROUP', id: link.awsGroup })
    const others = [...(observed.assignments.get(principal) ?? [])].filter(
      (grant) => !going.has(`${principal}|${grant}`),
    )
    if (kept.has(key)) stays.push({ key, reason: LEFT })
    else if (others.length > 0) stays.push({ key, reason: 'it holds an assignment that stays' })
    else if (foreignMembers(link.awsGroup, input).length > 0)
      stays.push({ key, reason: 'somebody was put into it in AWS' })
    else goes.push(key)
  }
  return { goes, stays }
}

const LEFT = 'it was left there when the removal began'

/** Who is in a group, and neither is nor was meant to be by what is recorded here. */
export function foreignMembers(
  awsGroup: AwsGroupId,
  {
    observed,
    memory,
    uncertain,
  }: Pick<MadeInput, 'memory' | 'uncertain'> & { readonly observed: Pick<ObservedState, 'groups'> },
): readonly AwsUserId[] {
  return [...(observed.groups.get(awsGroup)?.members ?? [])].filter((user) => {
    const key = membershipKey(awsGroup, user)
    return !memory.members.has(key) && !uncertain.has(key)
  })
}

/** A group that was let go of on purpose is nobody's here any more. */
const isOurs = ({ origin, ending }: GroupLink): boolean => origin === 'created' && ending?.how !== 'release'

/**
 * The plan while what Gatehouse made is taken away: nothing is given or changed, what was decided before goes on, and
 * everything that is ours goes, groups once AWS holds no assignment of theirs.
 */
export function planWithdrawal(
  input: PlanInput,
  {
    plan,
    made,
    isDoubtful,
  }: { readonly plan: Plan; readonly made: ReadonlySet<AssignmentKey>; readonly isDoubtful: boolean },
): Plan {
  const operations = new Map<string, Operation>()
  const notes: PlanNote[] = plan.notes.filter(({ kind }) => kind === 'account-skipped')
  const add = (operation: Operation): void => void operations.set(operationKey(operation), operation)
  for (const operation of plan.operations) if (goesOn(operation)) add(operation)
  const goes = new Set(madeThings({ ...input, made }).goes)
  const refTo = createRefs(input)
  const subject = `organization:${input.view.organization.id}` as const
  const cause = { kind: 'decided', event: input.memory.decidedSince.get(subject) ?? subject } as const
  for (const key of goes) {
    if (isGroupKey(key)) continue
    const { principal, grant } = parseAssignmentKey(key)
    const account = input.view.catalogue.accounts.get(grantOfKey(grant).account)
    const ref = refTo(principal)
    if (account && account.state !== 'ACTIVE')
      notes.push({
        kind: 'account-skipped',
        about: account.id,
        message: `${account.name} is ${account.state}; nothing is changed there.`,
      })
    else if (ref) add({ kind: 'delete-assignment', principal: ref, grant, cause, lane: 'revoke' })
  }
  // That a group holds nothing is the word of a reading.
  if (!isDoubtful)
    for (const { group, awsGroup, pushedTitle } of input.view.groupLinks)
      if (goes.has(`group ${awsGroup}`) && holdsNothing(awsGroup, input))
        add({ kind: 'delete-group', group, awsGroup, title: pushedTitle, cause, onlyIfOurs: true })
  return { operations: [...operations.values()], notes, drift: [] }
}

const isGroupKey = (key: MadeKey): key is `group ${AwsGroupId}` => key.startsWith('group ')

/** What a person or an end has decided. */
function goesOn(operation: Operation): boolean {
  const removal = removalOf(operation)
  if (removal) return !isUndecided(removal.cause)
  return operation.kind === 'update-user' && operation.changes.active === false
}

/** Unread is not empty. */
function holdsNothing(awsGroup: AwsGroupId, { observed, uncertain }: PlanInput): boolean {
  const principal = awsPrincipalKey({ type: 'GROUP', id: awsGroup })
  return (
    observed.assignments.get(principal)?.size === 0 &&
    ![...uncertain].some((thing: Thing) => thing.startsWith(`${principal}|`))
  )
}

function createRefs({ view, observed }: PlanInput): (principal: string) => PrincipalRef | undefined {
  const users = new Map(view.userLinks.map((link) => [link.awsUser, link]))
  const groups = new Map(view.groupLinks.map((link) => [link.awsGroup, link]))
  return (principal) => {
    const id = principal.slice(principal.indexOf(':') + 1)
    if (principal.startsWith('GROUP:')) {
      const link = groups.get(id as AwsGroupId) // as the type before it says
      return link && { type: 'GROUP', group: link.group, title: link.pushedTitle, awsGroup: link.awsGroup }
    }
    const awsUser = id as AwsUserId // the same
    const link = users.get(awsUser)
    const userName = observed.users.get(awsUser)?.userName ?? link?.pushed.userName ?? id
    return { type: 'USER', awsUser, userName, ...(link ? { user: link.user } : {}) }
  }
}
