import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { createView, type OrganizationView } from '../desired-state/view.ts'
import {
  type AwsGroupId,
  awsPrincipalKey,
  type AwsPrincipalKey,
  type AwsUserId,
  type GrantKey,
  grantKey,
} from '../identity-center/account-assignment.ts'
import {
  A_CATALOGUE,
  ADMIN,
  aGroupLink,
  aList,
  aLock,
  anOrganization,
  aUser,
  aUserLink,
  aView,
  generate,
  MANAGEMENT,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
  userId,
} from '../testing/index.ts'
import { groupKey } from '../organizations/link.ts'
import { assignmentKey, type Memory, type Remembered } from './memory.ts'
import type { ObservedGroup, ObservedState, ObservedUser } from './observed-state.ts'
import { awsPrincipalOf, type Operation, type Thing, thingsOf } from './operation.ts'
import { planChanges } from './plan-changes.ts'

const EMPTY: Memory = { assignments: new Map(), members: new Map(), decidedSince: new Map() }
const adoptedAccounts = new Set(A_CATALOGUE.accounts.keys())

interface World {
  users: Map<AwsUserId, ObservedUser>
  groups: Map<AwsGroupId, ObservedGroup & { members: Set<AwsUserId> }>
  assignments: Map<AwsPrincipalKey, Set<GrantKey>>
}

/** Every user and list of a view is linked, AWS knows them, and holds drawn assignments and members. */
const linkedWorlds = () =>
  generate.views().chain((view) => {
    const userLinks = view.users.map((user) => aUserLink(user))
    const groupLinks = view.lists.map((list) => aGroupLink(list))
    const principals: AwsPrincipalKey[] = [
      ...userLinks.map(({ awsUser }) => awsPrincipalKey({ type: 'USER', id: awsUser })),
      ...groupLinks.map(({ awsGroup }) => awsPrincipalKey({ type: 'GROUP', id: awsGroup })),
    ]
    const grants = [...A_CATALOGUE.accounts.keys()].flatMap((account) =>
      [...A_CATALOGUE.permissionSets.keys()].map((permissionSet) => grantKey({ account, permissionSet })),
    )
    const linked = createView({ ...view, userLinks, groupLinks })
    return fc
      .record({
        held: fc.tuple(...principals.map(() => fc.subarray(grants, { maxLength: 4 }))),
        members: fc.tuple(...groupLinks.map(() => fc.subarray(userLinks.map(({ awsUser }) => awsUser)))),
      })
      .map(({ held, members }) => ({
        view: linked,
        world: {
          users: new Map(
            userLinks.map(({ awsUser, pushed }) => [
              awsUser,
              { id: awsUser, userName: pushed.userName, displayName: '', email: '', active: pushed.active },
            ]),
          ),
          groups: new Map(
            groupLinks.map(({ awsGroup, pushedTitle }, index) => [
              awsGroup,
              { id: awsGroup, displayName: pushedTitle, members: new Set(members[index] ?? []) },
            ]),
          ),
          assignments: new Map(principals.map((principal, index) => [principal, new Set(held[index] ?? [])])),
        } satisfies World,
      }))
  })

const plan = (
  view: OrganizationView,
  observed: ObservedState,
  memory: Memory = EMPTY,
  uncertain: ReadonlySet<Thing> = new Set(),
) =>
  planChanges({ view, desired: computeDesiredState(view, NOW), observed, memory, adoptedAccounts, uncertain, now: NOW })

/** Does to a world what AWS would do, and to the links what the engine would. */
function applyTo(
  view: OrganizationView,
  world: World,
  operations: readonly Operation[],
): { view: OrganizationView; world: World } {
  let { userLinks, groupLinks } = view
  for (const operation of operations) {
    switch (operation.kind) {
      case 'create-assignment':
      case 'delete-assignment': {
        const principal = awsPrincipalOf(operation.principal)
        if (!principal) break
        const held = world.assignments.get(awsPrincipalKey(principal)) ?? new Set<GrantKey>()
        if (operation.kind === 'create-assignment') held.add(operation.grant)
        else held.delete(operation.grant)
        world.assignments.set(awsPrincipalKey(principal), held)
        break
      }
      case 'add-member':
      case 'remove-member': {
        const { awsGroup } = operation.group
        const { awsUser } = operation.member
        if (awsGroup === undefined || awsUser === undefined) break
        if (operation.kind === 'add-member') world.groups.get(awsGroup)?.members.add(awsUser)
        else world.groups.get(awsGroup)?.members.delete(awsUser)
        break
      }
      case 'update-user':
        world.users.set(operation.awsUser, { id: operation.awsUser, ...operation.profile })
        userLinks = userLinks.map((link) =>
          link.user === operation.user ? { ...link, pushed: operation.profile } : link,
        )
        break
      case 'rename-group': {
        const group = world.groups.get(operation.awsGroup)
        if (group) world.groups.set(operation.awsGroup, { ...group, displayName: operation.title })
        groupLinks = groupLinks.map((link) =>
          link.group === operation.group ? { ...link, pushedTitle: operation.title } : link,
        )
        break
      }
      case 'delete-group':
        world.groups.delete(operation.awsGroup)
        groupLinks = groupLinks.filter((link) => link.group !== operation.group)
        break
      case 'create-group': {
        const list = view.lists.find(({ id }) => operation.group.startsWith(`${id}/`))
        if (!list) break
        const side = operation.group === groupKey(list.id, 'owners') ? 'owners' : 'members'
        const link = aGroupLink(list, side, { pushedTitle: operation.title })
        groupLinks = [...groupLinks, link]
        world.groups.set(link.awsGroup, { id: link.awsGroup, displayName: operation.title, members: new Set() })
        world.assignments.set(awsPrincipalKey({ type: 'GROUP', id: link.awsGroup }), new Set())
        break
      }
      case 'create-user':
      case 'delete-user':
        throw new Error(`${operation.kind}: these worlds have every user`)
    }
  }
  return { view: createView({ ...view, userLinks, groupLinks }), world }
}

describe('a plan', () => {
  it('is empty once it has been applied', () => {
    fc.assert(
      fc.property(linkedWorlds(), ({ view, world }) => {
        let state: { view: OrganizationView; world: World } = { view, world }
        // A group goes after its assignments, and is made before its members: two rounds are the longest way.
        for (let round = 0; round < 2; round++)
          state = applyTo(state.view, state.world, plan(state.view, state.world).operations)
        expect(plan(state.view, state.world).operations).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('never names a principal without a link, nor an account outside the filter', () => {
    fc.assert(
      fc.property(
        linkedWorlds(),
        fc.subarray([...A_CATALOGUE.accounts.keys()], { minLength: 1 }),
        ({ view, world }, inside) => {
          const [firstUser] = view.userLinks
          const [firstGroup] = view.groupLinks
          const catalogue = {
            ...view.catalogue,
            accounts: new Map([...view.catalogue.accounts].filter(([id]) => inside.includes(id))),
          }
          const narrowed = createView({
            ...view,
            catalogue,
            userLinks: view.userLinks.slice(1),
            groupLinks: view.groupLinks.slice(1),
          })
          for (const operation of plan(narrowed, world).operations) {
            const text = JSON.stringify(operation)
            if (firstUser && operation.kind !== 'remove-member') expect(text).not.toContain(`"${firstUser.awsUser}"`)
            if (firstGroup) expect(text).not.toContain(`"${firstGroup.awsGroup}"`)
            if (operation.kind === 'create-assignment' || operation.kind === 'delete-assignment')
              expect(inside.some((id) => operation.grant.startsWith(id))).toBe(true)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes away as foreign what nobody ever wanted, and as decided what an event explains', () => {
    const ana = aUser('ana', { roles: [on(READ_ONLY, PROD)] })
    const link = aUserLink(ana)
    const view = aView({ users: [ana], userLinks: [link] })
    const principal = awsPrincipalKey({ type: 'USER', id: link.awsUser })
    const users = new Map([
      [link.awsUser, { id: link.awsUser, userName: ana.name, displayName: '', email: '', active: true }],
    ])
    const extra = grantKey({ account: SANDBOX.id, permissionSet: ADMIN.arn })
    const observed: ObservedState = {
      users,
      groups: new Map(),
      assignments: new Map([
        [principal, new Set([grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn }), extra])],
      ]),
    }
    const causeOf = (memory: Memory) =>
      plan(view, observed, memory).operations.flatMap((one) => (one.kind === 'delete-assignment' ? [one.cause] : []))
    expect(causeOf(EMPTY)).toEqual([{ kind: 'foreign' }])
    const remembered = new Map([
      [`${principal}|${extra}` as const, { confirmed: true, subjects: [`user:${userId('ana')}` as const] }],
    ])
    expect(causeOf({ ...EMPTY, assignments: remembered })).toEqual([{ kind: 'disappeared' }])
    expect(
      causeOf({
        ...EMPTY,
        assignments: remembered,
        decidedSince: new Map([[`user:${userId('ana')}` as const, 'event-1']]),
      }),
    ).toEqual([{ kind: 'decided', event: 'event-1' }])
  })

  it('leaves AWS the name that it has of somebody, also when all else is written anew, until it is another here', () => {
    const ana = aUser('ana')
    const link = aUserLink(ana, { awsUserName: 'Ana@acme.example' })
    const observed: ObservedState = {
      users: new Map([
        [link.awsUser, { id: link.awsUser, userName: 'Ana@acme.example', displayName: '', email: '', active: true }],
      ]),
      groups: new Map(),
      assignments: new Map(),
    }
    const changesFor = (user: typeof ana, ...uncertain: readonly Thing[]) =>
      plan(aView({ users: [user], userLinks: [link] }), observed, EMPTY, new Set(uncertain)).operations.flatMap(
        (operation) => (operation.kind === 'update-user' ? [Object.keys(operation.changes)] : []),
      )
    expect(changesFor(ana)).toEqual([])
    expect(changesFor(ana, `user ${link.awsUser}`)[0]).not.toContain('userName')
    expect(changesFor({ ...ana, name: 'ana.b@acme.example' as typeof ana.name })[0]).toContain('userName')
  })

  it('grants what is new although what is removed in AWS is only reported', () => {
    const ana = aUser('ana', { roles: [on(READ_ONLY, PROD)] })
    const link = aUserLink(ana)
    const organization = anOrganization({
      driftPolicy: { ...anOrganization().driftPolicy, 'assignment-removed': 'report' },
    })
    const view = aView({ organization, users: [ana], userLinks: [link] })
    const principal = awsPrincipalKey({ type: 'USER', id: link.awsUser })
    const observed: ObservedState = {
      users: new Map([
        [link.awsUser, { id: link.awsUser, userName: ana.name, displayName: '', email: '', active: true }],
      ]),
      groups: new Map(),
      assignments: new Map([[principal, new Set()]]),
    }
    const key = `${principal}|${grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })}` as const
    const kindsWith = (remembered: Remembered): readonly string[] => {
      const { operations, drift } = plan(view, observed, { ...EMPTY, assignments: new Map([[key, remembered]]) })
      return [...operations, ...drift].map(({ kind }) => kind)
    }
    expect(kindsWith({ confirmed: false, subjects: [] })).toEqual(['create-assignment'])
    expect(kindsWith({ confirmed: true, subjects: [] })).toEqual(['assignment-removed'])
  })

  it('writes again what is wanted, and takes away what is not, where a write has an unknown effect', () => {
    fc.assert(
      fc.property(linkedWorlds(), ({ view, world }) => {
        let state: { view: OrganizationView; world: World } = { view, world }
        for (let round = 0; round < 2; round++)
          state = applyTo(state.view, state.world, plan(state.view, state.world).operations)
        // What AWS has is right, and nobody knows it of anything. The management account has rules of its own.
        const doubts = [...state.world.assignments].flatMap(([principal, held]) =>
          [...held].filter((grant) => !grant.startsWith(MANAGEMENT.id)).map((grant): Thing => `${principal}|${grant}`),
        )
        const { userLinks, groupLinks } = state.view
        const grant = grantKey({ account: SANDBOX.id, permissionSet: ADMIN.arn })
        const foreign: Thing[] = [
          ...userLinks.map(({ awsUser }) => assignmentKey({ type: 'USER', id: awsUser }, grant)),
          ...groupLinks.map(({ awsGroup }) => assignmentKey({ type: 'GROUP', id: awsGroup }, grant)),
        ]
        const operations = plan(state.view, state.world, EMPTY, new Set([...doubts, ...foreign])).operations
        const written = (kind: Operation['kind']) =>
          operations
            .filter((one) => one.kind === kind)
            .flatMap(thingsOf)
            .toSorted()
        expect(written('create-assignment')).toEqual(doubts.toSorted())
        expect(written('delete-assignment')).toEqual(foreign.filter((one) => !doubts.includes(one)).toSorted())
        expect(operations.map(({ kind }) => kind)).not.toContain('delete-group')
      }),
      { numRuns: 100 },
    )
  })

  it('makes a locked user inactive before anything else is changed in AWS, which may refuse it', () => {
    const link = aUserLink(aUser('ana'))
    const { id, ...ana } = aUser('ana', { traits: { display_name: ['Ana B'] } })
    const named = { id: link.awsUser, userName: ana.name, displayName: '', email: '', active: true }
    const observed: ObservedState = {
      users: new Map([[link.awsUser, named]]),
      groups: new Map(),
      assignments: new Map(),
    }
    const changesWith = (pushed: typeof link.pushed): readonly unknown[] => {
      const locks = [aLock({ kind: 'user', user: id })]
      const view = aView({ users: [{ id, ...ana }], locks, userLinks: [{ ...link, pushed }] })
      const { operations } = plan(view, {
        ...observed,
        users: new Map([[link.awsUser, { ...named, active: pushed.active }]]),
      })
      return operations.map((operation) => operation.kind === 'update-user' && [operation.changes, operation.profile])
    }
    const inactive = { ...link.pushed, active: false }
    expect(changesWith(link.pushed)).toEqual([[{ active: false }, inactive]])
    expect(changesWith(inactive)).toEqual([[{ displayName: 'Ana B' }, { ...inactive, displayName: 'Ana B' }]])
  })

  it('removes nothing in an account that has vanished', () => {
    const ana = aUser('ana', {
      roles: [{ name: on(READ_ONLY, PROD), pinned: { account: PROD.id, permissionSet: READ_ONLY.arn } }],
    })
    const link = aUserLink(ana)
    const catalogue = { ...A_CATALOGUE, accounts: new Map([...A_CATALOGUE.accounts].filter(([id]) => id !== PROD.id)) }
    const view = aView({ users: [ana], userLinks: [link], catalogue })
    const principal = awsPrincipalKey({ type: 'USER', id: link.awsUser })
    const users = new Map([
      [link.awsUser, { id: link.awsUser, userName: ana.name, displayName: '', email: '', active: true }],
    ])
    const observed: ObservedState = {
      users,
      groups: new Map(),
      assignments: new Map([[principal, new Set([grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })])]]),
    }
    expect(plan(view, observed).operations).toEqual([])
  })

  it('writes no user in hybrid mode', () => {
    const ana = aUser('ana')
    const view = aView({
      organization: anOrganization({ hybrid: true }),
      users: [ana],
      lists: [aList('team', { members: ['ana'], grants: [on(ADMIN, PROD)] })],
    })
    const kinds = plan(view, { users: new Map(), groups: new Map(), assignments: new Map() }).operations.map(
      ({ kind }) => kind,
    )
    expect(kinds).toEqual(['create-group', 'create-assignment'])
  })
})
