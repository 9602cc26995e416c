import { ApiProblem, type GatehouseClient } from '@gatehouse/api'
import type { Draw } from './draw.ts'

/** An account and a permission set that a role gives. */
export interface Pair {
  readonly account: string
  /** Its ARN: names match nothing in a role. */
  readonly permissionSet: string
}

/** What somebody decided, in our own words: what AWS should hold follows from this alone. */
export interface Decisions {
  readonly roles: ReadonlyMap<string, readonly Pair[]>
  /** By name. */
  readonly users: ReadonlyMap<string, { readonly roles: readonly string[]; readonly isLocked: boolean }>
  /** By title. */
  readonly lists: ReadonlyMap<string, { readonly members: readonly string[]; readonly roles: readonly string[] }>
}

/** What AWS holds, by names. Lists, not sets: what is there twice shows. */
export interface Holdings {
  readonly users: readonly string[]
  readonly groups: readonly string[]
  readonly assignments: readonly string[]
}

const PEOPLE = ['ada', 'ben', 'cem', 'dora', 'eli', 'fay'].map((name) => `${name}@crash.example`)
const LOCKABLE = PEOPLE.slice(0, 2)
/** They are added and deleted again. */
const PASSING = PEOPLE.slice(4)
const LISTS = ['Crash one', 'Crash two', 'Crash three']
const PAIRS_PER_ROLE = 2
const ROLES = 4

/** Before anything is decided but the roles. */
export function firstDecisions(pairs: readonly Pair[]): Decisions {
  const roles = Array.from({ length: ROLES }, (_, index): [string, readonly Pair[]] => [
    `crash-${index + 1}`,
    pairs.slice(index * PAIRS_PER_ROLE, (index + 1) * PAIRS_PER_ROLE),
  ])
  return { roles: new Map(roles), users: new Map(), lists: new Map() }
}

/** Other people, members, grants and locks than before. */
export function drawDecisions({ roles }: Decisions, draw: Draw): Decisions {
  const names = [...roles.keys()]
  const people = PEOPLE.filter((name) => !PASSING.includes(name) || draw.oneIn(2))
  const users = people.map((name) => {
    const isLocked = LOCKABLE.includes(name) && draw.oneIn(3)
    return [name, { roles: draw.oneIn(2) ? draw.some(names) : [], isLocked }] as const
  })
  const lists = LISTS.map((title) => {
    const granted = draw.oneIn(4) ? [] : draw.some(names, 1)
    return [title, { members: draw.some(people), roles: granted }] as const
  })
  return { roles, users: new Map(users), lists: new Map(lists) }
}

/** May be repeated: the same decisions once more change nothing. */
export async function decide(client: GatehouseClient, decisions: Decisions): Promise<void> {
  const text = documentsOf(decisions)
    .map((document) => JSON.stringify(document))
    .join('\n---\n')
  const trial = await client.applyDocuments({ body: { text, mode: 'replace', dryRun: true } })
  const confirmRemovals = trial.removals.memberships + trial.removals.assignments
  await client.applyDocuments({ body: { text, mode: 'replace', confirmRemovals } })
  for (const name of LOCKABLE) if (!decisions.users.get(name)?.isLocked) await remove(client, 'lock', lockOf(name))
  for (const name of PASSING) if (!decisions.users.has(name)) await remove(client, 'user', name)
}

function documentsOf({ roles, users, lists }: Decisions): readonly object[] {
  return [
    ...[...roles].map(([name, pairs]) => ({
      kind: 'role',
      version: 'v8',
      metadata: { name },
      spec: {
        allow: {
          account_assignments: pairs.map(({ account, permissionSet }) => ({
            account,
            permission_set: permissionSet,
          })),
        },
      },
    })),
    ...[...users].map(([name, user]) => ({
      kind: 'user',
      version: 'v2',
      metadata: { name },
      spec: { roles: ['access', ...user.roles] },
    })),
    ...[...lists].map(([title, list]) => ({
      kind: 'access_list',
      version: 'v1',
      metadata: { name: title.toLowerCase().replace(' ', '-') },
      spec: {
        title,
        owners: [{ name: 'owner@crash.example' }],
        members: list.members.map((name) => ({ name })),
        grants: { roles: list.roles },
      },
    })),
    ...[...users]
      .filter(([, { isLocked }]) => isLocked)
      .map(([name]) => ({
        kind: 'lock',
        version: 'v2',
        metadata: { name: lockOf(name) },
        spec: { target: { user: name } },
      })),
  ]
}

const lockOf = (user: string): string => `lock-${user.split('@')[0]}`

async function remove(client: GatehouseClient, kind: 'lock' | 'user', name: string): Promise<void> {
  try {
    await client.deleteDocument({ params: { kind, name }, query: {} })
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 404)) throw error
  }
}

/** What AWS holds of these decisions once it has confirmed them, besides what it held before. */
export function holdingsOf({ roles, users, lists }: Decisions): Holdings {
  const free = (name: string): boolean => users.get(name)?.isLocked === false
  const pairsOf = (names: readonly string[]) => names.flatMap((name) => roles.get(name) ?? [])
  const pushed = [...lists].filter(([, list]) => list.roles.length > 0)
  return {
    users: [...users].map(([name, { isLocked }]) => describeUser(name, !isLocked)),
    groups: pushed.map(([title, { members }]) => describeGroup(title, members.filter(free))),
    assignments: [
      ...[...users].flatMap(([name, user]) =>
        user.isLocked ? [] : pairsOf(user.roles).map((pair) => describeAssignment('USER', name, pair)),
      ),
      ...pushed.flatMap(([title, list]) => pairsOf(list.roles).map((pair) => describeAssignment('GROUP', title, pair))),
    ],
  }
}

/** AWS is never told of somebody who was locked all along, so only who was there before must still be. */
export const isLockedUser = (described: string): boolean => described.endsWith(NOT_ACTIVE)

const NOT_ACTIVE = ' (not active)'
export const describeUser = (name: string, active: boolean): string => `${name}${active ? '' : NOT_ACTIVE}`
export const describeGroup = (title: string, members: readonly string[]): string =>
  `${title}: ${members.toSorted().join(', ')}`
export const describeAssignment = (type: string, name: string, { account, permissionSet }: Pair): string =>
  `${type} ${name} ${account} ${permissionSet}`
