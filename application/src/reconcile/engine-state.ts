import {
  type Account,
  type AccountId,
  type AssignmentKey,
  type AwsGroupId,
  type AwsPrincipalKey,
  type AwsUserId,
  between,
  type GrantKey,
  hours,
  type Instant,
  type MembershipKey,
  type ObservedUser,
  type PermissionSet,
  type PermissionSetArn,
  type Remembered,
  type RemovalKind,
} from '@gatehouse/domain'
import type { Commit, Finding, JournalEntry, Mirror, MirrorChange, StoredMemory } from '../ports/store.ts'

/**
 * The engine's copy of what the store holds for one organization: mirror, memory and journal. It is changed only by
 * `apply`, with the same changes that were committed, so that copy and store can't drift apart.
 */
export interface EngineState {
  readonly mirror: MutableMirror
  readonly memory: MutableMemory
  readonly journal: Map<string, JournalEntry>
}

export interface MutableMirror {
  readonly catalogue: {
    readonly accounts: Map<AccountId, Account>
    readonly permissionSets: Map<PermissionSetArn, PermissionSet>
  }
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
  readonly findings: Map<string, Finding>
}

export interface MutableMemory {
  readonly assignments: Map<AssignmentKey, Remembered>
  readonly members: Map<MembershipKey, Remembered>
  removals: readonly { readonly kind: RemovalKind; readonly at: Instant }[]
  readonly released: Set<string>
  roundSeq: number
  clockFloor: Instant | undefined
}

export function createEngineState(mirror: Mirror, memory: StoredMemory, journal: readonly JournalEntry[]): EngineState {
  return {
    mirror: {
      catalogue: {
        accounts: new Map(mirror.catalogue.accounts),
        permissionSets: new Map(mirror.catalogue.permissionSets),
      },
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
      findings: new Map(mirror.findings.map((finding) => [finding.id, finding])),
    },
    memory: {
      assignments: new Map(memory.assignments),
      members: new Map(memory.members),
      removals: [...memory.removals],
      released: new Set(memory.released),
      roundSeq: memory.roundSeq,
      clockFloor: memory.clockFloor,
    },
    journal: new Map(journal.map((entry) => [entry.id, entry])),
  }
}

/** Does to the copy what the store has just done. */
export function applyCommit(state: EngineState, commit: Commit): void {
  for (const change of commit.mirror ?? []) applyMirrorChange(state.mirror, change)
  const { memory, journal } = state
  for (const change of commit.memory ?? []) {
    if ('delete' in change) {
      if (change.delete === 'assignment') memory.assignments.delete(change.key)
      else if (change.delete === 'member') memory.members.delete(change.key)
      else memory.released.delete(change.key)
      continue
    }
    switch (change.put) {
      case 'assignment':
        memory.assignments.set(change.key, change.remembered)
        break
      case 'member':
        memory.members.set(change.key, change.remembered)
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
      case 'clock-floor':
        if (memory.clockFloor === undefined || change.at > memory.clockFloor) memory.clockFloor = change.at
    }
  }
  for (const change of commit.journal ?? []) {
    if ('delete' in change) journal.delete(change.id)
    else journal.set(change.entry.id, change.entry)
  }
}

function applyMirrorChange(mirror: MutableMirror, change: MirrorChange): void {
  const { catalogue, observed } = mirror
  if ('delete' in change) {
    switch (change.delete) {
      case 'account':
        catalogue.accounts.delete(change.id)
        mirror.adoptedAccounts.delete(change.id)
        return
      case 'permission-set':
        catalogue.permissionSets.delete(change.arn)
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
      catalogue.accounts.set(change.account.id, change.account)
      return
    case 'adopted-account':
      mirror.adoptedAccounts.add(change.id)
      return
    case 'permission-set':
      catalogue.permissionSets.set(change.permissionSet.arn, change.permissionSet)
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
    case 'finding':
      mirror.findings.set(change.finding.id, change.finding)
  }
}
