import { describe, expect, it } from 'vitest'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import { awsPrincipalKey, type GrantKey, grantKey } from '../identity-center/account-assignment.ts'
import { days, type Instant, minus, plus } from '../kernel/instant.ts'
import { groupKey } from '../organizations/link.ts'
import { applyGuard } from '../plan/guard.ts'
import { assignmentKey } from '../plan/memory.ts'
import { removalOf } from '../plan/operation.ts'
import { planChanges } from '../plan/plan-changes.ts'
import {
  A_CATALOGUE,
  ADMIN,
  aGroupLink,
  aList,
  aMember,
  aMemberList,
  aRole,
  aUser,
  aUserLink,
  aView,
  listId,
  NOW,
  on,
  PROD,
  READ_ONLY,
  references,
  roleName,
  SANDBOX,
  userId,
} from '../testing/builders.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { effectiveTraits } from '../roles/effective-traits.ts'
import { type AccessList, DEFAULT_SCHEDULE, type ReviewSchedule } from './access-list.ts'
import { reviewStatusOf } from './review-status.ts'

const GRACE = days(7)
const due = (nextAuditDate: Instant, more: Partial<ReviewSchedule> = {}): ReviewSchedule => ({
  ...DEFAULT_SCHEDULE,
  nextAuditDate,
  suspendAfter: GRACE,
  ...more,
})
const OVERDUE = due(minus(NOW, GRACE))
const grantsOf = (view: OrganizationView, list: string, now = NOW): readonly GrantKey[] => [
  ...(computeDesiredState(view, now)
    .groups.get(groupKey(listId(list), 'members'))
    ?.assignments.keys() ?? []),
]
const membersOf = (view: OrganizationView, list: string): readonly string[] => [
  ...(computeDesiredState(view, NOW)
    .membersOf.get(groupKey(listId(list), 'members'))
    ?.keys() ?? []),
]
const platform = (audit: ReviewSchedule) =>
  aList('platform', { owners: ['boris'], members: ['ana'], grants: [on(READ_ONLY, PROD)], audit })
const GRANT = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })

describe('a list whose review is overdue', () => {
  it('goes on giving until its grace is over, and for ever where no grace is set', () => {
    const justBefore = aView({ users: [aUser('ana')], lists: [platform(OVERDUE)] })
    expect(grantsOf(justBefore, 'platform', minus(NOW, days(1)))).toEqual([GRANT])
    const { suspendAfter: _, ...forever } = due(minus(NOW, days(400)))
    expect(grantsOf(aView({ users: [aUser('ana')], lists: [platform(forever)] }), 'platform')).toEqual([GRANT])
  })
  it('then gives nothing, says so, and keeps its members', () => {
    const view = aView({ users: [aUser('ana')], lists: [platform(OVERDUE)] })
    expect(grantsOf(view, 'platform')).toEqual([])
    expect(membersOf(view, 'platform')).toEqual([userId('ana')])
    expect(view.listById.get(listId('platform'))?.members).toHaveLength(1)
    expect(computeDesiredState(view, NOW).users.get(userId('ana'))?.withheld).toEqual([
      expect.objectContaining({ list: 'platform', reason: expect.stringContaining('suspended') as string }),
    ])
    expect(reviewStatusOf(platform(OVERDUE), NOW)).toMatchObject({ state: 'overdue', suspended: true, suspendsAt: NOW })
  })
  it('gives everything back when it is reviewed', () => {
    const reviewed = platform(due(plus(NOW, days(90))))
    expect(grantsOf(aView({ users: [aUser('ana')], lists: [reviewed] }), 'platform')).toEqual([GRANT])
  })
  it('lets nobody be in other lists through it, and leaves those who are in them by themselves', () => {
    const outer = aList('outer', { members: ['eva', aMemberList('platform')], grants: [on(ADMIN, SANDBOX)] })
    const users = [aUser('ana'), aUser('eva')]
    expect(membersOf(aView({ users, lists: [outer, platform(due(NOW))] }), 'outer').toSorted()).toEqual(
      [userId('ana'), userId('eva')].toSorted(),
    )
    expect(membersOf(aView({ users, lists: [outer, platform(OVERDUE)] }), 'outer')).toEqual([userId('eva')])
  })
  it('is looked at again by itself when the grace ends', () => {
    const view = aView({ users: [aUser('ana')], lists: [platform(due(NOW))] })
    expect(computeDesiredState(view, NOW).nextChangeAt).toBe(plus(NOW, GRACE))
  })
  it('is never suspended where it is kept elsewhere', () => {
    const kept = aList('kept', { type: 'static', members: ['ana'], grants: [on(READ_ONLY, PROD)], audit: OVERDUE })
    expect(grantsOf(aView({ users: [aUser('ana')], lists: [kept] }), 'kept')).toEqual([GRANT])
    expect(reviewStatusOf(kept, NOW)).toBeUndefined()
  })
})

describe('the roles and traits of a suspended list', () => {
  const crew = (audit: ReviewSchedule): AccessList => ({
    ...aList('crew', { members: ['ana'], audit }),
    grants: { roles: references(['helper', 'guard']), traits: { team: ['crew'] } },
  })
  const roles = [aRole('helper', { allow: { appLabels: {} } }), aRole('guard', { deny: { assignments: [['*', '*']] } })]
  it('are given no more, and what they forbid stays forbidden', () => {
    const ana = aUser('ana', { roles: ['guard'] })
    for (const [audit, given] of [
      [due(NOW), true],
      [OVERDUE, false],
    ] as const) {
      const view = aView({ users: [ana], roles, lists: [crew(audit)] })
      const effective = effectiveRoles(ana, view, NOW)
      expect(effective.names.has(roleName('helper'))).toBe(given)
      expect(effective.names.has(roleName('guard'))).toBe(true)
      expect(effective.denying.map(({ name }) => name)).toContain('helper')
      expect(effectiveTraits(ana, view, NOW)).toEqual(given ? { team: ['crew'] } : {})
    }
  })
})

describe('what a suspension takes away in AWS', () => {
  it('names the list, and is not held back however much it is', () => {
    const names = Array.from({ length: 30 }, (_, index) => `user-${index}`)
    const users = names.map((name) => aUser(name))
    const inner = aList('inner', { members: names.map((name) => aMember(name)), audit: OVERDUE })
    const outer = aList('outer', { members: [aMemberList('inner')], grants: [on(ADMIN, SANDBOX)] })
    const list = platform(OVERDUE)
    const lists = [inner, outer, list]
    const userLinks = users.map((user) => aUserLink(user))
    const groupLinks = lists.map((one) => aGroupLink(one))
    const view = aView({ users, lists, userLinks, groupLinks })
    const [outerGroup, group] = [groupLinks[1]?.awsGroup, groupLinks[2]?.awsGroup]
    if (!outerGroup || !group) throw new Error('unreachable')
    const principal = { type: 'GROUP', id: group } as const
    const operations = planChanges({
      view,
      desired: computeDesiredState(view, NOW),
      observed: {
        users: new Map(
          userLinks.map(({ awsUser, pushed }) => [
            awsUser,
            { id: awsUser, userName: pushed.userName, displayName: '', email: '', active: true },
          ]),
        ),
        groups: new Map(
          groupLinks.map(({ awsGroup, pushedTitle }) => [
            awsGroup,
            {
              id: awsGroup,
              displayName: pushedTitle,
              members: new Set(awsGroup === outerGroup ? userLinks.map(({ awsUser }) => awsUser) : []),
            },
          ]),
        ),
        assignments: new Map([[awsPrincipalKey(principal), new Set([GRANT])]]),
      },
      memory: {
        assignments: new Map([[assignmentKey(principal, GRANT), { confirmed: true, subjects: ['list:platform'] }]]),
        members: new Map(
          userLinks.map(({ awsUser, user }) => [
            `${outerGroup}|${awsUser}`,
            { confirmed: true, subjects: [`user:${user}`, 'list:inner', 'list:outer'] },
          ]),
        ),
        decidedSince: new Map(),
      },
      adoptedAccounts: new Set(A_CATALOGUE.accounts.keys()),
      uncertain: new Set(),
      now: NOW,
    }).operations
    const removals = operations.flatMap((operation) => removalOf(operation) ?? [])
    expect(
      new Set(removals.map(({ kind, cause }) => `${kind} ${cause.kind === 'suspended' ? cause.list : ''}`)),
    ).toEqual(new Set(['assignment platform', 'member inner']))
    expect(removals).toHaveLength(31)
    const { held } = applyGuard(operations, {
      budget: { atLeast: 0, percent: 0 },
      managed: { assignment: 1, member: 30, group: 3, user: 30 },
      used: { assignment: 0, member: 0, group: 0, user: 0 },
      released: new Set(),
      doubtful: new Set(['assignment', 'member']),
    })
    expect(held).toEqual([])
  })
})
