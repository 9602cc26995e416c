import {
  assignmentKey,
  type AssignmentKey,
  type AwsPrincipal,
  type MembershipKey,
  membershipKey,
  type AccessList,
  type AccessListId,
  auditEvent,
  type AuditEvent,
  type AwsGroupId,
  awsPrincipalKey,
  type AwsUserId,
  budgetFor,
  computeDesiredState,
  DEFAULT_SCHEDULE,
  type DesiredState,
  type Grant,
  type GrantKey,
  grantKey,
  grantOfKey,
  type GroupLink,
  groupKey,
  type Instant,
  type Member,
  NO_GRANTS,
  NO_REQUIREMENTS,
  ORIGIN_IDENTITY_CENTER,
  ORIGIN_LABEL,
  passesFilter,
  type PlanNote,
  profileOf,
  type RoleReference,
  systemRoleName,
  type UserLink,
  type View,
} from '@gatehouse/domain'
import type { MirrorChange, RecordChange } from '../ports/store.ts'
import type { MutableMemory, MutableMirror } from '../reconcile/engine-state.ts'

/** What has to become a record of ours, because AWS held it before we decide about it. */
export interface Adoption {
  readonly records: readonly RecordChange[]
  readonly mirror: readonly MirrorChange[]
  readonly events: readonly AuditEvent[]
  readonly notes: readonly PlanNote[]
}

export interface AdoptionInput {
  readonly view: View
  readonly mirror: MutableMirror
  /** What was wanted before: not new, even if it is wanted no longer. */
  readonly memory: Pick<MutableMemory, 'assignments' | 'members'>
  /** What the last reading no longer showed: gone in AWS, and not just wanted here. */
  readonly lost: ReadonlySet<AssignmentKey | MembershipKey>
  readonly now: Instant
  /** Somebody has looked at what disappeared in AWS and lets the records follow. */
  readonly removalsReleased: boolean
}

/**
 * In shadow mode AWS leads: groups become lists, users of the same name are linked, and whatever changed there in
 * adopted objects is taken over. Afterwards only what newly becomes managed is adopted, and what drift policy says.
 * Repeated until it has nothing to say: a link made in one pass lets the next one adopt what the linked user holds.
 */
export function planAdoption(input: AdoptionInput): Adoption {
  const draft = createDraft(input)
  linkUsersByName(draft)
  knowLinkedMembers(draft)
  adoptGroups(draft)
  for (const link of input.view.groupLinks) adoptIntoList(draft, link)
  for (const link of input.view.userLinks) adoptAssignmentsOf(draft, link)
  followRemovals(draft)
  for (const list of draft.lists.values()) draft.records.push({ put: 'list', list })
  if (draft.records.length === 0) {
    for (const id of input.mirror.catalogue.accounts.keys()) {
      if (!input.mirror.adoptedAccounts.has(id)) draft.mirrorChanges.push({ put: 'adopted-account', id })
    }
  }
  return { records: draft.records, mirror: draft.mirrorChanges, events: eventsOf(draft), notes: draft.notes }
}

interface Draft extends AdoptionInput {
  /** AWS leads: everything that changed there is followed. */
  readonly shadow: boolean
  readonly desired: DesiredState
  readonly records: RecordChange[]
  readonly mirrorChanges: MirrorChange[]
  readonly lists: Map<AccessListId, AccessList>
  readonly notes: PlanNote[]
  /** Changes that take something away because AWS no longer shows it. */
  readonly removals: (() => void)[]
  readonly summary: { lists: number; users: number; members: number; grants: number; assignments: number }
}

function createDraft(input: AdoptionInput): Draft {
  return {
    ...input,
    shadow: input.view.organization.mode === 'shadow',
    desired: computeDesiredState(input.view, input.now),
    records: [],
    mirrorChanges: [],
    lists: new Map(),
    notes: [],
    removals: [],
    summary: { lists: 0, users: 0, members: 0, grants: 0, assignments: 0 },
  }
}

/** The list as this draft has it so far. */
function draftOf(draft: Draft, id: AccessListId): AccessList | undefined {
  return draft.lists.get(id) ?? draft.view.listById.get(id)
}

function changeList(draft: Draft, list: AccessList, change: Partial<AccessList>): void {
  const revision = (draft.view.listById.get(list.id)?.revision ?? 0) + 1
  draft.lists.set(list.id, { ...list, ...change, revision })
}

// Users

/** Only while AWS leads or another provider keeps the users; later an administrator makes the link. */
function linkUsersByName(draft: Draft): void {
  const { view, mirror } = draft
  if (!draft.shadow && !view.organization.hybrid) return
  const taken = new Set(view.userLinks.map(({ awsUser }) => awsUser)) // those of deleted users too: never linked again unasked
  const byName = new Map([...mirror.observed.users.values()].map((user) => [user.userName.toLowerCase(), user]))
  for (const user of view.users) {
    const found = byName.get(user.name.toLowerCase())
    if (!found || taken.has(found.id) || view.userLinkByUser.has(user.id)) continue
    draft.summary.users++
    draft.records.push({
      put: 'user-link',
      link: {
        organization: view.organization.id,
        user: user.id,
        awsUser: found.id,
        origin: 'adopted',
        pushed: { ...profileOf(user), active: true },
        assignmentsAdopted: false,
        userDeleted: false,
      },
    })
  }
}

/** Members whom only AWS knew and who have been linked since are our users from now on. */
function knowLinkedMembers(draft: Draft): void {
  const users = new Map(
    draft.view.userLinks.flatMap((link) => (link.userDeleted ? [] : [[link.awsUser, link.user] as const])),
  )
  for (const list of draft.view.lists) {
    const isKnown = (member: Member): boolean => member.kind === 'aws-only' && users.has(member.awsUser)
    if (!list.members.some(isKnown)) continue
    const named = new Set(list.members.flatMap((member) => (member.kind === 'user' ? [member.user] : [])))
    const members = list.members.flatMap((member): Member[] => {
      const user = member.kind === 'aws-only' ? users.get(member.awsUser) : undefined
      if (member.kind !== 'aws-only' || user === undefined) return [member]
      const { joined, reason, addedBy, expires } = member
      if (named.has(user)) return []
      return [{ kind: 'user', user, joined, reason, addedBy, ...(expires === undefined ? {} : { expires }) }]
    })
    changeList(draft, list, { members })
  }
}

// Groups

function adoptGroups(draft: Draft): void {
  const { view, mirror } = draft
  if (!draft.shadow) return
  const linked = new Set(view.groupLinks.map(({ awsGroup }) => awsGroup))
  const titles = new Set(view.lists.map(({ title }) => title.toLowerCase()))
  for (const group of mirror.observed.groups.values()) {
    const isRead = mirror.observed.assignments.has(awsPrincipalKey({ type: 'GROUP', id: group.id }))
    if (
      linked.has(group.id) ||
      !isRead ||
      !passesFilter(view.organization.groupFilter, { id: group.id, name: group.displayName })
    )
      continue
    if (titles.has(group.displayName.toLowerCase())) {
      draft.notes.push({
        kind: 'name-conflict',
        about: group.displayName,
        message:
          'A list of this title exists already, so the group was not adopted. Rename the list, or link it with "tctl plugins link".',
      })
      continue
    }
    const id = listIdOf(group.id)
    draft.summary.lists++
    draft.lists.set(id, {
      id,
      title: group.displayName,
      description: '',
      type: '',
      labels: { [ORIGIN_LABEL]: ORIGIN_IDENTITY_CENTER },
      owners: view.organization.defaultOwners.map((user) => ({ kind: 'user', user, description: '' })),
      members: [...group.members].flatMap((awsUser) => memberFor(draft, awsUser)),
      membershipRequires: NO_REQUIREMENTS,
      ownershipRequires: NO_REQUIREMENTS,
      grants: { roles: rolesFor(draft, grantsHeldBy(draft, group.id)), traits: {} },
      ownerGrants: NO_GRANTS,
      audit: { ...DEFAULT_SCHEDULE },
      revision: 1,
    })
    draft.records.push({
      put: 'group-link',
      link: {
        organization: view.organization.id,
        group: groupKey(id, 'members'),
        list: id,
        side: 'members',
        awsGroup: group.id,
        origin: 'adopted',
        pushedTitle: group.displayName,
        contentsAdopted: true,
      },
    })
  }
}

/** An imported list is named by its group's id (governance facts, "Group import"). */
const listIdOf = (group: AwsGroupId): AccessListId => group as string as AccessListId // same text, now as our own immutable name

function memberFor(draft: Draft, awsUser: AwsUserId): Member[] {
  const known = draft.mirror.observed.users.get(awsUser)
  if (!known) return [] // gone since; a membership without a user is nothing to keep
  const entry = { joined: draft.now, reason: 'Found in Identity Center', addedBy: 'system' }
  const user = linkOf(draft, awsUser)?.user
  return [
    user === undefined
      ? { kind: 'aws-only', awsUser, userName: known.userName, ...entry }
      : { kind: 'user', user, ...entry },
  ]
}

const linkOf = ({ view }: Draft, awsUser: AwsUserId): UserLink | undefined =>
  view.userLinks.find((link) => link.awsUser === awsUser && !link.userDeleted)

function grantsHeldBy({ mirror }: Draft, group: AwsGroupId): ReadonlySet<GrantKey> {
  return mirror.observed.assignments.get(awsPrincipalKey({ type: 'GROUP', id: group })) ?? new Set()
}

/** The system roles that stand for these grants; what is outside the filter or unknown has none. */
function rolesFor({ mirror }: Draft, grants: Iterable<GrantKey>): RoleReference[] {
  return [...grants].flatMap((key) => {
    const grant: Grant = grantOfKey(key)
    const account = mirror.catalogue.accounts.get(grant.account)
    const permissionSet = mirror.catalogue.permissionSets.get(grant.permissionSet)
    return account && permissionSet ? [{ name: systemRoleName(account, permissionSet), pinned: grant }] : []
  })
}

// What changed in AWS in what is ours already

function adoptIntoList(draft: Draft, link: GroupLink): void {
  const { view, mirror, shadow } = draft
  const { driftPolicy } = view.organization
  const group = mirror.observed.groups.get(link.awsGroup)
  const list = draftOf(draft, link.list)
  const held = mirror.observed.assignments.get(awsPrincipalKey({ type: 'GROUP', id: link.awsGroup }))
  if (!group || !list || link.ending) return
  const follows = (kind: keyof typeof driftPolicy): boolean =>
    (shadow && link.origin === 'adopted') ||
    driftPolicy[kind] === 'adopt' ||
    (!link.contentsAdopted && (kind === 'member-added' || kind === 'assignment-added'))

  if (group.displayName !== link.pushedTitle && follows('group-renamed')) {
    const { organization } = view
    const isTaken = view.lists.some(
      ({ id, title }) => id !== list.id && title.toLowerCase() === group.displayName.toLowerCase(),
    )
    if (!isTaken && link.side === 'members') {
      changeList(draft, list, { title: group.displayName })
      draft.records.push({
        put: 'group-link',
        link: { ...link, organization: organization.id, pushedTitle: group.displayName },
      })
    }
  }
  if (link.side === 'members') adoptMembers(draft, link, group.members, follows)
  if (!held) return
  adoptGrants(draft, link, held, follows)
  if (!link.contentsAdopted)
    draft.records.push({
      put: 'group-link',
      link: { ...link, organization: view.organization.id, contentsAdopted: true },
    })
}

type Follows = (kind: 'member-added' | 'member-removed' | 'assignment-added' | 'assignment-removed') => boolean

function adoptMembers(draft: Draft, link: GroupLink, present: ReadonlySet<AwsUserId>, follows: Follows): void {
  const expected = new Set<AwsUserId>(draft.desired.groups.get(link.group)?.awsOnly.keys())
  for (const user of draft.desired.membersOf.get(link.group)?.keys() ?? []) {
    const awsUser = draft.view.userLinkByUser.get(user)?.awsUser
    if (awsUser !== undefined) expected.add(awsUser)
  }
  if (follows('member-added')) {
    const list = draftOf(draft, link.list)
    const isUnknown = (awsUser: AwsUserId): boolean =>
      !expected.has(awsUser) && !draft.memory.members.has(membershipKey(link.awsGroup, awsUser))
    const added = [...present].filter(isUnknown).flatMap((awsUser) => memberFor(draft, awsUser))
    const isNew = (member: Member): boolean => !list?.members.some((known) => isSameMember(known, member))
    const entries = added.filter(isNew)
    if (list && entries.length > 0) {
      draft.summary.members += entries.length
      changeList(draft, list, { members: [...list.members, ...entries] })
    }
  }
  if (!follows('member-removed')) return
  for (const awsUser of expected) {
    if (!draft.lost.has(membershipKey(link.awsGroup, awsUser)) || present.has(awsUser)) continue
    draft.removals.push(() => {
      const list = draftOf(draft, link.list)
      const user = linkOf(draft, awsUser)?.user
      const stays = (member: Member): boolean =>
        !(member.kind === 'aws-only' ? member.awsUser === awsUser : member.kind === 'user' && member.user === user)
      if (list) changeList(draft, list, { members: list.members.filter(stays) })
    })
  }
}

const isSameMember = (a: Member, b: Member): boolean =>
  (a.kind === 'user' && b.kind === 'user' && a.user === b.user) ||
  (a.kind === 'aws-only' && b.kind === 'aws-only' && a.awsUser === b.awsUser)

function adoptGrants(draft: Draft, link: GroupLink, held: ReadonlySet<GrantKey>, follows: Follows): void {
  const wanted = draft.desired.groups.get(link.group)
  const principal: AwsPrincipal = { type: 'GROUP', id: link.awsGroup }
  const side = link.side === 'members' ? 'grants' : 'ownerGrants'
  const isNewAccount = (key: GrantKey): boolean => !draft.mirror.adoptedAccounts.has(grantOfKey(key).account)
  const added = [...held].filter(
    (key) =>
      !wanted?.assignments.has(key) &&
      !draft.memory.assignments.has(assignmentKey(principal, key)) &&
      (follows('assignment-added') || isNewAccount(key)),
  )
  const roles = rolesFor(draft, added)
  const list = draftOf(draft, link.list)
  const isNew = (role: RoleReference): boolean =>
    !list?.[side].roles.some((known) => known.pinned && role.pinned && grantKey(known.pinned) === grantKey(role.pinned))
  const fresh = roles.filter(isNew)
  if (list && fresh.length > 0) {
    draft.summary.grants += fresh.length
    changeList(draft, list, { [side]: { ...list[side], roles: [...list[side].roles, ...fresh] } })
  }
  if (!follows('assignment-removed')) return
  for (const key of wanted?.assignments.keys() ?? []) {
    if (held.has(key) || !draft.lost.has(assignmentKey(principal, key))) continue
    draft.removals.push(() => {
      const current = draftOf(draft, link.list)
      const stays = ({ pinned }: RoleReference): boolean => pinned === undefined || grantKey(pinned) !== key
      if (current && !current[side].roles.every(stays))
        changeList(draft, current, { [side]: { ...current[side], roles: current[side].roles.filter(stays) } })
    })
  }
}

// Direct assignments

function adoptAssignmentsOf(draft: Draft, link: UserLink): void {
  const { view, mirror, shadow, now } = draft
  const organization = view.organization.id
  const principal: AwsPrincipal = { type: 'USER', id: link.awsUser }
  const held = mirror.observed.assignments.get(awsPrincipalKey(principal))
  if (!held || link.userDeleted) return
  const follows = shadow || !link.assignmentsAdopted
  const wanted = draft.desired.users.get(link.user)?.assignments
  const isAdopted = new Set(view.adoptedByUser.get(link.user)?.map(({ grant }) => grant))
  for (const grant of held) {
    const { account, permissionSet } = grantOfKey(grant)
    const isKnown = mirror.catalogue.accounts.has(account) && mirror.catalogue.permissionSets.has(permissionSet)
    const isNewAccount = !mirror.adoptedAccounts.has(account)
    const adopts = follows || isNewAccount || view.organization.driftPolicy['assignment-added'] === 'adopt'
    const isRemembered = draft.memory.assignments.has(assignmentKey(principal, grant))
    if (!isKnown || !adopts || isRemembered || wanted?.has(grant) || isAdopted.has(grant)) continue
    draft.summary.assignments++
    draft.records.push({ put: 'adopted', adopted: { organization, user: link.user, grant, adoptedAt: now } })
  }
  if (!link.assignmentsAdopted)
    draft.records.push({ put: 'user-link', link: { ...link, organization, assignmentsAdopted: true } })
  if (!shadow && view.organization.driftPolicy['assignment-removed'] !== 'adopt') return
  for (const grant of isAdopted) {
    if (held.has(grant) || !draft.lost.has(assignmentKey(principal, grant))) continue
    draft.removals.push(() => draft.records.push({ delete: 'adopted', organization, user: link.user, grant }))
  }
}

/** A few are followed; many at once wait for somebody to look, because a bad read looks just like it. */
function followRemovals(draft: Draft): void {
  const { removals, view, mirror, now } = draft
  const known = [...mirror.observed.groups.values()].reduce((sum, { members }) => sum + members.size, 0)
  const limit = budgetFor(view.organization.removalBudget, known)
  const id = 'adopt-removals'
  if (removals.length <= limit || draft.removalsReleased) {
    for (const remove of removals) remove()
    if (mirror.findings.has(id)) draft.mirrorChanges.push({ delete: 'finding', id })
    return
  }
  const message = `${removals.length} members or assignments of adopted objects are gone in AWS; more than ${limit} at once are not followed until somebody releases them.`
  if (mirror.findings.get(id)?.message !== message)
    draft.mirrorChanges.push({ put: 'finding', finding: { id, kind: 'member', message, foundAt: now } })
}

function eventsOf(draft: Draft): AuditEvent[] {
  const { records, view, now, summary } = draft
  if (records.length === 0) return []
  const lists = [...draft.lists.values()].map((list): AuditEvent => {
    const isNew = !view.listById.has(list.id)
    return auditEvent(isNew ? 'access_list.create' : 'access_list.update', {
      time: now,
      subjects: [`list:${list.id}`],
      fields: { name: list.id, access_list_title: list.title, updated_by: 'system', success: true },
    })
  })
  const adopted = auditEvent('aws_identity_center.adopted', {
    time: now,
    subjects: [`organization:${view.organization.id}`],
    fields: { ...summary },
  })
  return [adopted, ...lists]
}
