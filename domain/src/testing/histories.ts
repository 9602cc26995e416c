import * as fc from 'fast-check'
import type { AccessList } from '../access-lists/access-list.ts'
import type { Snapshot } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import { type Instant, milliseconds, plus } from '../kernel/instant.ts'
import type { AdoptedAssignment, GroupLink, UserLink } from '../organizations/link.ts'
import { A_CATALOGUE, aGroupLink, aSnapshot, aUserLink, awsUserId, NOW, roleName } from './builders.ts'
import { accessLists, approvedRequests, locks, roles, users } from './generators.ts'

/** Records at one instant of a history. What a step leaves alone is the same object after it. */
export interface Chapter {
  readonly snapshot: Snapshot
  readonly now: Instant
}

type Donor = Pick<Snapshot, 'users' | 'roles' | 'lists' | 'requests' | 'locks'>
type Change = (snapshot: Snapshot, donor: Donor, at: number) => Partial<Snapshot>

/** The record at `at` becomes what the donor has there, or comes back. */
function putFrom<T extends { readonly id: string }>(own: readonly T[], donors: readonly T[], at: number): readonly T[] {
  const fresh = donors[at % Math.max(donors.length, 1)]
  if (!fresh) return own
  return own.some(({ id }) => id === fresh.id) ? own.map((one) => (one.id === fresh.id ? fresh : one)) : [...own, fresh]
}

const without = <T>(values: readonly T[], at: number): readonly T[] =>
  values.toSpliced(values.length === 0 ? 0 : at % values.length, 1)

function changeList(
  lists: readonly AccessList[],
  at: number,
  change: (list: AccessList) => AccessList,
): readonly AccessList[] {
  const changing = lists[at % Math.max(lists.length, 1)]
  return lists.map((list) => (list === changing ? change(list) : list))
}

/** Takes out whoever equals one that is there, and adds him otherwise. */
function toggle<T>(values: readonly T[], value: T, isSame: (one: T) => boolean): readonly T[] {
  return values.some(isSame) ? values.filter((one) => !isSame(one)) : [...values, value]
}

const CHANGES: Readonly<Record<string, Change>> = {
  'put user': ({ users: own }, donor, at) => ({ users: putFrom(own, donor.users, at) }),
  'delete user': ({ users: own, lists, userLinks }, _, at) => {
    const gone = own[at % Math.max(own.length, 1)]
    if (!gone) return {}
    const isGone = (who: { readonly kind: string; readonly user?: string }) =>
      who.kind === 'user' && who.user === gone.id
    return {
      users: own.filter((user) => user !== gone),
      lists: lists.map((list) =>
        list.members.some(isGone) || list.owners.some(isGone)
          ? {
              ...list,
              members: list.members.filter((member) => !isGone(member)),
              owners: list.owners.filter((owner) => !isGone(owner)),
            }
          : list,
      ),
      // A link that AWS answered late does not say so.
      userLinks: userLinks.map((link) =>
        link.user === gone.id && at % 3 !== 0 ? { ...link, userDeleted: true } : link,
      ),
    }
  },
  'put list': ({ lists: own }, donor, at) => ({ lists: putFrom(own, donor.lists, at) }),
  'delete list': ({ lists: own }, _, at) => ({ lists: without(own, at) }),
  'change members': ({ lists: own }, donor, at) => ({
    lists: changeList(own, at, (list) => ({
      ...list,
      members: (donor.lists[at % donor.lists.length]?.members ?? []).map(
        (member) => list.members.find((one) => JSON.stringify(one) === JSON.stringify(member)) ?? member,
      ),
    })),
  }),
  rename: ({ lists: own }, _, at) => ({ lists: changeList(own, at, (list) => ({ ...list, title: `${list.title}'` })) }),
  require: ({ lists: own }, _, at) => ({
    lists: changeList(own, at, (list) => {
      const requirements = { roles: at % 3 === 0 ? [] : [roleName('reader')], traits: {} }
      return at % 2 === 0 ? { ...list, membershipRequires: requirements } : { ...list, ownershipRequires: requirements }
    }),
  }),
  'put role': ({ roles: own }, donor, at) => {
    const fresh = donor.roles[at % donor.roles.length]
    return fresh ? { roles: [...own.filter(({ name }) => name !== fresh.name), fresh] } : {}
  },
  'delete role': ({ roles: own }, _, at) => ({ roles: without(own, at) }),
  'put request': ({ requests: own }, donor, at) => ({ requests: putFrom(own, donor.requests, at) }),
  'delete request': ({ requests: own }, _, at) => ({ requests: without(own, at) }),
  lock: ({ locks: own }, donor, at) => ({ locks: putFrom(own, donor.locks, at) }),
  unlock: ({ locks: own }, _, at) => ({ locks: without(own, at) }),
  adopt: ({ adopted: own, users: people }, _, at) => {
    const user = people[at % Math.max(people.length, 1)]
    const account = [...A_CATALOGUE.accounts.keys()][at % A_CATALOGUE.accounts.size]
    const permissionSet = [...A_CATALOGUE.permissionSets.keys()][at % A_CATALOGUE.permissionSets.size]
    if (!user || !account || !permissionSet) return {}
    const adopted: AdoptedAssignment = { user: user.id, grant: grantKey({ account, permissionSet }), adoptedAt: NOW }
    return { adopted: toggle(own, adopted, (one) => one.user === adopted.user && one.grant === adopted.grant) }
  },
  'link user': ({ userLinks: own, users: people }, _, at) => {
    const user = people[at % Math.max(people.length, 1)]
    if (!user) return {}
    const link: UserLink = aUserLink(user, { assignmentsAdopted: at % 3 !== 0 })
    return { userLinks: toggle(own, link, (one) => one.user === user.id) }
  },
  'link group': ({ groupLinks: own, lists }, _, at) => {
    const list = lists[at % Math.max(lists.length, 1)]
    if (!list) return {}
    const link: GroupLink = aGroupLink(list, at % 4 === 0 ? 'owners' : 'members', {
      origin: at % 3 === 0 ? 'adopted' : 'created',
      contentsAdopted: at % 5 !== 0,
      ...(at % 5 === 0 ? { adoptedUnder: list.title, pushedTitle: 'as in AWS' } : {}),
    })
    return { groupLinks: toggle(own, link, (one) => one.group === link.group) }
  },
  'end group': ({ groupLinks: own }, _, at) => ({
    groupLinks: own.map((link, index) =>
      index === at % own.length ? { ...link, ending: { how: 'release', removing: [awsUserId('zoe')] } as const } : link,
    ),
  }),
  hybrid: ({ organization }) => ({ organization: { ...organization, hybrid: !organization.hybrid } }),
  'offer roles': ({ organization }) => ({
    organization: { ...organization, rolesSyncMode: organization.rolesSyncMode === 'ALL' ? 'NONE' : 'ALL' },
  }),
  'change catalogue': ({ catalogue }, _, at) => {
    const account = [...A_CATALOGUE.accounts.values()][at % A_CATALOGUE.accounts.size]
    if (!account) return {}
    const accounts = new Map(catalogue.accounts)
    if (!accounts.delete(account.id)) accounts.set(account.id, account)
    return { catalogue: { ...catalogue, accounts } }
  },
  nothing: () => ({}),
}

const donors = (): fc.Arbitrary<Donor> =>
  fc.record({ users: users(), roles: roles(), lists: accessLists(), requests: approvedRequests(), locks: locks() })

/** Time mostly goes on a little, sometimes by hours, and sometimes the clock goes back. */
const jumps = (): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.nat(10_000_000) },
    { weight: 2, arbitrary: fc.nat(80_000_000) },
    { weight: 1, arbitrary: fc.integer({ min: -10_000_000, max: 0 }) },
  )

/** Histories of a small organization: every kind of change, one or a few at a time, while time passes. */
export const histories = (): fc.Arbitrary<readonly Chapter[]> =>
  fc
    .tuple(
      donors(),
      fc.array(
        fc.tuple(
          fc.array(fc.tuple(fc.constantFrom(...Object.keys(CHANGES)), fc.nat(30)), { minLength: 1, maxLength: 2 }),
          donors(),
          jumps(),
        ),
        { minLength: 1, maxLength: 12 },
      ),
    )
    .map(([records, steps]) => {
      const first = aSnapshot(records)
      const linked = {
        ...first,
        userLinks: first.users.slice(0, 4).map((user) => aUserLink(user)),
        groupLinks: first.lists.slice(0, 3).map((list) => aGroupLink(list)),
      }
      const chapters: Chapter[] = [{ snapshot: linked, now: plus(NOW, milliseconds(-40_000_000)) }]
      for (const [changes, donor, jump] of steps) {
        const last = chapters.at(-1)
        if (!last) continue
        const snapshot = changes.reduce(
          (one, [name, at]) => ({ ...one, ...CHANGES[name]?.(one, donor, at) }),
          last.snapshot,
        )
        chapters.push({ snapshot, now: plus(last.now, milliseconds(jump)) })
      }
      return chapters
    })
