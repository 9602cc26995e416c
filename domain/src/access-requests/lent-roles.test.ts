import { describe, expect, it } from 'vitest'
import { desiredForUser } from '../desired-state/desired-for.ts'
import type { View } from '../desired-state/view.ts'
import { hours, plus } from '../kernel/instant.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { denialOfSignIn } from '../roles/application-access.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import type { Role } from '../roles/role.ts'
import { mayAct, refusalOf } from '../roles/rules.ts'
import {
  ADMIN,
  aRole,
  aServiceProvider,
  aUser,
  aView,
  type PatternPair,
  NOW,
  PROD,
  READ_ONLY,
  requestId,
  SANDBOX,
} from '../testing/index.ts'
import type { AccessRequest } from './access-request.ts'
import { fileRequest, type RequestWish } from './file-request.ts'
import { returnAccess } from './return-access.ts'
import { reviewRequest, type ReviewWish } from './review-request.ts'
import { beginAccess } from './settle.ts'

const ana = aUser('ana', { roles: ['asker'] })
const bruno = aUser('bruno', { roles: ['reviewer'] })
const asker = aRole('asker', { allow: { request: { roles: ['low', 'high'] } } })
const reviewer = aRole('reviewer', { allow: { reviewRequests: ['*'] } })
const high = aRole('high', { allow: { assignments: [[PROD.id, ADMIN.arn]] } })
const low = (assignments: PatternPair[]): Role => aRole('low', { allow: { assignments } })
const NARROW = low([[SANDBOX.id, READ_ONLY.arn]])
const WIDE = low([['*', '*']])
const viewWith = (...roles: Role[]): View => aView({ users: [ana, bruno], roles: [asker, reviewer, ...roles] })
const file = (wish: Partial<RequestWish>, view: View, user = ana): AccessRequest =>
  fileRequest(
    requestId('r'),
    user,
    { roles: [], resourceIds: [], reason: '', suggestedReviewers: [], ...wish },
    view,
    NOW,
  )
const approve = (request: AccessRequest, view: View, wish: Partial<ReviewWish> = {}): AccessRequest =>
  reviewRequest(request, bruno, { verdict: 'approve', reason: '', shown: 'a', ...wish }, { view, now: NOW, shown: 'a' })
const held = (request: AccessRequest, view: View): readonly string[] => [
  ...desiredForUser(ana, aView({ ...view, requests: [request] }), NOW).assignments.keys(),
]
const ON_SANDBOX = `${SANDBOX.id}|${READ_ONLY.arn}`
const mayWriteRoles = (request: AccessRequest, view: View): boolean =>
  mayAct(
    effectiveRoles(ana, aView({ ...view, requests: [request] }), NOW, { assumed: [request.id] }),
    'update',
    'role',
    { name: 'x', labels: {} },
  )

describe('a role that is lent', () => {
  it('gives nothing here once it says something else, though it was deleted and made again with the old revision', () => {
    const running = approve(file({ roles: ['low'] }, viewWith(NARROW)), viewWith(NARROW))
    const again = aRole('low', { revision: NARROW.revision, allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } })
    expect(mayWriteRoles(running, viewWith(again))).toBe(false)
  })

  it('takes nothing from somebody who has the same role for good by now, once it says something else', () => {
    const running = approve(file({ roles: ['low'] }, viewWith(NARROW)), viewWith(NARROW))
    const wide = aRole('low', { allow: { rules: [{ resources: ['role'], verbs: ['update'] }] } })
    const promoted = aUser('ana', { roles: ['asker', 'low'] })
    const view = aView({ ...viewWith(wide), users: [promoted, bruno], requests: [running] })
    const roles = effectiveRoles(promoted, view, NOW, { assumed: [running.id] })
    expect(mayAct(roles, 'update', 'role', { name: 'x', labels: {} })).toBe(true)
  })

  it('is said to have changed to whom it gives nothing any more, and not to be locked', () => {
    const running = approve(file({ roles: ['low'] }, viewWith(NARROW)), viewWith(NARROW))
    const wide = aRole('low', { version: 'v8', allow: { rules: [{ resources: ['role'], verbs: ['update'] }] } })
    const view = aView({ ...viewWith(wide), requests: [running] })
    const roles = effectiveRoles(ana, view, NOW, { assumed: [running.id] })
    expect(refusalOf(roles, 'update', 'role').problem).toMatchObject({
      message: expect.stringContaining('has changed since it was lent to you'),
    })
  })

  it('goes on when it was saved again and says the same', () => {
    const mighty = aRole('low', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } })
    const running = approve(file({ roles: ['low'] }, viewWith(mighty)), viewWith(mighty))
    const mended = { ...mighty, description: 'with a better description', revision: 2 }
    expect(mayWriteRoles(running, viewWith(mended))).toBe(true)
  })

  it('begins with what it gives, though it was described in other words between approval and start', () => {
    const mighty = aRole('low', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } })
    const start = plus(NOW, hours(1))
    const planned = approve(file({ roles: ['low'], assumeStartTime: start }, viewWith(mighty)), viewWith(mighty))
    const mended = viewWith({ ...mighty, description: 'with a better description', revision: 2 })
    const running = beginAccess(planned, { view: mended, now: start, shown: 'a' })
    const roles = effectiveRoles(ana, aView({ ...mended, requests: [running] }), start, { assumed: [running.id] })
    expect(mayAct(roles, 'update', 'role', { name: 'x', labels: {} })).toBe(true)
  })

  it('opens an application as it was approved, whatever was saved since that says the same', () => {
    const pay = (revision: number) =>
      aRole('pay', { revision, allow: { appLabels: { tier: [parsePattern('secret')] } } })
    const user = aUser('ana', { roles: ['searcher'] })
    const payroll = aServiceProvider('payroll', { labels: { tier: 'secret' } })
    const searcher = aRole('searcher', { allow: { request: { searchAsRoles: ['pay'] } } })
    const view = (revision: number): View =>
      aView({ users: [user, bruno], roles: [searcher, reviewer, pay(revision)], serviceProviders: [payroll] })
    const asked = file({ resourceIds: ['/acme/saml_idp_service_provider/payroll'] }, view(1), user)
    const running = approve(asked, view(1))
    const later = aView({ ...view(2), requests: [running] })
    const roles = effectiveRoles(user, later, NOW, { application: payroll.name })
    expect(denialOfSignIn(roles, payroll.labels, payroll.name)).toBeUndefined()
    const widened = { ...pay(2), options: { ...pay(2).options, maxSessionTtl: hours(99) } }
    const changed = aView({ ...later, roles: [searcher, reviewer, widened] })
    const then = effectiveRoles(user, changed, NOW, { application: payroll.name })
    expect(denialOfSignIn(then, payroll.labels, payroll.name)).toMatchObject({ missing: 'approval', role: 'pay' })
  })

  it('gives nothing that only another row of its request gave, when that row was denied', () => {
    const view = viewWith(NARROW, high)
    const running = approve(file({ roles: ['low', 'high'] }, view), view, { rows: ['low'] })
    expect(held(running, view)).toEqual([ON_SANDBOX])
    expect(held(running, viewWith(WIDE, high))).toEqual([ON_SANDBOX])
  })

  it('gives nothing that only another row of its request gave, when that row was returned', () => {
    const view = viewWith(NARROW, high)
    const running = returnAccess(approve(file({ roles: ['low', 'high'] }, view), view), ['high'], NOW)
    expect(held(running, viewWith(WIDE, high))).toEqual([ON_SANDBOX])
  })

  it('gives nothing of another row while both run, once it is widened and the other is narrowed', () => {
    const view = viewWith(NARROW, high)
    const running = approve(file({ roles: ['low', 'high'] }, view), view)
    expect(held(running, viewWith(WIDE, aRole('high')))).toEqual([ON_SANDBOX])
  })
})
