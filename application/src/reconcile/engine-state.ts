import {
  type AccountId,
  type AssignmentKey,
  type AwsGroupId,
  type AwsPrincipalKey,
  type AwsUserId,
  between,
  type Catalogue,
  type GrantKey,
  hours,
  type Instant,
  type MembershipKey,
  type ObservedUser,
  type Remembered,
  type RemovalKind,
  type Thing,
} from '@gatehouse/domain'
import { createViews, type Views } from '../governance/view-of.ts'
import type {
  AccountsSeen,
  Commit,
  Finding,
  JournalEntry,
  MemoryChange,
  Mirror,
  MirrorChange,
  StoredMemory,
} from '../ports/store.ts'

/**
 * The engine's copy of what the store holds for one organization: mirror, memory and journal. It is changed only by
 * `apply`, with the same changes that were committed, so that copy and store can't drift apart.
 */
export interface EngineState {
  readonly mirror: MutableMirror
  readonly memory: MutableMemory
  readonly journal: Map<string, JournalEntry>
  changed: Changed
  readonly views: Views
}

/** Where mirror and memory may differ from what the last plan was made of. */
export interface Changed {
  readonly things: Set<Thing>
  /** Users and groups that came or went. */
  readonly appeared: Set<AwsUserId | AwsGroupId>
  readonly principals: Set<AwsPrincipalKey>
}

export interface MutableMirror {
  /** Another one after every change of it. */
  catalogue: Catalogue
  readonly adoptedAccounts: Set<AccountId>
  readonly observed: {
    readonly users: Map<AwsUserId, ObservedUser>
    readonly groups: Map<
      AwsGroupId,
      { id: AwsGroupId; displayName: string; externalId?: string; members: Set<AwsUserId> }
    >
    readonly assignments: Map<AwsPrincipalKey, Set<GrantKey>>
  }
  readonly assignmentsReadAt: Map<AwsPrincipalKey, Instant>
  sweptAt: Instant | undefined
  accountsSeen: AccountsSeen | undefined
  readonly findings: Map<string, Finding>
}

export interface MutableMemory {
  readonly assignments: Map<AssignmentKey, Remembered>
  readonly members: Map<MembershipKey, Remembered>
  /** Those of both that have an ending. */
  readonly endingAssignments: Set<AssignmentKey>
  readonly endingMembers: Set<MembershipKey>
  removals: readonly { readonly kind: RemovalKind; readonly at: Instant }[]
  readonly released: Set<string>
  readonly made: Set<AssignmentKey>
  readonly found: Set<AssignmentKey>
  roundSeq: number
  clockFloor: Instant | undefined
}

export function createEngineState(mirror: Mirror, memory: StoredMemory, journal: readonly JournalEntry[]): EngineState {
  return {
    mirror: {
      catalogue: mirror.catalogue,
      adoptedAccounts: new Set(mirror.adoptedAccounts),
      observed: {
        users: new Map(mirror.observed.users),
        groups: new Map(
          [...mirror.observed.groups].map(([id, group]) => [id, { ...group, members: new Set(group.members) }]),
        ),
        assignments: new Map([...mirror.observed.assignments].map(([key, grants]) => [key, new Set(grants)])),
      },
      assignmentsReadAt: new Map(mirror.assignmentsReadAt),
      sweptAt: mirror.sweptAt,
      accountsSeen: mirror.accountsSeen,
      findings: new Map(mirror.findings.map((finding) => [finding.id, finding])),
    },
    memory: {
      assignments: new Map(memory.assignments),
      members: new Map(memory.members),
      endingAssignments: new Set(endingKeys(memory.assignments)),
      endingMembers: new Set(endingKeys(memory.members)),
      removals: [...memory.removals],
      released: new Set(memory.released),
      made: new Set(memory.made),
      found: new Set(memory.found),
      roundSeq: memory.roundSeq,
      clockFloor: memory.clockFloor,
    },
    journal: new Map(journal.map((entry) => [entry.id, entry])),
    changed: nothingChanged(),
    views: createViews(),
  }
}

const endingKeys = <K>(remembered: ReadonlyMap<K, Remembered>): readonly K[] =>
  [...remembered].flatMap(([key, { ending }]) => (ending ? [key] : []))

export const nothingChanged = (): Changed => ({ things: new Set(), appeared: new Set(), principals: new Set() })

/** Does to the copy what the store has just done. */
export function applyCommit(state: EngineState, commit: Commit): void {
  applyCatalogue(state.mirror, commit.mirror ?? [])
  for (const change of commit.mirror ?? []) {
    noteMirrorChange(state, change)
    applyMirrorChange(state.mirror, change)
  }
  applyMemory(state, commit.memory ?? [])
  for (const change of commit.journal ?? []) {
    if ('delete' in change) state.journal.delete(change.id)
    else state.journal.set(change.entry.id, change.entry)
  }
}

function applyMemory({ memory, changed }: EngineState, changes: readonly MemoryChange[]): void {
  for (const change of changes) {
    if ('delete' in change) {
      if (change.delete === 'assignment') {
        memory.assignments.delete(change.key)
        memory.endingAssignments.delete(change.key)
      } else if (change.delete === 'member') {
        memory.members.delete(change.key)
        memory.endingMembers.delete(change.key)
      } else if (change.delete === 'made') memory.made.delete(change.key)
      else if (change.delete === 'found') memory.found.delete(change.key)
      else memory.released.delete(change.key)
      if (change.delete === 'assignment' || change.delete === 'member') changed.things.add(change.key)
      continue
    }
    switch (change.put) {
      case 'assignment':
        memory.assignments.set(change.key, change.remembered)
        if (change.remembered.ending) memory.endingAssignments.add(change.key)
        else memory.endingAssignments.delete(change.key)
        changed.things.add(change.key)
        break
      case 'member':
        memory.members.set(change.key, change.remembered)
        if (change.remembered.ending) memory.endingMembers.add(change.key)
        else memory.endingMembers.delete(change.key)
        changed.things.add(change.key)
        break
      case 'round':
        memory.roundSeq = change.seq
        break
      case 'removal':
        memory.removals = [...memory.removals.filter(({ at }) => between(at, change.at) < hours(24)), change]
        break
      case 'released':
        memory.released.add(change.key)
        break
      case 'made':
        memory.made.add(change.key)
        break
      case 'found':
        memory.found.add(change.key)
        break
      case 'clock-floor':
        if (memory.clockFloor === undefined || change.at > memory.clockFloor) memory.clockFloor = change.at
    }
  }
}

/** Before it is done. What planning looks at; that a principal was read again is no news. */
function noteMirrorChange({ mirror, changed }: EngineState, change: MirrorChange): void {
  if ('put' in change && change.put === 'assignments-read') {
    if (!mirror.observed.assignments.has(change.principal)) changed.principals.add(change.principal)
    return
  }
  const { users, groups } = mirror.observed
  if ('delete' in change) {
    if (change.delete === 'user' || change.delete === 'group') changed.appeared.add(change.id)
  } else if (change.put === 'user' && !users.has(change.user.id)) changed.appeared.add(change.user.id)
  else if (change.put === 'group' && !groups.has(change.group.id)) changed.appeared.add(change.group.id)
  const thing = thingOf(change)
  if (thing !== undefined) changed.things.add(thing)
}

function thingOf(change: MirrorChange): Thing | undefined {
  if ('delete' in change) {
    if (change.delete === 'user') return `user ${change.id}`
    if (change.delete === 'group') return `group ${change.id}`
    if (change.delete === 'member') return `${change.group}|${change.user}`
    return change.delete === 'assignment' ? `${change.principal}|${change.grant}` : undefined
  }
  if (change.put === 'user') return `user ${change.user.id}`
  if (change.put === 'group') return `group ${change.group.id}`
  if (change.put === 'member') return `${change.group}|${change.user}`
  return change.put === 'assignment' ? `${change.principal}|${change.grant}` : undefined
}

/** Copied once for a commit, so that whoever holds the catalogue holds one that stays. */
function applyCatalogue(mirror: MutableMirror, changes: readonly MirrorChange[]): void {
  const isOfCatalogue = (what: string): boolean => what === 'account' || what === 'permission-set'
  if (!changes.some((change) => isOfCatalogue('put' in change ? change.put : change.delete))) return
  const accounts = new Map(mirror.catalogue.accounts)
  const permissionSets = new Map(mirror.catalogue.permissionSets)
  for (const change of changes) {
    if ('delete' in change) {
      if (change.delete === 'account') accounts.delete(change.id)
      if (change.delete === 'permission-set') permissionSets.delete(change.arn)
    } else if (change.put === 'account') accounts.set(change.account.id, change.account)
    else if (change.put === 'permission-set') permissionSets.set(change.permissionSet.arn, change.permissionSet)
  }
  mirror.catalogue = { accounts, permissionSets }
}

function applyMirrorChange(mirror: MutableMirror, change: MirrorChange): void {
  const { observed } = mirror
  if ('delete' in change) {
    switch (change.delete) {
      case 'account':
        mirror.adoptedAccounts.delete(change.id)
        return
      case 'permission-set':
        return
      case 'user':
        observed.users.delete(change.id)
        for (const group of observed.groups.values()) group.members.delete(change.id)
        return
      case 'group':
        observed.groups.delete(change.id)
        return
      case 'member':
        observed.groups.get(change.group)?.members.delete(change.user)
        return
      case 'assignment':
        observed.assignments.get(change.principal)?.delete(change.grant)
        return
      case 'finding':
        mirror.findings.delete(change.id)
        return
    }
  }
  switch (change.put) {
    case 'account':
    case 'permission-set':
      return
    case 'adopted-account':
      mirror.adoptedAccounts.add(change.id)
      return
    case 'user':
      observed.users.set(change.user.id, change.user)
      return
    case 'group': {
      const members = observed.groups.get(change.group.id)?.members ?? new Set<AwsUserId>()
      observed.groups.set(change.group.id, { ...change.group, members })
      return
    }
    case 'member':
      observed.groups.get(change.group)?.members.add(change.user)
      return
    case 'assignment': {
      const grants = observed.assignments.get(change.principal) ?? new Set<GrantKey>()
      observed.assignments.set(change.principal, grants.add(change.grant))
      return
    }
    case 'assignments-read':
      if (!observed.assignments.has(change.principal)) observed.assignments.set(change.principal, new Set())
      mirror.assignmentsReadAt.set(change.principal, change.at)
      return
    case 'swept':
      mirror.sweptAt = change.at
      return
    case 'accounts-seen':
      mirror.accountsSeen = change.seen
      return
    case 'finding':
      mirror.findings.set(change.finding.id, change.finding)
  }
}
