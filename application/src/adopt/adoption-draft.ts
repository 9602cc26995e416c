import {
  type AccessList,
  type AccessListId,
  type AssignmentKey,
  type AuditEvent,
  type AwsUserId,
  computeDesiredState,
  type DesiredState,
  type Grant,
  type GrantKey,
  grantOfKey,
  type Instant,
  type LinkedElsewhere,
  type Member,
  type MembershipKey,
  parseAssignmentKey,
  parseMembershipKey,
  type PlanNote,
  type RoleReference,
  systemRoleName,
  type UserLink,
  type OrganizationView,
  wasRemoved,
} from '@gatehouse/domain'
import type { MirrorChange, RecordChange } from '../ports/store.ts'
import type { MutableMemory, MutableMirror } from '../reconcile/engine-state.ts'

/** The finding of more that is gone in AWS than is followed unasked. */
export const ADOPT_REMOVALS = 'adopt-removals'

/** What has to become a record of ours, because AWS held it before we decide about it. */
export interface Adoption {
  readonly records: readonly RecordChange[]
  readonly mirror: readonly MirrorChange[]
  readonly events: readonly AuditEvent[]
  readonly notes: readonly PlanNote[]
  /** What of `followed` could not be done, and why. It is not tried again: somebody looked at what was there then. */
  readonly notFollowed: readonly PlanNote[]
}

export interface AdoptionInput {
  readonly view: OrganizationView
  readonly mirror: MutableMirror
  /** What was wanted before: not new, even if it is wanted no longer. */
  readonly memory: Pick<MutableMemory, 'assignments' | 'members'>
  /** What the last reading no longer showed: gone in AWS, and not just wanted here. */
  readonly lost: ReadonlySet<AssignmentKey | MembershipKey>
  readonly now: Instant
  /** Somebody has looked at so much that disappeared in AWS, and lets the records follow. */
  readonly removalsBelieved: number
  /** Keys of what somebody wants to keep as AWS has it, and who that is. */
  readonly followed: ReadonlyMap<string, string>
  readonly elsewhere: LinkedElsewhere
}

export interface Draft extends AdoptionInput {
  /** Links of AWS's users; that of a deleted user only where there is no other. */
  readonly linkByAwsUser: ReadonlyMap<AwsUserId, UserLink>
  /** AWS leads: everything that changed there is followed. */
  readonly shadow: boolean
  readonly desired: DesiredState
  readonly records: RecordChange[]
  readonly mirrorChanges: MirrorChange[]
  readonly lists: Map<AccessListId, AccessList>
  /** By whose decision each list is changed: absent for what is adopted unasked. */
  readonly deciders: Map<AccessListId, Set<string | undefined>>
  readonly notes: PlanNote[]
  /** Of each of `followed` that was looked at: why it could not be done, or nothing when it was. */
  readonly answers: Map<string, string | undefined>
  /** Changes that take something away because AWS no longer shows it. */
  readonly removals: (() => void)[]
  readonly summary: { lists: number; users: number; members: number; grants: number; assignments: number }
}

export function createDraft(input: AdoptionInput): Draft {
  return {
    ...input,
    lost: input.mirror.findings.has(ADOPT_REMOVALS) ? input.lost.union(missing(input)) : input.lost,
    linkByAwsUser: linksByAwsUser(input.view),
    shadow: input.view.organization.mode === 'shadow',
    desired: computeDesiredState(input.view, input.now),
    records: [],
    mirrorChanges: [],
    lists: new Map(),
    deciders: new Map(),
    notes: [],
    answers: new Map(),
    removals: [],
    summary: { lists: 0, users: 0, members: 0, grants: 0, assignments: 0 },
  }
}

function linksByAwsUser({ userLinks }: OrganizationView): ReadonlyMap<AwsUserId, UserLink> {
  const links = new Map<AwsUserId, UserLink>()
  for (const link of userLinks) if (links.get(link.awsUser)?.userDeleted !== false) links.set(link.awsUser, link)
  return links
}

/** What was there and is not, whenever it went: earlier readings have lost what was not followed then. */
function missing({ memory, mirror }: AdoptionInput): ReadonlySet<AssignmentKey | MembershipKey> {
  const { users, groups, assignments } = mirror.observed
  const keys = new Set<AssignmentKey | MembershipKey>()
  for (const [key, remembered] of memory.assignments) {
    const { principal, grant } = parseAssignmentKey(key)
    if (wasRemoved(remembered) && assignments.get(principal)?.has(grant) === false) keys.add(key)
  }
  for (const [key, remembered] of memory.members) {
    const { group, user } = parseMembershipKey(key)
    if (wasRemoved(remembered) && users.has(user) && groups.get(group)?.members.has(user) === false) keys.add(key)
  }
  return keys
}

/** Says of what somebody lets the records follow that it is done, or why it is not. */
export function answer(draft: Draft, key: string, why?: string): void {
  if (draft.followed.has(key)) draft.answers.set(key, why)
}

/** The list as this draft has it so far. */
export function draftOf(draft: Draft, id: AccessListId): AccessList | undefined {
  return draft.lists.get(id) ?? draft.view.listById.get(id)
}

export function changeList(
  draft: Draft,
  list: AccessList,
  change: Partial<AccessList>,
  by: Iterable<string | undefined> = [undefined],
): void {
  draft.deciders.set(list.id, new Set([...(draft.deciders.get(list.id) ?? []), ...by]))
  const revision = (draft.view.listById.get(list.id)?.revision ?? 0) + 1
  draft.lists.set(list.id, { ...list, ...change, revision })
}

/** @param by who wants to keep him; absent: he was found before anybody decided */
export function memberFor(draft: Draft, awsUser: AwsUserId, by?: string): Member[] {
  const known = draft.mirror.observed.users.get(awsUser)
  if (!known) return [] // gone since; a membership without a user is nothing to keep
  const entry =
    by === undefined
      ? { joined: draft.now, reason: 'Found in Identity Center', addedBy: 'system' }
      : { joined: draft.now, reason: 'Found in Identity Center and kept', addedBy: by }
  const user = linkOf(draft, awsUser)?.user
  return [
    user === undefined
      ? { kind: 'aws-only', awsUser, userName: known.userName, ...entry }
      : { kind: 'user', user, ...entry },
  ]
}

export function linkOf({ linkByAwsUser }: Draft, awsUser: AwsUserId): UserLink | undefined {
  const link = linkByAwsUser.get(awsUser)
  return link?.userDeleted ? undefined : link
}

/** The system roles that stand for these grants; what is outside the filter or unknown has none. */
export function rolesFor({ mirror }: Draft, grants: Iterable<GrantKey>): RoleReference[] {
  return [...grants].flatMap((key) => {
    const grant: Grant = grantOfKey(key)
    const account = mirror.catalogue.accounts.get(grant.account)
    const permissionSet = mirror.catalogue.permissionSets.get(grant.permissionSet)
    return account && permissionSet ? [{ name: systemRoleName(account, permissionSet), pinned: grant }] : []
  })
}
