import fc from 'fast-check'
import { expect, it } from 'vitest'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { awsPrincipalKey, grantKey } from '../identity-center/account-assignment.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import {
  A_CATALOGUE,
  ADMIN,
  aGroupLink,
  aList,
  anOrganization,
  aUser,
  aUserLink,
  aView,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
} from '../testing/index.ts'
import { type AssignmentKey, assignmentKey, membershipKey, type Remembered } from './memory.ts'
import { planChanges } from './plan-changes.ts'
import { planWithdrawal } from './plan-withdrawal.ts'
import type { PlanInput } from './planner.ts'

const withdrawal = { by: 'eva', since: NOW, assignments: 1, groups: 1, keeps: [] }
const organization = anOrganization({ withdrawal })
const GRANTS = [PROD, SANDBOX].flatMap(({ id: account }) =>
  [READ_ONLY, ADMIN].map(({ arn: permissionSet }) => grantKey({ account, permissionSet })),
)
const user = aUser('ana', { roles: [on(READ_ONLY, PROD), on(ADMIN, SANDBOX)] })
const list = aList('data', { grants: [on(READ_ONLY, SANDBOX)] })
const LINK = aUserLink(user)
const REMEMBERED: Remembered = { confirmed: true, subjects: [] }

interface World {
  /** What each holds, and what of it we made. */
  readonly ofUser: readonly (typeof GRANTS)[number][]
  readonly ofGroup: readonly (typeof GRANTS)[number][]
  readonly made: ReadonlySet<AssignmentKey>
  readonly adopted: readonly (typeof GRANTS)[number][]
  readonly origin: 'created' | 'adopted'
  readonly isDoubtful: boolean
  /** Somebody is in the group, whom we meant to be in it or not. */
  readonly member: 'none' | 'ours' | 'foreign'
}
const USER = { type: 'USER', id: LINK.awsUser } as const
const GROUP = { type: 'GROUP', id: aGroupLink(list).awsGroup } as const
const worlds = fc.record<World>({
  ofUser: fc.subarray(GRANTS),
  ofGroup: fc.subarray(GRANTS),
  made: fc
    .subarray([
      ...GRANTS.map((grant) => assignmentKey(USER, grant)),
      ...GRANTS.map((grant) => assignmentKey(GROUP, grant)),
    ])
    .map((keys) => new Set(keys)),
  adopted: fc.subarray(GRANTS),
  origin: fc.constantFrom('created', 'adopted'),
  isDoubtful: fc.boolean(),
  member: fc.constantFrom('none', 'ours', 'foreign'),
})

function planned(world: World, catalogue = A_CATALOGUE) {
  const link = aGroupLink(list, 'members', { origin: world.origin })
  const view = aView({
    organization,
    catalogue,
    users: [user],
    lists: [list],
    userLinks: [LINK],
    groupLinks: [link],
    adopted: world.adopted.map((grant) => ({ user: user.id, grant, adoptedAt: NOW })),
  })
  const input: PlanInput = {
    view,
    desired: computeDesiredState(view, NOW),
    observed: {
      users: new Map([
        [LINK.awsUser, { id: LINK.awsUser, userName: user.name, displayName: '', email: '', active: true }],
      ]),
      groups: new Map([
        [
          link.awsGroup,
          {
            id: link.awsGroup,
            displayName: list.title,
            members: world.member === 'none' ? new Set() : new Set([LINK.awsUser]),
          },
        ],
      ]),
      assignments: new Map([
        [awsPrincipalKey(USER), new Set(world.ofUser)],
        [awsPrincipalKey(GROUP), new Set(world.ofGroup)],
      ]),
    },
    memory: {
      assignments: new Map(),
      members: new Map(world.member === 'ours' ? [[membershipKey(link.awsGroup, LINK.awsUser), REMEMBERED]] : []),
      decidedSince: new Map(),
    },
    uncertain: new Set(),
    adoptedAccounts: new Set(catalogue.accounts.keys()),
    now: NOW,
  }
  return planWithdrawal(input, { plan: planChanges(input), made: world.made, isDoubtful: world.isDoubtful }).operations
}

it('takes away just what was made, is there, and was not adopted; it gives nothing', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const operations = planned(world)
      const gone = operations.flatMap((one) =>
        one.kind === 'delete-assignment'
          ? [assignmentKey(one.principal.type === 'USER' ? USER : GROUP, one.grant)]
          : [],
      )
      const expected = [
        ...world.ofUser.filter((grant) => !world.adopted.includes(grant)).map((grant) => assignmentKey(USER, grant)),
        ...world.ofGroup.map((grant) => assignmentKey(GROUP, grant)),
      ].filter((key) => world.made.has(key))
      expect(gone.toSorted()).toEqual(expected.toSorted())
      expect(operations.filter(({ kind }) => !['delete-assignment', 'delete-group'].includes(kind))).toEqual([])
    }),
  )
})
it('deletes a group only if we created it, it holds nothing and nobody of others, and the reading that says so is believed', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const isDeleted = planned(world).some(({ kind }) => kind === 'delete-group')
      const isOurs = world.origin === 'created' && world.member !== 'foreign'
      expect(isDeleted).toBe(isOurs && world.ofGroup.length === 0 && !world.isDoubtful)
    }),
  )
})
it('leaves what lies outside of the filter', () => {
  const key = assignmentKey(USER, grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn }))
  const outside = createCatalogue([SANDBOX], [READ_ONLY, ADMIN])
  const world = {
    ofUser: GRANTS,
    ofGroup: [],
    made: new Set([key]),
    adopted: [],
    origin: 'adopted',
    isDoubtful: false,
    member: 'none',
  } as const
  expect(planned(world)).toHaveLength(1)
  expect(planned(world, outside)).toEqual([])
})
