import {
  type AccessList,
  type AccessListId,
  createCatalogue,
  createView,
  DEFAULT_SCHEDULE,
  instant,
  type Instant,
  type Member,
  type RoleName,
  systemRoleName,
  type User,
  type UserId,
  type UserName,
  type OrganizationView,
  whyAccess,
} from '@gatehouse/domain'
import { anAccount, anOrganization, aPermissionSet, aSnapshot } from '@gatehouse/domain/testing'
import { type Bench, rounded } from './measurement.ts'

export const SIZE = { users: 100_000, lists: 10_000, memberships: 5_000_000 } as const
/** Each list of these is in the one before, so that they are chains of five. */
const CHAIN = 5
const ASKED = 2_000
const LIMIT_MS = 5

/** How long it takes to work out everything that one of 100,000 users has, by every way. */
export const effectiveAccess: Bench = async ({ isQuick, say }) => {
  const size = isQuick ? 0.1 : 1
  const now = instant('2027-03-01T09:00:00Z')
  const begin = performance.now()
  const view = createWorld(
    { users: SIZE.users * size, lists: SIZE.lists * size, memberships: SIZE.memberships * size },
    now,
  )
  say(`made in ${Math.round((performance.now() - begin) / 1000)} s`)
  const times: number[] = []
  let ways = 0
  for (let index = 0; index < ASKED; index++) {
    const user = view.users[(index * 7919) % view.users.length]
    if (!user) continue
    const start = performance.now()
    ways += whyAccess(user, view, now).paths.length
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => rounded(times[Math.floor(times.length * share)] ?? Number.NaN)
  return [
    {
      name: 'effective-access-p99',
      value: at(0.99),
      unit: 'ms',
      better: 'lower',
      limit: LIMIT_MS,
      note: `in memory, no database: ${view.users.length} users, ${view.lists.length} lists in chains of ${CHAIN}, ${SIZE.memberships * size} memberships; ${Math.round(ways / ASKED)} ways for each of ${ASKED} users; median ${at(0.5)} ms, longest ${at(0.9999)} ms`,
    },
  ]
}

/** Lists in chains, each with its share of the memberships, and a role of the catalogue. */
export function createWorld(
  { users: userCount, lists: listCount, memberships }: { users: number; lists: number; memberships: number },
  now: Instant,
): OrganizationView {
  const accounts = Array.from({ length: 100 }, (_, index) =>
    anAccount(`account-${index}`, String(100_000_000_000 + index)),
  )
  const sets = Array.from({ length: 20 }, (_, index) => aPermissionSet(`Set${index}`))
  const users = Array.from({ length: userCount }, (_, index): User => userAt(index, now))
  const perList = Math.floor(memberships / listCount)
  const lists = Array.from({ length: listCount }, (_, index): AccessList => {
    const account = accounts[index % accounts.length] ?? anAccount('none', '0')
    const set = sets[index % sets.length] ?? aPermissionSet('none')
    const members = Array.from({ length: perList }, (__, offset): Member => ({
      kind: 'user',
      // A stride that shares no factor with the number of users spreads them evenly.
      user: userId((index * perList + offset * 7) % userCount),
      joined: now,
      reason: '',
      addedBy: 'system',
    }))
    const inner: readonly Member[] =
      index % CHAIN === 0 ? [] : [{ kind: 'list', list: listId(index - 1), joined: now, reason: '', addedBy: 'system' }]
    return {
      id: listId(index),
      title: `List ${index}`,
      description: '',
      type: '',
      labels: {},
      owners: [],
      members: [...inner, ...members],
      membershipRequires: { roles: [], traits: {} },
      ownershipRequires: { roles: [], traits: {} },
      grants: { roles: [{ name: systemRoleName(account, set) }], traits: {} },
      ownerGrants: { roles: [], traits: {} },
      audit: DEFAULT_SCHEDULE,
      signOffs: [],
      revision: 1,
    }
  })
  return createView({
    ...aSnapshot({ organization: anOrganization(), catalogue: createCatalogue(accounts, sets) }),
    users,
    lists,
  })
}

const userId = (index: number): UserId => `user-${index}` as UserId
const listId = (index: number): AccessListId => `list-${index}` as AccessListId
const userAt = (index: number, now: Instant): User => ({
  id: userId(index),
  name: `user-${index}@acme.example` as UserName,
  roles: [{ name: 'requester' as RoleName }],
  traits: {},
  labels: {},
  createdAt: now,
  revision: 1,
})
