import { describe, expect, it } from 'vitest'
import { withMember } from '../access-lists/manage-members.ts'
import type { ApprovalRule, ApprovalRuleName, RuleConditions } from '../approval-rules/approval-rule.ts'
import { desiredForUser } from '../desired-state/desired-for.ts'
import type { View } from '../desired-state/view.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { days, hours, type Instant, minus, plus } from '../kernel/instant.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import { mayAct } from '../roles/rules.ts'
import {
  ADMIN,
  aList,
  aLock,
  aMember,
  aPermissionSet,
  aRole,
  aServiceProvider,
  asking,
  aUser,
  aView,
  listId,
  NOW,
  problemOf,
  PROD,
  READ_ONLY,
  SANDBOX,
  withThresholds,
} from '../testing/index.ts'
import type { User } from '../users/user.ts'
import type { AccessRequest } from './access-request.ts'
import { type RequestWish } from './file-request.ts'
import { reviewRequest } from './review-request.ts'
import { isToSettle, settle } from './settle.ts'
import { shownText } from './shown.ts'

const ana = aUser('ana', { roles: ['requester'] })
const [bruno, carla, dora] = ['bruno', 'carla', 'dora'].map((name) => aUser(name, { roles: ['reviewer'] })) as [
  User,
  User,
  User,
] // three names, three people
const scene = aView({ users: [ana, bruno, carla, dora], roles: PRESET_ROLES })
const id = (account: { id: string }, set = 'readonlyaccess'): string =>
  `/acme/aws_ic_account_assignment/${account.id}--${set}`
const { file, review } = asking(scene, ana)
const held = (user: User, view: View, requests: AccessRequest[], now = NOW): number =>
  desiredForUser(user, aView({ ...view, requests }), now).assignments.size
const rule = (effect: ApprovalRule['effect'], when: Partial<RuleConditions>): ApprovalRule => ({
  name: 'rule' as ApprovalRuleName, // as a scene names it
  description: '',
  labels: {},
  authors: [],
  revision: 1,
  effect,
  when: { accounts: [], permissionSets: [], roles: [], requesterLists: [], times: [], ...when },
})
const ON_SANDBOX = { accounts: [{ id: parsePattern(SANDBOX.id) }] }
const approving = (when: Partial<RuleConditions> = ON_SANDBOX) => rule({ kind: 'approve', reason: 'agreed' }, when)
const byRule = (request: AccessRequest, view: View): AccessRequest =>
  request.automatic
    ? settle({ ...request, automatic: { ...request.automatic, shown: 'a' } }, { view, now: NOW, isRead: true })
    : request

describe('a rule that approves accounts', () => {
  const sandboxReader = aRole('sandbox-reader', { allow: { assignments: [[SANDBOX.id, READ_ONLY.arn]] } })
  const mixed = aRole('mixed', {
    allow: {
      assignments: [[SANDBOX.id, READ_ONLY.arn]],
      rules: [{ resources: ['*'], verbs: ['*'] }],
    },
  })
  const asker = aRole('asker', { allow: { request: { roles: ['*'], searchAsRoles: ['sandbox-reader', 'opener'] } } })
  const opener = aRole('opener', { allow: { appLabels: { team: [parsePattern('docs')] } } })
  const user = aUser('ana', { roles: ['asker'] })
  const view = aView({
    users: [user],
    roles: [...PRESET_ROLES, asker, opener, sandboxReader, mixed],
    serviceProviders: [aServiceProvider('wiki', { labels: { team: 'docs' } })],
    approvalRules: [approving()],
  })
  const state = (wish: Partial<RequestWish>): string => byRule(file(wish, view, user), view).state
  it('approves a role that gives nothing but them', () => {
    expect(state({ roles: ['sandbox-reader'] })).toBe('approved')
  })
  it.each([
    ['a role that administers', { roles: ['sandbox-reader', 'editor'] }],
    ['a role that gives them and administers', { roles: ['mixed'] }],
    ['an application', { resourceIds: [id(SANDBOX), '/acme/saml_idp_service_provider/wiki'] }],
  ])('never approves %s', (_, wish) => {
    expect(state(wish)).toBe('pending')
  })
  it('approves nothing that prolongs, so that what it gives has an end', () => {
    const first = byRule(file({ resourceIds: [id(SANDBOX)] }, view, user, 'first'), view)
    const again = aView({ ...view, requests: [first] })
    expect(first.state).toBe('approved')
    expect(byRule(file({ prolongs: 'first' }, again, user, 'second'), again).state).toBe('pending')
  })
  it('is not for members of a list that is suspended', () => {
    const list = aList('engineers', { members: ['ana'] })
    const overdue = { ...list, audit: { ...list.audit, nextAuditDate: minus(NOW, days(9)), suspendAfter: days(1) } }
    const lists = aView({
      ...view,
      lists: [overdue],
      approvalRules: [approving({ ...ON_SANDBOX, requesterLists: [listId('engineers')] })],
    })
    expect(byRule(file({ resourceIds: [id(SANDBOX)] }, lists, user), lists).state).toBe('pending')
  })
})

describe('a denial', () => {
  it('ends a request of which a part had its approvals', () => {
    const roles = [
      aRole('asker', { allow: { request: { roles: ['low'] } } }),
      aRole('careful', { allow: { request: { roles: ['high'], thresholds: [{ name: '2', approve: 2, deny: 1 }] } } }),
      aRole('low', { allow: { assignments: [[PROD.id, ADMIN.arn]] } }),
      aRole('high', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } }),
      aRole('reviewer', { allow: { reviewRequests: ['*'] } }),
    ]
    const user = aUser('ana', { roles: ['asker', 'careful'] })
    const view = aView({ users: [user, bruno, carla], roles })
    const once = review(file({ roles: ['low', 'high'] }, view, user), bruno, view)
    expect(once.state).toBe('pending')
    expect(review(once, carla, view, { verdict: 'deny' })).toMatchObject({ state: 'denied' })
  })
  it('approves nothing by itself while AWS can not be read; that waits for a reading', () => {
    const two = withThresholds(file({ resourceIds: [id(PROD), id(SANDBOX)] }), { name: '', approve: 1, deny: 2 })
    const once = review(two, bruno, scene, { rows: [`${PROD.id}--readonlyaccess`] })
    const unread = reviewRequest(once, carla, { verdict: 'deny', reason: '' }, { view: scene, now: NOW })
    expect(unread.state).toBe('pending')
    expect(isToSettle(unread, NOW)).toBe(true)
    const changed = reviewRequest(once, carla, { verdict: 'deny', reason: '' }, { view: scene, now: NOW, shown: 'b' })
    expect(changed).toMatchObject({ state: 'pending', reviews: [{ isVoid: true }, {}] })
  })
  it('does not choose when access begins', () => {
    const two = withThresholds(file({ resourceIds: [id(PROD)] }), { name: '', approve: 1, deny: 2 })
    const denied = review(two, carla, scene, { verdict: 'deny', assumeStartTime: plus(NOW, days(13)) })
    expect(review(denied, bruno)).toMatchObject({ state: 'approved', startsAt: NOW })
  })
})

describe('a role that is asked for', () => {
  const others = [
    aRole('asker', { allow: { request: { roles: ['lent'] } } }),
    aRole('reviewer', { allow: { reviewRequests: ['*'] } }),
  ]
  const user = aUser('ana', { roles: ['asker'] })
  const viewWith = (
    lent: ReturnType<typeof aRole>[],
    catalogue = createCatalogue([PROD, SANDBOX], [READ_ONLY, ADMIN]),
  ) => aView({ users: [user, bruno], roles: [...others, ...lent], catalogue })
  const everything = aRole('lent', { allow: { assignments: [['*', '*']] } })
  it('gives no more when a deny of its own goes', () => {
    const kept = aRole('lent', { allow: { assignments: [['*', '*']] }, deny: { assignments: [[PROD.id, '*']] } })
    const view = viewWith([kept])
    const running = review(file({ roles: ['lent'] }, view, user), bruno, view)
    expect(held(user, viewWith([everything]), [running])).toBe(held(user, view, [running]))
  })
  it('gives no account and no permission set that came later', () => {
    const view = viewWith([everything], createCatalogue([SANDBOX], [READ_ONLY]))
    const running = review(file({ roles: ['lent'] }, view, user), bruno, view)
    expect(held(user, viewWith([everything]), [running])).toBe(1)
  })
  it('can not be approved while it is not there', () => {
    const pending = file({ roles: ['lent'] }, viewWith([everything]), user)
    expect(problemOf(() => review(pending, bruno, viewWith([])))?.code).toBe('refused')
  })
  it('is shown as it is written, and gives nothing here once it has changed', () => {
    const mighty = aRole('lent', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] }, revision: 2 })
    const view = viewWith([aRole('lent')])
    const pending = file({ roles: ['lent'] }, view, user)
    expect(shownText(pending, viewWith([mighty]), new Map())).not.toBe(shownText(pending, view, new Map()))
    const running = review(pending, bruno, view)
    const mayRule = (role: ReturnType<typeof aRole>): boolean => {
      const now = aView({ ...viewWith([role]), requests: [running] })
      const roles = effectiveRoles(user, now, NOW, { assumed: [running.id] })
      return mayAct(roles, 'update', 'role', { name: 'x', labels: {} })
    }
    expect(mayRule(mighty)).toBe(false)
    expect(mayRule({ ...mighty, revision: 1 })).toBe(false)
  })
  it('that gives more than anybody looks at is refused', () => {
    const accounts = Array.from({ length: 101 }, (_, index) => ({
      ...PROD,
      id: String(300_000_000_000 + index) as never,
    }))
    const sets = Array.from({ length: 100 }, (_, index) => aPermissionSet(`Set${index}`))
    const view = viewWith([everything], createCatalogue(accounts, sets))
    expect(problemOf(() => file({ roles: ['lent'] }, view, user))?.code).toBe('too-large')
  })
})

describe('approval rules are asked again when a request might be settled', () => {
  const security = rule(
    { kind: 'thresholds', thresholds: [{ name: 'security', approve: 2, deny: 1 }] },
    { accounts: [{ tags: { env: [parsePattern('prod')] } }] },
  )
  const tagged = (env: string, rules = [security]): View =>
    aView({
      ...scene,
      catalogue: createCatalogue([{ ...SANDBOX, tags: { env } }], [READ_ONLY]),
      approvalRules: rules,
    })
  it('and an account that has become another kind needs what that kind needs', () => {
    const pending = file({ resourceIds: [id(SANDBOX)] }, tagged('dev'))
    const once = review(pending, bruno, tagged('prod'))
    expect(once.state).toBe('pending')
    expect(review(once, carla, tagged('prod')).state).toBe('approved')
    expect(review(pending, bruno, tagged('dev')).state).toBe('approved')
  })
  it('and a rule that denies by now wins', () => {
    const pending = file({ resourceIds: [id(SANDBOX)] }, tagged('dev', []))
    const never = tagged('dev', [rule({ kind: 'deny', reason: 'closed' }, ON_SANDBOX)])
    expect(review(pending, bruno, never)).toMatchObject({ state: 'denied', resolveReason: 'closed' })
  })
})

describe('locks', () => {
  const running = review(file({ resourceIds: [id(PROD)] }), bruno)
  it('on the role that resources were reached through end the access', () => {
    const [reference] = running.roles
    const lock = aLock({ kind: 'role', role: reference?.name ?? ('none' as never) })
    expect(held(ana, scene, [running])).toBe(1)
    expect(held(ana, aView({ ...scene, locks: [lock] }), [running])).toBe(0)
  })
  it('on the role leave nothing that another role of the request denies', () => {
    const user = aUser('ana', { roles: ['req'] })
    const view = aView({
      users: [user, bruno],
      roles: [
        aRole('req', { allow: { request: { searchAsRoles: ['one', 'other'] } } }),
        aRole('one', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } }),
        aRole('other', { allow: { assignments: [['*', READ_ONLY.arn]] }, deny: { assignments: [[PROD.id, '*']] } }),
        aRole('reviewer', { allow: { reviewRequests: ['*'] } }),
      ],
    })
    const running = review(file({ resourceIds: [id(PROD), id(SANDBOX)] }, view, user), bruno, view)
    const lock = aLock({ kind: 'role', role: 'one' as never })
    const left = desiredForUser(user, aView({ ...view, requests: [running], locks: [lock] }), NOW)
    expect([...left.assignments.keys()]).toEqual([`${SANDBOX.id}|${READ_ONLY.arn}`])
  })
  it('on the requester or the request keep it from being approved', () => {
    const pending = file({ resourceIds: [id(PROD)] })
    for (const target of [
      { kind: 'user', user: ana.id },
      { kind: 'access-request', request: pending.id },
    ] as const)
      expect(problemOf(() => review(pending, bruno, aView({ ...scene, locks: [aLock(target)] })))?.code).toBe('refused')
  })
})

describe('prolonging', () => {
  const first = review({ ...file({ resourceIds: [id(PROD)] }, scene, ana, 'first'), duration: days(13) }, bruno)
  const view = aView({ ...scene, requests: [first] })
  const longer = file({ prolongs: 'first', duration: hours(2) }, view, ana, 'longer')
  const locked = aView({ ...view, locks: [aLock({ kind: 'access-request', request: first.id })] })
  it('is not for what is locked', () => {
    expect(problemOf(() => review(longer, bruno, locked))?.code).toBe('refused')
    expect(problemOf(() => file({ prolongs: 'first' }, locked, ana, 'again'))?.code).toBe('refused')
  })
  it('is for the end that was shown', () => {
    const shorter = aView({ ...view, requests: [{ ...first, expiresAt: plus(NOW, hours(1)) } as AccessRequest] }) // still approved
    expect(shownText(longer, shorter, new Map())).not.toBe(shownText(longer, view, new Map()))
  })
})

describe('reviewers', () => {
  const since = (joined: Instant, expires?: Instant) =>
    aList('security', { members: [aMember('dora', { joined, ...(expires === undefined ? {} : { expires }) })] })
  const named = withThresholds(file({ resourceIds: [id(PROD)] }), {
    name: 'security',
    approve: 1,
    deny: 1,
    reviewers: { users: [], lists: [listId('security')] },
  })
  it('whose membership had ended and was renewed after filing do not count', () => {
    const [ended] = [since(minus(NOW, days(30)), minus(NOW, days(1)))]
    const renewed = withMember(
      ended,
      aMember('dora', { joined: plus(NOW, hours(1)), expires: plus(NOW, days(1)) }),
      plus(NOW, hours(1)),
    )
    const view = aView({ ...scene, lists: [renewed] })
    expect(review(named, dora, view, {}, plus(NOW, hours(2))).state).toBe('pending')
    expect(review(named, dora, aView({ ...scene, lists: [since(minus(NOW, days(30)))] })).state).toBe('approved')
  })
  it('count once, also when one of their accounts has been deleted', () => {
    const labels = { 'gatehouse.dev/person': '1' }
    const [one, other] = [aUser('b1', { roles: ['reviewer'], labels }), aUser('b2', { roles: ['reviewer'], labels })]
    const view = aView({ ...scene, users: [ana, one, other] })
    const two = withThresholds(file({ resourceIds: [id(PROD)] }, view), { name: '', approve: 2, deny: 1 })
    const once = review(two, one, view)
    expect(problemOf(() => review(once, other, aView({ ...scene, users: [ana, other] })))?.code).toBe('conflict')
  })
  it('name a row that only one goes by', () => {
    const sets = [aPermissionSet('Admin.Read'), aPermissionSet('Admin_Read')]
    const view = aView({ ...scene, catalogue: createCatalogue([SANDBOX], sets) })
    const request = file({ resourceIds: [id(SANDBOX, 'Admin.Read'), id(SANDBOX, 'Admin_Read')] }, view)
    expect(problemOf(() => review(request, bruno, view, { rows: [`${SANDBOX.id}--admin_read`] }))).toMatchObject({
      code: 'invalid-value',
      field: 'rows',
    })
  })
})

it('what somebody may not ask for any more is not approved', () => {
  const pending = file({ resourceIds: [id(PROD)] })
  expect(problemOf(() => review(pending, bruno, aView({ ...scene, users: [aUser('ana'), bruno] })))?.code).toBe(
    'refused',
  )
})
