import {
  type AccountId,
  type AwsGroupId,
  type AwsUserId,
  type GrantKey,
  type Instant,
  isSuspiciouslySmall,
  type PermissionSetArn,
  type RemovalBudget,
  type Thing,
} from '@gatehouse/domain'
import type { AccountMoves, Finding, MirrorChange } from '../ports/store.ts'
import { lookAtAccounts } from './account-moves.ts'
import type { MutableMirror } from './engine-state.ts'
import type { Reading } from './read-aws.ts'

/** What a reading changes in the mirror, and what of it was not believed. */
export interface Ingestion {
  readonly changes: readonly MirrorChange[]
  readonly findings: readonly Finding[]
  readonly moves: AccountMoves | undefined
}

export interface IngestInput {
  readonly mirror: MutableMirror
  readonly reading: Reading
  readonly now: Instant
  /** Whether we wrote this thing ourselves while or shortly before the reading was taken, and so know better. */
  readonly isFresh: (key: Thing) => boolean
  /** How much somebody has looked at and believes to be gone, by the finding that said so. */
  readonly believed: ReadonlyMap<string, number>
}

/** Losing more than this at once is rather a bad read than a fact; see `isSuspiciouslySmall`. */
const READ_LOSS: RemovalBudget = { atLeast: 3, percent: 5 }

/**
 * Compares a reading with the mirror. Additions are always taken. What is missing is taken kind by kind, unless so much is
 * missing that the read itself is doubtful: then that kind stays as it was and a finding says so. Members of groups, and
 * assignments of principals, that are kept on a doubt are not touched either.
 */
export function ingestReading({ mirror, reading, now, isFresh, believed }: IngestInput): Ingestion {
  const changes: MirrorChange[] = []
  const findings: Finding[] = []
  const { catalogue, observed } = mirror

  const lose = (kind: Finding['kind'], before: number, missing: readonly MirrorChange[], what: string): boolean => {
    const id = `read-${kind}`
    const isBelieved = missing.length <= (believed.get(id) ?? 0)
    if (!isBelieved && isSuspiciouslySmall(before, missing.length, READ_LOSS)) {
      findings.push({
        id,
        kind,
        foundAt: now,
        message: `A read from AWS no longer shows ${missing.length} of ${before} ${what}. Nothing was concluded from it.`,
        amount: missing.length,
      })
      return false
    }
    for (const change of missing) changes.push(change)
    return true
  }

  for (const account of reading.accounts)
    if (differs(catalogue.accounts.get(account.id), account)) changes.push({ put: 'account', account })
  const accountIds = new Set<AccountId>(reading.accounts.map(({ id }) => id))
  const lostAccounts = absent(catalogue.accounts.keys(), accountIds)
  const accountsBelieved = lose(
    'account',
    catalogue.accounts.size,
    lostAccounts.map((id) => ({ delete: 'account', id })),
    'accounts inside the filter',
  )
  const kept = accountsBelieved ? [] : lostAccounts.flatMap((id) => catalogue.accounts.get(id) ?? [])
  const { seen, moves } = lookAtAccounts({
    at: now,
    before: catalogue.accounts,
    after: new Map([...kept, ...reading.accounts].map((account) => [account.id, account])),
    outside: reading.outside,
    seen: mirror.accountsSeen,
    isFirst: mirror.sweptAt === undefined,
  })
  if (differs(mirror.accountsSeen, seen)) changes.push({ put: 'accounts-seen', seen })

  for (const permissionSet of reading.permissionSets) {
    if (differs(catalogue.permissionSets.get(permissionSet.arn), permissionSet))
      changes.push({ put: 'permission-set', permissionSet })
  }
  const arns = new Set<PermissionSetArn>(reading.permissionSets.map(({ arn }) => arn))
  lose(
    'permission-set',
    catalogue.permissionSets.size,
    absent(catalogue.permissionSets.keys(), arns).map((arn) => ({ delete: 'permission-set', arn })),
    'permission sets',
  )

  for (const user of reading.users)
    if (differs(observed.users.get(user.id), user) && !isFresh(`user ${user.id}`)) changes.push({ put: 'user', user })
  const userIds = new Set<AwsUserId>(reading.users.map(({ id }) => id))
  const lostUsers = absent(observed.users.keys(), userIds).filter((id) => !isFresh(`user ${id}`))
  const usersBelieved = lose(
    'user',
    observed.users.size,
    lostUsers.map((id) => ({ delete: 'user', id })),
    'users',
  )

  for (const group of reading.groups) {
    const known = observed.groups.get(group.id)
    const changed = known?.displayName !== group.displayName || known.externalId !== group.externalId
    if (changed && !isFresh(`group ${group.id}`)) changes.push({ put: 'group', group })
  }
  const groupIds = new Set<AwsGroupId>(reading.groups.map(({ id }) => id))
  const lostGroups = absent(observed.groups.keys(), groupIds).filter((id) => !isFresh(`group ${id}`))
  lose(
    'group',
    observed.groups.size,
    lostGroups.map((id) => ({ delete: 'group', id })),
    'groups',
  )

  const lostMembers: MirrorChange[] = []
  let membersBefore = 0
  for (const [group, members] of reading.members) {
    const known = observed.groups.get(group)?.members ?? new Set<AwsUserId>()
    const present = new Set(members)
    membersBefore += known.size
    for (const user of members)
      if (!known.has(user) && !isFresh(`${group}|${user}`)) changes.push({ put: 'member', group, user })
    for (const user of known) {
      const goneWithUser = usersBelieved && !userIds.has(user)
      if (!present.has(user) && !goneWithUser && !isFresh(`${group}|${user}`))
        lostMembers.push({ delete: 'member', group, user })
    }
  }
  lose('member', membersBefore, lostMembers, 'memberships')

  const lostAssignments: MirrorChange[] = []
  let assignmentsBefore = 0
  for (const [principal, grants] of reading.assignments) {
    const known = observed.assignments.get(principal) ?? new Set<GrantKey>()
    assignmentsBefore += known.size
    for (const grant of grants)
      if (!known.has(grant) && !isFresh(`${principal}|${grant}`)) changes.push({ put: 'assignment', principal, grant })
    for (const grant of known) {
      if (!grants.has(grant) && !isFresh(`${principal}|${grant}`))
        lostAssignments.push({ delete: 'assignment', principal, grant })
    }
    changes.push({ put: 'assignments-read', principal, at: now })
  }
  lose('assignment', assignmentsBefore, lostAssignments, 'account assignments')

  const settled = [...mirror.findings.values()].filter(
    ({ id }) => id.startsWith('read-') && !findings.some((finding) => finding.id === id),
  )
  return {
    changes: [
      ...changes,
      ...findings.map((finding): MirrorChange => ({ put: 'finding', finding })),
      ...settled.map(({ id }): MirrorChange => ({ delete: 'finding', id })),
      { put: 'swept', at: now },
    ],
    findings,
    moves,
  }
}

const absent = <K>(known: Iterable<K>, present: ReadonlySet<K>): K[] => [...known].filter((key) => !present.has(key))

const differs = (known: unknown, read: unknown): boolean => {
  if (typeof known !== 'object' || typeof read !== 'object' || known === null || read === null) return known !== read
  const before = Object.entries(known)
  const after = new Map(Object.entries(read))
  return (
    before.length !== after.size || before.some(([key, value]) => !after.has(key) || differs(value, after.get(key)))
  )
}
