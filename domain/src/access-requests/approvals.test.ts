import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { desiredForUser } from '../desired-state/desired-for.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { days, hours, plus } from '../kernel/instant.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import type { Threshold } from '../roles/role.ts'
import {
  A_CATALOGUE,
  aList,
  aMember,
  aMemberList,
  anAccount,
  aPermissionSet,
  aRole,
  asking,
  aUser,
  aView,
  BILLING,
  listId,
  NOW,
  problemOf,
  PROD,
  READ_ONLY,
  requestId,
  SANDBOX,
  withThresholds,
} from '../testing/index.ts'
import type { User } from '../users/user.ts'
import { type AccessRequest, isInForce, type Review, rowsOf } from './access-request.ts'
import { leftOut } from './left-out.ts'
import { needsOf } from './needs.ts'
import { returnAccess } from './return-access.ts'
import { reviewRequest, type ReviewWish } from './review-request.ts'
import { PERSON_LABEL } from './reviewers.ts'
import { describeRows } from './rows.ts'
import { beginAccess, isToBegin } from './settle.ts'
import { shownText } from './shown.ts'
import { resolution } from './thresholds.ts'
import { unusualNames } from './unusual-names.ts'

const ana = aUser('ana', { roles: ['requester'] })
const bruno = aUser('bruno', { roles: ['reviewer'] })
const carla = aUser('carla', { roles: ['reviewer'] })
const dora = aUser('dora', { roles: ['reviewer'] })
const scene = aView({ users: [ana, bruno, carla, dora], roles: PRESET_ROLES })
const READ_PROD = `${PROD.id}--readonlyaccess`
const READ_SANDBOX = `${SANDBOX.id}--readonlyaccess`
const id = (name: string): string => `/acme/aws_ic_account_assignment/${name}`

const { file } = asking(scene, ana)
const review = (
  request: AccessRequest,
  by: User,
  wish: Partial<ReviewWish> = {},
  { view = scene, now = NOW, shown = 'a' } = {},
): AccessRequest =>
  reviewRequest(request, by, { verdict: 'approve', reason: 'ok', shown, ...wish }, { view, now, shown })
const heldBy = (request: AccessRequest, now = NOW): readonly string[] => [
  ...desiredForUser(ana, aView({ ...scene, requests: [request] }), now).assignments.keys(),
]

describe('an approval', () => {
  const pending = file({ resourceIds: [id(READ_PROD)] })
  const twoEyes = withThresholds(pending, { name: 'two', approve: 2, deny: 2 })

  it('D4-22 is refused for anything but what its author was shown', () => {
    expect(problemOf(() => review(pending, bruno, { shown: 'b' }))?.code).toBe('conflict')
    expect(
      problemOf(() =>
        reviewRequest(pending, bruno, { verdict: 'approve', reason: '' }, { view: scene, now: NOW, shown: 'a' }),
      ),
    ).toMatchObject({ code: 'invalid-value', field: 'shown' })
  })
  it('D4-22 does not count any more once a permission set has changed, and its author may look again', () => {
    const once = review(twoEyes, bruno)
    const changed = review(once, carla, {}, { shown: 'b' })
    expect(changed).toMatchObject({ state: 'pending', reviews: [{ isVoid: true }, { shown: 'b' }] })
    expect(review(changed, bruno, {}, { shown: 'b' }).state).toBe('approved')
  })
  it('is not touched by a denial, which needs nothing of AWS', () => {
    const once = review(twoEyes, bruno)
    const denied = reviewRequest(once, carla, { verdict: 'deny', reason: 'no' }, { view: scene, now: NOW })
    expect(denied.reviews.map(({ isVoid }) => isVoid)).toEqual([undefined, undefined])
    expect(denied.state).toBe('pending')
  })
  it('D4-7 D4-8 is for everything that the request says: nothing of it can change without another text', () => {
    const text = shownText(pending, scene, new Map())
    const changes: Partial<AccessRequest>[] = [
      { duration: hours(12) },
      { reason: 'something else' },
      { user: bruno.id },
      { assumeStartTime: plus(NOW, hours(1)) },
      { resources: pending.resources.map((resource) => ({ ...resource, account: SANDBOX.id })) },
      { roles: [] },
    ]
    for (const change of changes)
      // The fields of a state stay those of the state.
      expect(shownText({ ...pending, ...change } as AccessRequest, scene, new Map())).not.toBe(text)
  })
  it('D4-22 D4-23 is for the permission set as AWS tells it and for the place of the account', () => {
    const reading = { ...READ_ONLY, policies: { managedPolicies: ['ReadOnly'], customerManagedPolicies: [] } }
    const text = (change: object = {}, account = PROD): string =>
      shownText(
        pending,
        aView({ ...scene, catalogue: createCatalogue([account], [READ_ONLY]) }),
        new Map([[READ_ONLY.arn, { ...reading, ...change }]]),
      )
    const before = text()
    expect(text({ description: 'more' })).not.toBe(before)
    expect(text({ sessionDuration: 'PT12H' })).not.toBe(before)
    expect(text({ policies: { managedPolicies: ['Admin'], customerManagedPolicies: [] } })).not.toBe(before)
    expect(text({ policies: undefined })).not.toBe(before)
    expect(text({}, { ...PROD, parents: [{ id: 'ou-elsewhere' }] })).not.toBe(before)
    expect(text({}, { ...PROD, name: 'renamed' })).not.toBe(before)
    expect(text()).toBe(before)
  })
  it('D4-25 comes with a warning about names whose letters look like others', () => {
    const account = anAccount('pr\u043ed', PROD.id)
    const view = aView({ ...scene, catalogue: createCatalogue([account], [READ_ONLY]) })
    expect(unusualNames(pending, view)).toEqual([
      `The name of the account pr\\u{43e}d (${PROD.id}) holds letters that may look like others.`,
    ])
    expect(unusualNames(pending, scene)).toEqual([])
  })
})

describe('one human being with two accounts (D4-2)', () => {
  const label = { [PERSON_LABEL]: '4711' }
  const other = aUser('ana-admin', { roles: ['reviewer'], labels: label })
  const requester = aUser('ana', { roles: ['requester'], labels: label })
  it('does not decide on what the other account asks for', () => {
    const view = aView({ users: [requester, other], roles: PRESET_ROLES })
    const request = file({ resourceIds: [id(READ_PROD)] }, view, requester)
    expect(problemOf(() => review(request, other, {}, { view }))?.code).toBe('refused')
  })
  it('counts once', () => {
    const twin = aUser('bruno2', { roles: ['reviewer'], labels: label })
    const view = aView({ users: [ana, other, twin], roles: PRESET_ROLES })
    const request = withThresholds(file({ resourceIds: [id(READ_PROD)] }, view), { name: '', approve: 2, deny: 1 })
    expect(problemOf(() => review(review(request, other, {}, { view }), twin, {}, { view }))?.code).toBe('conflict')
  })
})

describe('part of a request', () => {
  const both = file({ resourceIds: [id(READ_PROD), id(READ_SANDBOX)] })
  it('is approved by itself, and the rest is denied', () => {
    const done = review(both, bruno, { rows: [READ_SANDBOX] })
    expect(done.state).toBe('approved')
    expect(describeRows(done).map(({ name, state }) => [name, state])).toEqual([
      [READ_PROD, 'denied'],
      [READ_SANDBOX, 'approved'],
    ])
    expect(heldBy(done)).toEqual([`${SANDBOX.id}|${READ_ONLY.arn}`])
  })
  it('waits until every row is decided', () => {
    const two = withThresholds(both, { name: 'two', approve: 2, deny: 2 })
    const first = review(review(two, bruno, { rows: [READ_PROD] }), carla, { rows: [READ_PROD] })
    expect(first).toMatchObject({ state: 'approved', rowsOut: [{ why: 'denied' }] })
    const mixed = review(review(two, bruno, { rows: [READ_PROD] }), carla)
    expect(mixed.state).toBe('pending')
    expect(review(mixed, dora, { rows: [READ_SANDBOX] })).toMatchObject({ state: 'approved', rowsOut: [] })
  })
  it('is a role of a role request too', () => {
    const view = aView({
      users: [aUser('ana', { roles: ['asker'] }), bruno],
      roles: [
        ...PRESET_ROLES,
        aRole('asker', { allow: { request: { roles: ['reader', 'payer'] } } }),
        aRole('all', { allow: { reviewRequests: ['*'] } }),
        aRole('reader', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } }),
        aRole('payer', { allow: { assignments: [[PROD.id, BILLING.arn]] } }),
      ],
    })
    const boss = aUser('bruno', { roles: ['all'] })
    const request = file({ roles: ['reader', 'payer'] }, view, view.users[0] ?? ana)
    const done = review(request, boss, { rows: ['payer'] }, { view: aView({ ...view, users: [...view.users, boss] }) })
    expect([
      ...desiredForUser(view.users[0] ?? ana, aView({ ...view, requests: [done] }), NOW).assignments.keys(),
    ]).toEqual([`${PROD.id}|${BILLING.arn}`])
  })
  it('has to be named as it is, and a denial is about all', () => {
    expect(problemOf(() => review(both, bruno, { rows: ['nothing'] }))).toMatchObject({ field: 'rows' })
    expect(problemOf(() => review(both, bruno, { rows: [] }))?.code).toBe('refused')
    expect(problemOf(() => review(both, bruno, { verdict: 'deny', rows: [READ_PROD] }))?.code).toBe('refused')
  })
  it('never gives more than whoever approved it, and never both gives and denies a row', () => {
    const rows = rowsOf(both)
    const reviews = fc.array(
      fc.record({
        verdict: fc.constantFrom('approve' as const, 'deny' as const),
        rows: fc.option(fc.subarray([...rows], { minLength: 1 }), { nil: undefined }),
        isVoid: fc.boolean(),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(reviews, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }), (drawn, approve, deny) => {
        const request = withThresholds(both, { name: '', approve, deny })
        const filed = drawn.map((one, index): Review => {
          const { rows: only, ...rest } = one
          const author = aUser(`reviewer-${index}`).id
          return { ...rest, author, reason: '', at: NOW, ...(only && one.verdict === 'approve' ? { rows: only } : {}) }
        })
        const outcome = resolution(request, filed)
        if (outcome?.verdict !== 'approved') return
        for (const row of rows) {
          if (outcome.denied.includes(row)) continue
          const agreeing = filed.filter(
            (one) => !one.isVoid && one.verdict === 'approve' && (one.rows?.includes(row) ?? true),
          )
          expect(agreeing.length).toBeGreaterThanOrEqual(approve)
        }
        expect(outcome.denied.length).toBeLessThan(rows.length)
      }),
    )
  })
})

describe('access that begins later', () => {
  const start = plus(NOW, hours(2))
  const planned = review(file({ resourceIds: [id(READ_PROD)], assumeStartTime: start }), bruno)
  it('gives nothing before its permission sets were read at its start', () => {
    expect(planned).toMatchObject({ state: 'approved', startsAt: start })
    expect(isToBegin(planned, NOW)).toBe(false)
    expect(isToBegin(planned, start)).toBe(true)
    expect(heldBy(planned, start)).toEqual([])
    expect(heldBy(beginAccess(planned, { view: scene, now: start, shown: 'a' }), start)).toHaveLength(1)
  })
  it('D4-22 does not begin when what was approved has changed: the approval is void and somebody has to look again', () => {
    const again = beginAccess(planned, { view: scene, now: start, shown: 'b' })
    expect(again).toMatchObject({ state: 'pending', reviews: [{ isVoid: true }] })
    expect(again.pendingUntil).toBe(plus(start, days(7)))
    expect('expiresAt' in again).toBe(false)
    expect(review(again, bruno, {}, { now: start, shown: 'b' })).toMatchObject({ state: 'approved', startsAt: start })
  })
})

describe('a role that changes while it is lent', () => {
  const lent = aRole('lent', {
    allow: {
      assignments: [
        [PROD.id, READ_ONLY.arn],
        [SANDBOX.id, READ_ONLY.arn],
      ],
    },
  })
  const asker = aUser('ana', { roles: ['asker'] })
  const judge = aUser('judge', { roles: ['judge'] })
  const others = [
    aRole('asker', { allow: { request: { roles: ['lent'] } } }),
    aRole('judge', { allow: { reviewRequests: ['*'] } }),
  ]
  const view = aView({ users: [asker, judge], roles: [...others, lent] })
  const running = review(file({ roles: ['lent'] }, view, asker), judge, {}, { view })
  const heldWith = (role: typeof lent): number =>
    desiredForUser(asker, aView({ ...view, roles: [...others, role], requests: [running] }), NOW).assignments.size
  it('gives no more than was approved, and less when it is narrowed', () => {
    expect(heldWith(lent)).toBe(2)
    expect(heldWith(aRole('lent', { allow: { assignments: [['*', '*']] } }))).toBe(2)
    expect(heldWith(aRole('lent', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } }))).toBe(1)
    expect(heldWith(aRole('lent', { allow: { assignments: [[PROD.id, BILLING.arn]] } }))).toBe(0)
  })
})

describe('access that is returned', () => {
  const running = review(file({ resourceIds: [id(READ_PROD), id(READ_SANDBOX)] }), bruno)
  const later = plus(NOW, hours(1))
  it('ends at once, row by row or all of it', () => {
    const less = returnAccess(running, [READ_PROD], later)
    expect(heldBy(less, later)).toEqual([`${SANDBOX.id}|${READ_ONLY.arn}`])
    expect(describeRows(less).map(({ state }) => state)).toEqual(['returned', 'approved'])
    expect(describeRows(returnAccess(running, [READ_PROD], later, bruno.id)).map(({ returned }) => returned)).toEqual([
      expect.objectContaining({ at: later, by: bruno.id }),
      undefined,
    ])
    const none = returnAccess(less, undefined, later)
    expect([heldBy(none, later), isInForce(none, later)]).toEqual([[], false])
  })
  it('can not be returned twice, nor before it was approved', () => {
    const less = returnAccess(running, [READ_PROD], later)
    expect(problemOf(() => returnAccess(less, [READ_PROD], later))?.code).toBe('invalid-value')
    expect(problemOf(() => returnAccess(returnAccess(running, undefined, later), undefined, later))?.code).toBe(
      'conflict',
    )
    expect(problemOf(() => returnAccess(file({ resourceIds: [id(READ_PROD)] }), undefined, NOW))?.code).toBe('conflict')
  })
})

describe('access that is prolonged', () => {
  const running = {
    ...review(file({ resourceIds: [id(READ_PROD)], duration: hours(2) }), bruno),
    id: requestId('first'),
  }
  const view = aView({ ...scene, requests: [running] })
  it('is the same again, and ends so much after the end of the first', () => {
    const longer = file({ prolongs: 'first', duration: hours(3) }, view, ana, 'r', plus(NOW, hours(1)))
    expect(longer).toMatchObject({ prolongs: 'first', resources: running.resources })
    const done = review(longer, bruno, {}, { view, now: plus(NOW, hours(1)) })
    expect(done).toMatchObject({ startsAt: plus(NOW, hours(1)), expiresAt: plus(NOW, hours(5)) })
  })
  it('leaves no gap and no end of the first in between', () => {
    const done = review(file({ prolongs: 'first', duration: hours(1) }, view), bruno, {}, { view })
    const both = aView({ ...scene, requests: [running, done] })
    for (const hour of [0, 1, 2, 2.5])
      expect(desiredForUser(ana, both, plus(NOW, hours(hour))).assignments.size).toBe(1)
    expect(desiredForUser(ana, both, plus(NOW, hours(3))).assignments.size).toBe(0)
  })
  it('counts from its approval when the first has ended by then', () => {
    const longer = file({ prolongs: 'first', duration: hours(1) }, view)
    const late = plus(NOW, hours(6))
    expect(review(longer, bruno, {}, { view, now: late })).toMatchObject({ expiresAt: plus(late, hours(1)) })
  })
  it('is one’s own and running, and never lasts longer than fourteen days from its beginning', () => {
    expect(problemOf(() => file({ prolongs: 'first' }, view, bruno))?.code).toBe('not-found')
    expect(problemOf(() => file({ prolongs: 'first' }, view, ana, 'r', plus(NOW, hours(2))))?.code).toBe('refused')
    expect(problemOf(() => file({ prolongs: 'first', roles: ['x'] }, view))?.code).toBe('refused')
    const long = { ...running, expiresAt: plus(NOW, days(13)) }
    const withLong = aView({ ...scene, requests: [long] })
    const days10 = { ...file({ prolongs: 'first' }, withLong), duration: days(10) }
    expect(review(days10, bruno, {}, { view: withLong })).toMatchObject({ expiresAt: plus(NOW, days(14)) })
  })
})

describe('a bundle', () => {
  const bundle = {
    name: 'everywhere' as never,
    title: '',
    description: '',
    labels: {},
    accounts: [{ name: '*' as never }],
    permissionSets: ['ReadOnlyAccess' as never],
    exclude: { accounts: [{ id: A_CATALOGUE.accounts.keys().next().value as never }], permissionSets: [] },
    revision: 1,
  }
  it('is asked for as one and resolved when it is filed; each row is decided and ended by itself', () => {
    const view = aView({ ...scene, bundles: [bundle] })
    const request = file({ bundles: ['Everywhere'] }, view)
    expect(request.bundles).toEqual(['everywhere'])
    expect(request.resources.map(({ accountName }) => accountName)).toEqual(['prod', 'sandbox', 'staging'])
    const done = review(request, bruno, { rows: [READ_PROD, READ_SANDBOX] }, { view })
    expect(describeRows(returnAccess(done, [READ_PROD], NOW)).map(({ state }) => state)).toEqual([
      'returned',
      'approved',
      'denied',
    ])
  })
  it('does not exist for somebody who may ask for nothing of it, like one that is not there', () => {
    expect(problemOf(() => file({ bundles: ['everywhere'] }))?.code).toBe('not-found')
    const empty = aView({ ...scene, bundles: [{ ...bundle, permissionSets: ['None' as never] }] })
    expect(problemOf(() => file({ bundles: ['everywhere'] }, empty))?.code).toBe('not-found')
    const view = aView({ ...scene, bundles: [bundle] })
    expect(problemOf(() => file({ bundles: ['everywhere'] }, view, bruno))?.code).toBe('not-found')
  })
  it('is asked for as far as somebody may, and says what it leaves out', () => {
    const asker = aUser('ana', { roles: ['asker'] })
    const view = aView({
      users: [asker],
      roles: [
        aRole('asker', { allow: { request: { searchAsRoles: ['prod-readers'] } } }),
        aRole('prod-readers', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } }),
      ],
      bundles: [bundle],
    })
    const request = file({ bundles: ['everywhere'] }, view, asker)
    expect(request.resources.map(({ accountName }) => accountName)).toEqual(['prod'])
    const wish = { roles: [], resourceIds: [], reason: '', suggestedReviewers: [], bundles: ['everywhere'] }
    expect(leftOut(wish, request, view)).toEqual([expect.stringContaining('2 rows are left out')])
  })
})

describe('thresholds of named people', () => {
  const security = listId('security')
  const named: Threshold = { name: 'security', approve: 1, deny: 1, reviewers: { users: [], lists: [security] } }
  const pending = withThresholds(file({ resourceIds: [id(READ_PROD)] }), named)
  const joining = (joined = plus(NOW, -1 as never)) =>
    aView({ ...scene, lists: [aList('security', { members: [aMember('carla', { joined })] })] })

  it('count only them', () => {
    const view = joining()
    const once = review(pending, bruno, {}, { view })
    expect(once).toMatchObject({ state: 'pending', reviews: [{ thresholds: [] }] })
    expect(review(once, carla, {}, { view }).state).toBe('approved')
  })
  it('D4-3 do not count who came into the list, or into one inside it, after the request was filed', () => {
    const late = joining(plus(NOW, hours(1)))
    expect(review(pending, carla, {}, { view: late }).state).toBe('pending')
    const nested = aView({
      ...scene,
      lists: [
        aList('team', { members: [aMember('carla', { joined: plus(NOW, -1 as never) })] }),
        aList('security', { members: [aMemberList('team', { joined: plus(NOW, hours(1)) })] }),
      ],
    })
    expect(review(pending, carla, {}, { view: nested }).state).toBe('pending')
  })
  it('open later for deputies, who are told when their turn comes', () => {
    const deputies: Threshold = {
      ...named,
      name: 'deputies',
      reviewers: { users: [dora.id], lists: [] },
      opensAfter: hours(2),
    }
    const request = { ...pending, thresholds: [named, deputies], roleThresholds: { 'aws-ic-access': [[0, 1]] } }
    const view = joining()
    expect(problemOf(() => review(request, dora, {}, { view }))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('2027-03-01T11:00:00Z'),
    })
    expect(review(request, dora, {}, { view, now: plus(NOW, hours(2)) }).state).toBe('approved')
    expect(needsOf(request).map(({ thresholds }) => thresholds.map(({ threshold }) => threshold.name))).toEqual([
      ['security', 'deputies'],
    ])
  })
})

it('a permission set that AWS does not have is part of what is shown', () => {
  const request = file({ resourceIds: [id(READ_PROD)] })
  expect(shownText(request, scene, new Map([[READ_ONLY.arn, undefined]]))).toContain('missing')
  expect(shownText(request, scene, new Map([[READ_ONLY.arn, aPermissionSet('ReadOnlyAccess')]]))).not.toContain(
    'missing',
  )
})
