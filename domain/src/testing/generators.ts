import * as fc from 'fast-check'
import { type AccessList, DEFAULT_SCHEDULE, type Member, type ReviewSchedule } from '../access-lists/access-list.ts'
import type { AccessRequest } from '../access-requests/access-request.ts'
import type { Snapshot, OrganizationView } from '../desired-state/view.ts'
import { hours, type Instant, milliseconds, plus } from '../kernel/instant.ts'
import type { Lock } from '../locks/lock.ts'
import type { RoleReference, Role } from '../roles/role.ts'
import type { User } from '../users/user.ts'
import {
  A_CATALOGUE,
  aList,
  aLock,
  aMember,
  aMemberList,
  anAwsOnlyMember,
  aRequest,
  aRole,
  aUser,
  aView,
  NOW,
  on,
  type PatternPair,
  requestId,
  roleName,
  userId,
} from './builders.ts'

const USERS = ['ana', 'bruno', 'chiara', 'dmitri', 'eva', 'farid']
const LISTS = ['platform', 'payments', 'data', 'security', 'everybody']
const ROLES = ['reader', 'operator', 'breaker', 'payer']
const ACCOUNTS = [...A_CATALOGUE.accounts.values()]
const SETS = [...A_CATALOGUE.permissionSets.values()]

/** Instants within a day around `NOW`, at any millisecond. */
export const instants = (): fc.Arbitrary<Instant> =>
  fc.integer({ min: -86_400_000, max: 86_400_000 }).map((offset) => plus(NOW, milliseconds(offset)))

export const references = (): fc.Arbitrary<RoleReference[]> =>
  fc.uniqueArray(
    fc.oneof(
      fc.constantFrom(...ROLES).map((name) => ({ name: roleName(name) })),
      fc.tuple(fc.constantFrom(...SETS), fc.constantFrom(...ACCOUNTS), fc.nat(2)).map(([set, account, dice]) => ({
        // Some were granted before the account was renamed in AWS.
        name: on(set, dice === 0 ? { ...account, name: 'former' } : account),
        pinned: { account: account.id, permissionSet: set.arn },
      })),
    ),
    { selector: ({ name }) => name, maxLength: 3 },
  )

const patternPairs = (): fc.Arbitrary<PatternPair[]> =>
  fc.array(
    fc.tuple(
      fc.constantFrom('*', '1*', ...ACCOUNTS.map(({ id }) => id)),
      fc.constantFrom('*', '^.*ps-readonly.*$', ...SETS.map(({ arn }) => arn)),
    ),
    { maxLength: 2 },
  )

export const roles = (): fc.Arbitrary<Role[]> =>
  fc
    .tuple(...ROLES.map((name) => fc.tuple(fc.constant(name), patternPairs(), patternPairs(), fc.nat(4))))
    .map((parts) =>
      parts.map(([name, allow, deny, dice]) =>
        aRole(name, { allow: { assignments: allow }, deny: { assignments: dice === 0 ? deny : [] } }),
      ),
    )

export const users = (): fc.Arbitrary<User[]> =>
  fc.tuple(...USERS.map((name) => references().map((held) => aUser(name, { roles: held }))))

const members = (): fc.Arbitrary<Member[]> => {
  const expires = fc.option(instants(), { nil: undefined })
  const options = expires.map((end) => (end === undefined ? {} : { expires: end }))
  return fc
    .tuple(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...USERS), options), { selector: ([name]) => name, maxLength: 4 }),
      fc.uniqueArray(fc.tuple(fc.constantFrom(...LISTS), options), { selector: ([name]) => name, maxLength: 2 }),
      fc.uniqueArray(fc.tuple(fc.constantFrom('zoe', 'yan'), options), { selector: ([name]) => name, maxLength: 1 }),
    )
    .map(([people, lists, strangers]) => [
      ...people.map(([name, end]) => aMember(name, end)),
      ...lists.map(([name, end]) => aMemberList(name, end)),
      ...strangers.map(([name, end]) => anAwsOnlyMember(name, end)),
    ])
}

/** Most lists are never suspended; some are, by a moment around `NOW`. */
const schedules = (): fc.Arbitrary<ReviewSchedule> =>
  fc
    .option(instants(), { freq: 2, nil: undefined })
    .map((end) =>
      end === undefined ? DEFAULT_SCHEDULE : { ...DEFAULT_SCHEDULE, nextAuditDate: end, suspendAfter: hours(0) },
    )

/** Lists that may contain one another in circles: what is stored is never trusted to be a tree. */
export const accessLists = (): fc.Arbitrary<AccessList[]> =>
  fc.tuple(
    ...LISTS.map((name) =>
      fc
        .record({
          members: members(),
          owners: fc.uniqueArray(fc.constantFrom(...USERS), { maxLength: 2 }),
          ownerLists: fc.uniqueArray(fc.constantFrom(...LISTS), { maxLength: 1 }),
          grants: references(),
          ownerGrants: references(),
          audit: schedules(),
        })
        .map((input) => aList(name, input)),
    ),
  )

export const approvedRequests = (): fc.Arbitrary<AccessRequest[]> =>
  fc
    .array(fc.tuple(fc.constantFrom(...USERS), references(), instants(), fc.integer({ min: 1, max: 86_400_000 })), {
      maxLength: 4,
    })
    .map((parts) =>
      parts.map(([user, asked, startsAt, length], index) =>
        aRequest(`request-${index}`, user, {
          roles: asked,
          state: 'approved',
          resolvedAt: startsAt,
          startsAt,
          expiresAt: plus(startsAt, milliseconds(length)),
          resolveReason: '',
          checkedAt: startsAt,
          rowsOut: [],
          duration: hours(1),
        }),
      ),
    )

export const locks = (): fc.Arbitrary<Lock[]> =>
  fc.uniqueArray(
    fc
      .tuple(
        fc.oneof(
          fc.constantFrom(...USERS).map((name) => ({ kind: 'user', user: userId(name) }) as const),
          fc.constantFrom(...ROLES).map((name) => ({ kind: 'role', role: roleName(name) }) as const),
          fc
            .tuple(fc.constantFrom(...SETS), fc.constantFrom(...ACCOUNTS))
            .map(([set, account]) => ({ kind: 'role', role: on(set, account) }) as const),
          fc.nat(3).map((index) => ({ kind: 'access-request', request: requestId(`request-${index}`) }) as const),
        ),
        fc.option(instants(), { nil: undefined }),
      )
      .map(([target, expires]) => aLock(target, expires === undefined ? {} : { expires })),
    { selector: ({ id }) => id, maxLength: 3 },
  )

/** Governance records of every shape over the builders' catalogue. */
export const views = (partial: Partial<Snapshot> = {}): fc.Arbitrary<OrganizationView> =>
  fc
    .record({ users: users(), roles: roles(), lists: accessLists(), requests: approvedRequests(), locks: locks() })
    .map((records) => aView({ ...records, ...partial }))
