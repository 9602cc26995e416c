import { describe, expect, it } from 'vitest'
import type { View } from '../desired-state/view.ts'
import type { AccessRequest } from './access-request.ts'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { days, hours, milliseconds, minutes, plus } from '../kernel/instant.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import type { User } from '../users/user.ts'
import {
  ADMIN,
  aList,
  aLock,
  anAccount,
  aPermissionSet,
  approved,
  aRequest,
  aRole,
  aUser,
  aView,
  BILLING,
  MANAGEMENT,
  NOW,
  on,
  problemOf,
  PROD,
  READ_ONLY,
  requestId,
  roleName,
  SANDBOX,
  userId,
} from '../testing/index.ts'
import { fileRequest, type RequestWish } from './file-request.ts'
import { promoteRequest, promotionCandidates } from './promote-request.ts'
import { beginAccess } from './settle.ts'
import { requestableGrants } from './requestable.ts'
import { resolveResourceId } from './resource-ids.ts'
import { reviewRequest, type ReviewWish } from './review-request.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'

const wish = (partial: Partial<RequestWish>): RequestWish => ({
  roles: [],
  resourceIds: [],
  reason: '',
  suggestedReviewers: [],
  ...partial,
})
/** A review of what is there now. */
const reviewed = (request: AccessRequest, by: User, wish: ReviewWish, view: View, now = NOW) =>
  reviewRequest(request, by, { shown: 'now', ...wish }, { view, now, shown: 'now' })
const file = (user: User, partial: Partial<RequestWish>, view: View, now = NOW) =>
  fileRequest(requestId('r'), user, wish(partial), view, now)
const resource = (account: { id: string }, set: string): string =>
  `/acme/aws_ic_account_assignment/${account.id}--${set}`

const ana = aUser('ana', { roles: ['requester'] })
const bruno = aUser('bruno', { roles: ['reviewer'] })
const scene = aView({ users: [ana, bruno], roles: PRESET_ROLES })

describe('what may be asked for', () => {
  const asker = (allow: string[], deny: string[] = []): View =>
    aView({
      users: [aUser('ana', { roles: ['asker'] })],
      roles: [aRole('asker', { allow: { request: { roles: allow } }, deny: { request: { roles: deny } } })],
    })
  const ask = (view: View, name: string): unknown => file(view.users[0] ?? ana, { roles: [name] }, view)

  it('D4-19 refuses prod asked for under a sandbox name', () => {
    const view = asker(['*-on-sandbox-*'])
    expect(ask(view, on(ADMIN, SANDBOX))).toMatchObject({ roles: [{ name: on(ADMIN, SANDBOX) }] })
    expect(problemOf(() => ask(view, `AdministratorAccess-on-sandbox-${PROD.id}`))?.code).toBe('refused')
  })
  it('D4-19 refuses a denied role under its old spelling', () => {
    const view = asker(['*'], ['*-on-prod-*'])
    expect(problemOf(() => ask(view, `AdministratorAccess-on-production-${PROD.id}`))?.code).toBe('refused')
    expect(problemOf(() => ask(view, `administratoraccess-on-old-${PROD.id}`))?.code).toBe('refused')
  })
  it('stores and pins the canonical name, whatever was typed', () => {
    expect(ask(asker(['*']), `administratoraccess-on-old-name-${SANDBOX.id}`)).toMatchObject({
      roles: [{ name: on(ADMIN, SANDBOX), pinned: { account: SANDBOX.id, permissionSet: ADMIN.arn } }],
    })
  })
  it('expands * to everything that may be asked for, and leaves out what is held', () => {
    const view = aView({
      users: [aUser('ana', { roles: ['asker', 'dba'] })],
      roles: [
        aRole('asker', { allow: { request: { roles: ['db*', `*-${SANDBOX.id}`] } } }),
        aRole('dba'),
        aRole('dbo'),
      ],
    })
    expect(file(view.users[0] ?? ana, { roles: ['*'] }, view).roles.map(({ name }) => name)).toEqual([
      'dbo',
      on(ADMIN, SANDBOX),
      on(READ_ONLY, SANDBOX),
      on(BILLING, SANDBOX),
    ])
  })
  it('reaches resources through search_as_roles, in any case of the id', () => {
    const request = file(
      ana,
      { resourceIds: [resource(PROD, 'READONLYACCESS'), resource(SANDBOX, 'administratoraccess')] },
      scene,
    )
    expect(request.roles.map(({ name }) => name)).toEqual(['aws-ic-access'])
    expect(request.resources).toMatchObject([
      { account: PROD.id, permissionSetName: 'ReadOnlyAccess' },
      { account: SANDBOX.id, permissionSetName: 'AdministratorAccess' },
    ])
  })
  it('refuses a resource that no role to search with reaches, and one that a deny takes away', () => {
    const view = aView({
      users: [aUser('ana', { roles: ['asker', 'never'] })],
      roles: [
        aRole('asker', { allow: { request: { searchAsRoles: ['readers'] } } }),
        aRole('readers', { allow: { assignments: [['*', READ_ONLY.arn]] } }),
        aRole('never', { deny: { assignments: [[PROD.id, '*']] } }),
      ],
    })
    const user = view.users[0] ?? ana
    // What he may not ask for and what is not there are told alike.
    const withoutBilling = aView({ ...view, catalogue: createCatalogue([PROD, SANDBOX], [ADMIN, READ_ONLY]) })
    expect(file(user, { resourceIds: [resource(SANDBOX, 'readonlyaccess')] }, view).resources).toHaveLength(1)
    expect(problemOf(() => file(user, { resourceIds: [resource(SANDBOX, 'billing')] }, view))).toEqual(
      problemOf(() => file(user, { resourceIds: [resource(SANDBOX, 'billing')] }, withoutBilling)),
    )
    expect(problemOf(() => file(user, { resourceIds: [resource(PROD, 'readonlyaccess')] }, view))?.code).toBe('refused')
    expect([...requestableGrants(user, effectiveRoles(user, view, NOW), view, NOW).keys()].length).toBe(2)
  })
  it('refuses a whole account, and does not say whether it is there', () => {
    const problem = (account: string) =>
      problemOf(() => file(ana, { resourceIds: [`/acme/aws_ic_account/${account}`] }, scene))
    expect(problem(PROD.id)).toMatchObject({ code: 'refused', remedy: expect.not.stringContaining('readonly') })
    expect(problem(PROD.id)).toEqual(problem('999999999999'))
  })
  it('refuses access with an end in the management account, also through a role', () => {
    expect(problemOf(() => file(ana, { resourceIds: [resource(MANAGEMENT, 'readonlyaccess')] }, scene))).toMatchObject({
      message: expect.stringContaining('management account'),
    })
    expect(problemOf(() => ask(asker(['*']), on(ADMIN, MANAGEMENT)))?.code).toBe('refused')
  })
  it('refuses what somebody has for good, and allows to extend what ends', () => {
    const standing = aUser('ana', { roles: ['requester', on(READ_ONLY, PROD)] })
    const id = resource(PROD, 'readonlyaccess')
    const held = aView({ users: [standing], roles: PRESET_ROLES })
    expect(problemOf(() => file(standing, { resourceIds: [id] }, held))?.code).toBe('refused')
    const running = aRequest('old', 'ana', {
      resources: [resolveResourceId(id, scene.catalogue)],
      ...approved(NOW, hours(1)),
    })
    const ending = aView({ users: [ana], roles: PRESET_ROLES, requests: [running] })
    expect(file(ana, { resourceIds: [id] }, ending).resources).toHaveLength(1)
  })
  it('gives locked users and people without a role nothing', () => {
    const locked = aView({ users: [ana], roles: PRESET_ROLES, locks: [aLock({ kind: 'user', user: ana.id })] })
    expect(problemOf(() => file(ana, { resourceIds: [resource(PROD, 'billing')] }, locked))?.code).toBe('refused')
    const nobody = aUser('nobody')
    expect(problemOf(() => file(nobody, { roles: ['aws-ic-access'] }, scene))?.code).toBe('not-found')
  })
  it('a locked role lets nobody ask, and goes on denying', () => {
    const view = aView({
      users: [aUser('ana', { roles: ['asker', 'guard'] })],
      roles: [
        aRole('asker', { allow: { request: { roles: ['*'] } } }),
        aRole('guard', { allow: { request: { roles: ['*'] } }, deny: { request: { roles: ['dba'] } } }),
        aRole('dba'),
        aRole('dbo'),
      ],
      locks: [aLock({ kind: 'role', role: roleName('guard') })],
    })
    expect(problemOf(() => ask(view, 'dba'))?.code).toBe('refused')
    expect(problemOf(() => ask(view, 'dbo'))).toBeUndefined()
  })
})

describe('how long', () => {
  const view = (ttl: number | undefined, ...limits: number[]): View =>
    aView({
      users: [aUser('ana', { roles: limits.length > 0 ? limits.map((_, index) => `asker-${index}`) : ['asker'] })],
      roles: [
        aRole('asker', { allow: { request: { roles: ['dba'] } } }),
        ...limits.map((limit, index) =>
          aRole(`asker-${index}`, { allow: { request: { roles: ['dba'], maxDuration: hours(limit) } } }),
        ),
        aRole('dba', ttl === undefined ? {} : { options: { ...aRole('x').options, maxSessionTtl: hours(ttl) } }),
      ],
    })
  const durationOf = (scene_: View, asked?: number) =>
    file(scene_.users[0] ?? ana, { roles: ['dba'], ...(asked === undefined ? {} : { duration: hours(asked) }) }, scene_)
      .duration

  it('is the largest max_duration, else the role’s own session, else eight hours; less when less was asked for', () => {
    expect(durationOf(view(undefined))).toBe(hours(8))
    expect(durationOf(view(2))).toBe(hours(2))
    expect(durationOf(view(2, 4, 96))).toBe(hours(96))
    expect(durationOf(view(2, 4), 1)).toBe(hours(1))
    expect(durationOf(view(2, 4), 100)).toBe(hours(4))
  })
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 14 * 24 + 1])('D4-24 refuses %d hours', (asked) => {
    expect(problemOf(() => durationOf(view(2), asked))?.code).toBe('invalid-value')
  })
  it('counts from approval, not from filing, and pending ends after seven days', () => {
    const request = file(ana, { resourceIds: [resource(PROD, 'billing')], duration: hours(2) }, scene)
    expect(request.pendingUntil).toBe(plus(NOW, days(7)))
    const later = plus(NOW, days(3))
    expect(reviewed(request, bruno, { verdict: 'approve', reason: '' }, scene, later)).toMatchObject({
      state: 'approved',
      startsAt: later,
      expiresAt: plus(later, hours(2)),
    })
    const late = plus(NOW, days(7))
    expect(problemOf(() => reviewed(request, bruno, { verdict: 'approve', reason: '' }, scene, late))?.code).toBe(
      'conflict',
    )
  })
  it('starts when the latest reviewer says so, and ends exactly to the millisecond', () => {
    const request = file(
      ana,
      { resourceIds: [resource(PROD, 'billing')], duration: milliseconds(1), assumeStartTime: plus(NOW, hours(1)) },
      scene,
    )
    const start = plus(NOW, minutes(30))
    const planned = reviewed(request, bruno, { verdict: 'approve', reason: '', assumeStartTime: start }, scene, NOW)
    const done = beginAccess(planned, { view: scene, now: start, shown: 'now' })
    const held = (now: typeof NOW) =>
      computeDesiredState(aView({ ...scene, requests: [done] }), now).users.get(ana.id)?.assignments.size
    expect([held(plus(start, milliseconds(-1))), held(start), held(plus(start, milliseconds(1)))]).toEqual([0, 1, 0])
    expect(
      problemOf(() => file(ana, { resourceIds: [resource(PROD, 'billing')], assumeStartTime: NOW }, scene))?.code,
    ).toBe('refused')
  })
})

describe('reasons and size', () => {
  const strict = aView({
    users: [aUser('ana', { roles: ['asker'] })],
    roles: [
      aRole('asker', { allow: { request: { roles: ['dba'], reason: { mode: 'required', prompt: 'Ticket?' } } } }),
      aRole('dba'),
    ],
  })
  const user = strict.users[0] ?? ana
  it('asks for a reason when a role does, with its prompt', () => {
    expect(problemOf(() => file(user, { roles: ['dba'], reason: '  ' }, strict))).toMatchObject({
      remedy: expect.stringContaining('Ticket?'),
    })
    expect(problemOf(() => file(user, { roles: ['dba'], reason: 'INC-7' }, strict))).toBeUndefined()
  })
  it('D4-26 refuses reasons that would change how a log or a terminal shows them, and long ones', () => {
    expect(problemOf(() => file(user, { roles: ['dba'], reason: 'ok\u001b[2K\rapproved' }, strict))?.code).toBe(
      'invalid-value',
    )
    expect(problemOf(() => file(user, { roles: ['dba'], reason: 'x'.repeat(4097) }, strict))?.code).toBe('too-large')
    expect(problemOf(() => file(user, { resourceIds: Array.from({ length: 301 }, () => 'x') }, strict))?.code).toBe(
      'too-large',
    )
  })
})

describe('review', () => {
  const pending = file(ana, { resourceIds: [resource(PROD, 'billing')] }, scene)
  const review = (by: User, view: View, request = pending, verdict: 'approve' | 'deny' = 'approve') =>
    reviewed(request, by, { verdict, reason: 'ok' }, view, NOW)
  const withUsers = (...users: User[]): View => aView({ users: [ana, ...users], roles: PRESET_ROLES })

  it('D4-1 refuses approving one’s own request, also for editors', () => {
    const self = aUser('ana', { roles: ['editor', 'reviewer', 'requester'] })
    expect(problemOf(() => review(self, aView({ users: [self], roles: PRESET_ROLES })))).toMatchObject({
      code: 'refused',
    })
  })
  it('D4-5 refuses an approver who has lost the role since', () => {
    expect(problemOf(() => review(aUser('bruno'), withUsers(aUser('bruno'))))?.code).toBe('refused')
  })
  it('D4-4 lets an approver act who got the role after filing, through a list', () => {
    const list = aList('reviewers', { members: ['carla'], grants: ['reviewer'] })
    const view = aView({ users: [ana, aUser('carla')], roles: PRESET_ROLES, lists: [list] })
    expect(review(aUser('carla'), view).state).toBe('approved')
  })
  it('D4-6 counts one person once, whatever groups he is in', () => {
    const twoEyes = { ...pending, thresholds: [{ name: 'two', approve: 2, deny: 1 }] }
    const list = aList('reviewers', { members: ['bruno'], grants: ['reviewer'] })
    const view = aView({ users: [ana, bruno], roles: PRESET_ROLES, lists: [list] })
    const once = review(bruno, view, twoEyes)
    expect(once.state).toBe('pending')
    expect(problemOf(() => review(bruno, view, once))?.code).toBe('conflict')
    const carla = aUser('carla', { roles: ['reviewer'] })
    expect(review(carla, withUsers(bruno, carla), once).state).toBe('approved')
  })
  it('D4-14 settles by the first review that tips it; later ones find it settled', () => {
    const carla = aUser('carla', { roles: ['reviewer'] })
    const view = withUsers(bruno, carla)
    const denied = review(bruno, view, pending, 'deny')
    expect(denied).toMatchObject({ state: 'denied', resolveReason: 'ok' })
    expect(problemOf(() => review(carla, view, denied))?.code).toBe('conflict')
  })
  it('D4-15 refuses to review what is settled', () => {
    const settled = aRequest('x', 'ana', { roles: ['aws-ic-access'], ...approved() })
    expect(problemOf(() => review(bruno, scene, settled))?.code).toBe('conflict')
  })
  it('D4-16 refuses a locked approver', () => {
    const view = aView({ users: [ana, bruno], roles: PRESET_ROLES, locks: [aLock({ kind: 'user', user: bruno.id })] })
    expect(problemOf(() => review(bruno, view))?.code).toBe('refused')
  })
  it('a deny rule of the reviewer wins over his allow', () => {
    const never = aRole('never', { deny: { reviewRequests: ['aws-*'] } })
    const guarded = aUser('bruno', { roles: ['reviewer', 'never'] })
    expect(
      problemOf(() => review(guarded, aView({ users: [ana, guarded], roles: [...PRESET_ROLES, never] })))?.code,
    ).toBe('refused')
  })
  it('compares the name that a role has now, not the one it was filed under', () => {
    const request = aRequest('x', 'ana', {
      roles: [
        {
          name: roleName(`AdministratorAccess-on-sandbox-${PROD.id}`),
          pinned: { account: PROD.id, permissionSet: ADMIN.arn },
        },
      ],
    })
    const sandboxOnly = aRole('sandbox-reviewer', { allow: { reviewRequests: ['*-on-sandbox-*'] } })
    const carla = aUser('carla', { roles: ['sandbox-reviewer'] })
    expect(problemOf(() => review(carla, aView({ users: [ana, carla], roles: [sandboxOnly] }), request))?.code).toBe(
      'refused',
    )
  })
  it('D4-22 refuses to approve a name that means another permission set by now', () => {
    const again = aPermissionSet('AdministratorAccess', { arn: aPermissionSet('another').arn })
    const request = aRequest('x', 'ana', {
      roles: [{ name: on(ADMIN, PROD), pinned: { account: PROD.id, permissionSet: ADMIN.arn } }],
    })
    const editor = aUser('eva', { roles: ['editor'] })
    const view = aView({ users: [ana, editor], roles: PRESET_ROLES, catalogue: createCatalogue([PROD], [again]) })
    expect(problemOf(() => review(editor, view, request))?.code).toBe('refused')
    expect(problemOf(() => review(editor, view, request, 'deny'))).toBeUndefined()
  })
})

describe('thresholds', () => {
  it('of identical form share an index, and every block must be met', () => {
    const two = { name: 'two', approve: 2, deny: 1 }
    const view = aView({
      users: [aUser('ana', { roles: ['a', 'b', 'c'] })],
      roles: [
        aRole('a', { allow: { request: { roles: ['dba', 'dbo'], thresholds: [two] } } }),
        aRole('b', {
          allow: { request: { roles: ['dba'], thresholds: [two, { name: 'lead', approve: 1, deny: 1 }] } },
        }),
        aRole('c', { allow: { request: { roles: ['dbo'] } } }),
        aRole('dba'),
        aRole('dbo'),
      ],
    })
    const request = file(view.users[0] ?? ana, { roles: ['dba', 'dbo'] }, view)
    expect(request.thresholds.map(({ name }) => name)).toEqual(['two', 'lead', 'default'])
    expect(request.roleThresholds).toEqual({ dba: [[0], [0, 1]], dbo: [[0], [2]] })
  })
  it('a count of zero never settles in that direction', () => {
    const view = aView({
      users: [aUser('ana', { roles: ['a'] }), aUser('eva', { roles: ['editor'] })],
      roles: [
        ...PRESET_ROLES,
        aRole('a', { allow: { request: { roles: ['dba'], thresholds: [{ name: '', approve: 0, deny: 0 }] } } }),
        aRole('dba'),
      ],
    })
    const request = file(view.users[0] ?? ana, { roles: ['dba'] }, view)
    for (const verdict of ['approve', 'deny'] as const)
      expect(reviewed(request, view.users[1] ?? ana, { verdict, reason: '' }, view, NOW).state).toBe('pending')
  })
})

describe('promotion', () => {
  const readers = aList('readers', { grants: [on(READ_ONLY, PROD)], owners: ['olga'] })
  const admins = aList('admins', { grants: [on(ADMIN, PROD)], owners: ['pia'] })
  const olga = aUser('olga', { roles: ['reviewer'] })
  const pia = aUser('pia')
  const view = aView({ users: [ana, olga, pia], roles: PRESET_ROLES, lists: [readers, admins] })
  const request = file(ana, { resourceIds: [resource(PROD, 'readonlyaccess')] }, view)

  it('offers the lists that cover the request and that the reviewer owns', () => {
    expect(promotionCandidates(request, olga, view, NOW).map(({ title }) => title)).toEqual(['readers'])
    expect(promotionCandidates(request, pia, view, NOW)).toEqual([])
  })
  it('makes the requester a member, and the request is done', () => {
    const done = promoteRequest(request, olga, { list: readers.id, reason: 'on call' }, view, NOW)
    expect(done.request).toMatchObject({ state: 'promoted', into: readers.id })
    expect(done.list.members).toMatchObject([{ user: userId('ana'), addedBy: olga.name, reason: 'on call' }])
  })
  it('D4-40 refuses a list of somebody else, and a reviewer without the right to review', () => {
    expect(problemOf(() => promoteRequest(request, olga, { list: admins.id, reason: '' }, view, NOW))?.code).toBe(
      'refused',
    )
    expect(problemOf(() => promoteRequest(request, pia, { list: admins.id, reason: '' }, view, NOW))?.code).toBe(
      'refused',
    )
  })
})

it('D4-27 takes an account id as a whole, never as a prefix', () => {
  const catalogue = createCatalogue([anAccount('a', '111111111111')], [READ_ONLY])
  expect(problemOf(() => resolveResourceId('/c/aws_ic_account_assignment/1111--readonlyaccess', catalogue))?.code).toBe(
    'not-found',
  )
  expect(problemOf(() => resolveResourceId('aws_ic_account_assignment/1--x', catalogue))?.code).toBe('invalid-value')
})
