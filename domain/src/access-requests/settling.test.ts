import { describe, expect, it } from 'vitest'
import { desiredForUser } from '../desired-state/desired-for.ts'
import type { View } from '../desired-state/view.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { days, hours, type Instant, plus } from '../kernel/instant.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import {
  aList,
  aLock,
  aPermissionSet,
  aRole,
  aServiceProvider,
  asking,
  aUser,
  aView,
  MANAGEMENT,
  NOW,
  problemOf,
  PROD,
  READ_ONLY,
  requestId,
  SANDBOX,
  withThresholds,
} from '../testing/index.ts'
import type { User } from '../users/user.ts'
import type { AccessRequest } from './access-request.ts'
import { promoteRequest } from './promote-request.ts'
import { reviewRequest } from './review-request.ts'
import { beginAccess, settle } from './settle.ts'

const ana = aUser('ana', { roles: ['requester'] })
const bruno = aUser('bruno', { roles: ['reviewer'] })
const carla = aUser('carla', { roles: ['reviewer'] })
const scene = aView({ users: [ana, bruno, carla], roles: PRESET_ROLES })
/** Ana has left the team that may ask. */
const left = aView({ ...scene, users: [aUser('ana'), bruno, carla] })
const id = (account: { id: string }): string => `/acme/aws_ic_account_assignment/${account.id}--readonlyaccess`
const { file, review } = asking(scene, ana)
const held = (user: User, view: View, requests: AccessRequest[], now: Instant = NOW): number =>
  desiredForUser(user, aView({ ...view, requests }), now).assignments.size

/** One row has its approval and is denied once; another denial settles the request. */
const oneDenialBefore = (view = scene): AccessRequest =>
  review(
    withThresholds(file({ resourceIds: [id(PROD), id(SANDBOX)] }, view), { name: '', approve: 1, deny: 2 }),
    bruno,
    view,
    { rows: [`${PROD.id}--readonlyaccess`] },
  )

describe('a denial that settles a request', () => {
  const lockOn = (target: Parameters<typeof aLock>[0]): View => aView({ ...scene, locks: [aLock(target)] })
  const roles = oneDenialBefore().roles.map(({ name }) => name)
  const SCENES: Readonly<Record<string, View>> = {
    'whoever asked may not ask for it any more': left,
    'whoever asked is gone': aView({ ...scene, users: [bruno, carla] }),
    'whoever asked is locked': lockOn({ kind: 'user', user: ana.id }),
    'the request is locked': lockOn({ kind: 'access-request', request: requestId('r') }),
    'the role that was asked through is locked': lockOn({ kind: 'role', role: roles[0] ?? ('' as never) }),
  }
  for (const [name, view] of Object.entries(SCENES))
    it(`gives nothing when ${name}, not even later`, () => {
      const end = review(oneDenialBefore(), carla, view, { verdict: 'deny' })
      expect(end.state).toBe('pending')
      expect(end.reviews.map(({ isVoid }) => isVoid ?? false)).toEqual([true, false])
      expect(settle(end, { view: scene, now: NOW, isRead: true }).state).toBe('pending')
    })

  it('gives the rows that have their approvals when nothing stands against it', () => {
    const end = review(oneDenialBefore(), carla, scene, { verdict: 'deny' })
    expect(held(ana, scene, [end])).toBe(1)
  })
})

describe('an approval of what is not there any more', () => {
  const two = (): AccessRequest =>
    withThresholds(file({ resourceIds: [id(PROD)] }), { name: 'two', approve: 2, deny: 1 })
  const then = (request: AccessRequest, by: User, verdict: 'approve' | 'deny', shown?: string): AccessRequest =>
    reviewRequest(
      request,
      by,
      { verdict, reason: '', ...(shown === undefined || verdict === 'deny' ? {} : { shown }) },
      { view: scene, now: NOW, ...(shown === undefined ? {} : { shown }) },
    )
  it('may be renewed by its author, and counts once', () => {
    const again = then(review(two(), bruno), bruno, 'approve', 'b')
    expect(again).toMatchObject({ state: 'pending', reviews: [{ isVoid: true, shown: 'a' }, { shown: 'b' }] })
    expect(then(again, carla, 'approve', 'b').state).toBe('approved')
  })
  it('may become a denial', () => {
    expect(then(review(two(), bruno), bruno, 'deny', 'b').state).toBe('denied')
  })
  it('is the only one that may be renewed', () => {
    const once = review(two(), bruno)
    for (const again of [
      () => then(once, bruno, 'approve', 'a'),
      () => then(once, bruno, 'approve'),
      () => then(once, bruno, 'deny', 'a'),
      () => then(once, bruno, 'deny'),
    ])
      expect(problemOf(again)?.code).toBe('conflict')
  })
})

describe('access with a start time', () => {
  it('does not begin for whom may not ask for it any more', () => {
    const planned = review(file({ resourceIds: [id(PROD)], assumeStartTime: plus(NOW, days(13)) }), bruno)
    const start = plus(NOW, days(13))
    const end = beginAccess(planned, { view: left, now: start, shown: 'a' })
    expect(end).toMatchObject({ state: 'pending', reviews: [{ isVoid: true }] })
  })
  it('does not begin while the request is locked', () => {
    const planned = review(file({ resourceIds: [id(PROD)], assumeStartTime: plus(NOW, hours(1)) }), bruno)
    const locked = aView({ ...scene, locks: [aLock({ kind: 'access-request', request: planned.id })] })
    const end = beginAccess(planned, { view: locked, now: plus(NOW, hours(1)), shown: 'a' })
    expect(end.state).toBe('pending')
  })
})

describe('an application that is asked for', () => {
  const payroll = aServiceProvider('payroll', { labels: { tier: 'secret' } })
  const searching = (...searchAsRoles: string[]) => aRole('searcher', { allow: { request: { searchAsRoles } } })
  const others = [
    aRole('sandbox', { allow: { assignments: [[SANDBOX.id, READ_ONLY.arn]] } }),
    aRole('pay', { allow: { appLabels: { tier: [parsePattern('secret')] } } }),
    aRole('reviewer', { allow: { reviewRequests: ['*'] } }),
  ]
  const user = aUser('ana', { roles: ['searcher'] })
  const viewWith = (...searchAsRoles: string[]): View =>
    aView({ users: [user, bruno], roles: [searching(...searchAsRoles), ...others], serviceProviders: [payroll] })

  it('is not approved once whoever asked may not search with the role that opens it', () => {
    const asked = { resourceIds: [id(SANDBOX), '/acme/saml_idp_service_provider/payroll'] }
    const request = file(asked, viewWith('sandbox', 'pay'), user)
    expect(problemOf(() => review(request, bruno, viewWith('sandbox')))).toMatchObject({ code: 'refused' })
    expect(review(request, bruno, viewWith('sandbox', 'pay')).state).toBe('approved')
  })
  it('is not approved once its role does not open it any more', () => {
    const view = viewWith('sandbox', 'pay')
    const request = file({ resourceIds: ['/acme/saml_idp_service_provider/payroll'] }, view, user)
    const relabelled = aView({ ...view, serviceProviders: [{ ...payroll, labels: { tier: 'top' } }] })
    expect(problemOf(() => review(request, bruno, relabelled))).toMatchObject({ code: 'refused' })
  })
})

describe('what filing refuses', () => {
  const asker = aUser('ana', { roles: ['asker'] })
  const lent = (...assignments: [string, string][]) => aRole('lent', { allow: { assignments } })
  const looking = aUser('bruno', { roles: ['looks'] })
  const others = [
    aRole('asker', { allow: { request: { roles: ['lent'] } } }),
    aRole('looks', { allow: { reviewRequests: ['*'] } }),
  ]
  const viewWith = (role: ReturnType<typeof aRole>, partial: Parameters<typeof aView>[0] = {}): View =>
    aView({ users: [asker, looking], roles: [...others, role], ...partial })
  const narrow = lent([SANDBOX.id, READ_ONLY.arn])

  it('is not approved either: access with an end in the management account', () => {
    const request = file({ roles: ['lent'] }, viewWith(narrow), asker)
    expect(problemOf(() => review(request, looking, viewWith(lent([MANAGEMENT.id, READ_ONLY.arn]))))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('management account'),
    })
  })
  it('is not approved either: more than anybody looks at', () => {
    const accounts = Array.from({ length: 101 }, (_, index) => ({ ...PROD, id: String(3e11 + index) as never }))
    const sets = Array.from({ length: 100 }, (_, index) => aPermissionSet(`Set${index}`))
    const request = file({ roles: ['lent'] }, viewWith(narrow), asker)
    const view = viewWith(lent(['*', '*']), { catalogue: createCatalogue(accounts, sets) })
    expect(problemOf(() => review(request, looking, view))?.code).toBe('too-large')
  })
  it('is not approved either: more permission sets than are read for one look', () => {
    const request = file({ roles: ['lent'] }, viewWith(narrow), asker)
    const withSets = (count: number): View => {
      const sets = Array.from({ length: count }, (_, index) => aPermissionSet(`Set${index}`))
      return viewWith(lent(['*', '*']), { catalogue: createCatalogue([SANDBOX], sets) })
    }
    for (const [act, code] of [
      [() => review(request, looking, withSets(100)), undefined],
      [() => review(request, looking, withSets(101)), 'too-large'],
      [() => file({ roles: ['lent'] }, withSets(101), asker), 'too-large'],
    ] as const)
      expect(problemOf(act)?.code).toBe(code)
  })
})

describe('a promotion', () => {
  const list = aList('readers', { owners: ['bruno'], grants: ['aws-ic-access'] })
  const promote = (request: AccessRequest, view: View) =>
    promoteRequest(request, bruno, { list: list.id, reason: '' }, view, NOW)
  const withList = (view: View, partial: Parameters<typeof aView>[0] = {}): View =>
    aView({ ...view, lists: [list], ...partial })

  it('makes a member of somebody who may ask', () => {
    expect(promote(file({ resourceIds: [id(PROD)] }), withList(scene)).request.state).toBe('promoted')
  })
  it('makes a member neither of whom is locked nor of whom may not ask any more', () => {
    const request = file({ resourceIds: [id(PROD)] })
    const locks = (target: Parameters<typeof aLock>[0]) => withList(scene, { locks: [aLock(target)] })
    for (const view of [
      withList(left),
      locks({ kind: 'user', user: ana.id }),
      locks({ kind: 'access-request', request: request.id }),
    ])
      expect(problemOf(() => promote(request, view))?.code).toBe('refused')
  })
})
