import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import { hours, plus } from '../kernel/instant.ts'
import {
  ADMIN,
  aList,
  aMember,
  aMemberList,
  approved,
  aRequest,
  aRole,
  aUser,
  aView,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
  STAGING,
} from '../testing/builders.ts'
import { accessDifference } from './what-if.ts'
import { whoCan } from './who-can.ts'
import { whyAccess } from './why-access.ts'

const PROD_READ = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
const reader = aRole('reader', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } })
const soon = plus(NOW, hours(2))

describe('why somebody has access', () => {
  const ana = aUser('ana', { roles: ['reader'] })
  const view = aView({
    users: [ana, aUser('bruno')],
    roles: [reader],
    lists: [
      aList('inner', { members: [aMember('ana', { expires: soon })] }),
      aList('outer', { members: [aMemberList('inner')], grants: ['reader', on(ADMIN, SANDBOX)] }),
      aList('owned', { owners: ['ana'], ownerGrants: [on(READ_ONLY, PROD)] }),
    ],
    requests: [
      aRequest('r', 'ana', {
        resources: [
          { account: PROD.id, permissionSet: READ_ONLY.arn, accountName: PROD.name, permissionSetName: READ_ONLY.name },
        ],
        roles: ['aws-ic-access'],
        ...approved(NOW, hours(1)),
      }),
    ],
  })

  it('names every way: role, request, chain of lists, ownership, each with its end', () => {
    const { paths } = whyAccess(ana, view, NOW, { account: PROD.id })
    expect(paths.map(({ lease, through, side }) => ({ ...lease, through, side }))).toEqual([
      { cause: { kind: 'role', role: 'reader' }, until: undefined, through: [], side: undefined },
      { cause: { kind: 'request', request: 'r' }, until: plus(NOW, hours(1)), through: [], side: undefined },
      {
        cause: { kind: 'list', list: 'outer', role: 'reader' },
        until: soon,
        through: ['inner', 'outer'],
        side: 'members',
      },
      {
        cause: { kind: 'list', list: 'owned', role: on(READ_ONLY, PROD) },
        until: undefined,
        through: ['owned'],
        side: 'owners',
      },
    ])
  })
  it('asks for one permission set, one account, or everything', () => {
    expect(whyAccess(ana, view, NOW, { account: PROD.id, permissionSet: ADMIN.arn }).paths).toEqual([])
    expect(whyAccess(ana, view, NOW, { account: STAGING.id }).paths).toEqual([])
    expect(whyAccess(ana, view, NOW).paths).toHaveLength(5)
  })
  it('says what is withheld although it was granted', () => {
    const denying = aRole('denying', { deny: { assignments: [[PROD.id, '*']] } })
    const eva = aUser('eva', { roles: ['reader', 'denying'] })
    const { paths, withheld } = whyAccess(eva, aView({ users: [eva], roles: [reader, denying] }), NOW)
    expect(paths).toEqual([])
    expect(withheld).toMatchObject([{ grant: PROD_READ, reason: expect.stringContaining('deny') as string }])
  })
  it('lists who can, by name, and nobody else', () => {
    expect(whoCan(view, NOW, { account: PROD.id }).map(({ user }) => user.name)).toEqual(['ana@acme.example'])
    expect(whoCan(view, NOW, { account: STAGING.id })).toEqual([])
  })
})

describe('what a change gives and takes', () => {
  const ana = aUser('ana', { roles: ['reader'] })
  const list = aList('list', { members: ['ana'], grants: ['reader'] })

  it('is what people gain and lose, whatever the way', () => {
    const before = aView({ users: [ana], roles: [reader], lists: [list] })
    const moved = aView({ users: [{ ...ana, roles: [] }], roles: [reader], lists: [list] })
    expect(accessDifference(before, moved, NOW)).toEqual({ gained: [], lost: [] })
    const gone = aView({ users: [{ ...ana, roles: [] }], roles: [reader], lists: [{ ...list, members: [] }] })
    expect(accessDifference(before, gone, NOW)).toEqual({ gained: [], lost: [{ user: ana.name, grant: PROD_READ }] })
    expect(accessDifference(gone, before, NOW).gained).toEqual([{ user: ana.name, grant: PROD_READ }])
  })
})

it('explains exactly what AWS is told, for any records', () => {
  const names = ['ana', 'bruno', 'clara']
  const systemRoles = [PROD, SANDBOX, STAGING].flatMap((account) => [on(READ_ONLY, account), on(ADMIN, account)])
  const someRoles = fc.subarray(['reader', 'denying', ...systemRoles])
  const record = fc.record({
    users: fc.tuple(...names.map(() => someRoles)),
    lists: fc.tuple(
      ...['a', 'b', 'c'].map(() =>
        fc.record({ members: fc.subarray(names), lists: fc.subarray(['a', 'b', 'c']), grants: someRoles }),
      ),
    ),
  })
  fc.assert(
    fc.property(record, ({ users, lists }) => {
      const view = aView({
        users: names.map((name, index) => aUser(name, { roles: users[index] ?? [] })),
        roles: [reader, aRole('denying', { deny: { assignments: [['*', ADMIN.arn]] } })],
        lists: lists.map(({ members, lists: inner, grants }, index) =>
          aList(['a', 'b', 'c'][index] ?? '', {
            members: [...members.map((name) => aMember(name)), ...inner.map((name) => aMemberList(name))],
            grants,
          }),
        ),
      })
      const state = computeDesiredState(view, NOW)
      for (const user of view.users) {
        const desired = state.users.get(user.id)
        const told = new Set(desired?.assignments.keys())
        for (const key of desired?.groups.keys() ?? [])
          for (const grant of state.groups.get(key)?.assignments.keys() ?? []) told.add(grant)
        expect(new Set(whyAccess(user, view, NOW).paths.map(({ grant }) => grant))).toEqual(told)
      }
    }),
    { numRuns: 200 },
  )
})
