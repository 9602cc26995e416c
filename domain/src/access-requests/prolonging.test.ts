import { describe, expect, it } from 'vitest'
import { desiredForUser } from '../desired-state/desired-for.ts'
import { createDesiredStateTracker } from '../desired-state/track-desired-state.ts'
import { deriveView, type OrganizationView } from '../desired-state/view.ts'
import { days, hours, type Instant, plus } from '../kernel/instant.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import { aLock, aRole, aUser, aView, NOW, problemOf, PROD, requestId, SANDBOX } from '../testing/index.ts'
import type { AccessRequest } from './access-request.ts'
import { fileRequest, type RequestWish } from './file-request.ts'
import { returnAccess, returnProlonging } from './return-access.ts'
import { reviewRequest } from './review-request.ts'
import { beginAccess } from './settle.ts'

const ana = aUser('ana', { roles: ['requester', 'asker'] })
const bruno = aUser('bruno', { roles: ['reviewer', 'looks'] })
const roles = [
  ...PRESET_ROLES,
  aRole('asker', { allow: { request: { roles: ['lent'] } } }),
  aRole('looks', { allow: { reviewRequests: ['*'] } }),
  aRole('lent', { allow: { rules: [{ resources: ['*'], verbs: ['*'] }] } }),
]
const scene = aView({ users: [ana, bruno], roles })
const withRequests = (...requests: AccessRequest[]): OrganizationView => aView({ ...scene, requests })
const rowOn = (account: { id: string }): string => `${account.id}--readonlyaccess`
const file = (name: string, wish: Partial<RequestWish>, view = scene): AccessRequest =>
  fileRequest(
    requestId(name),
    ana,
    { roles: [], resourceIds: [], reason: '', suggestedReviewers: [], ...wish },
    view,
    NOW,
  )
const both = { resourceIds: [PROD, SANDBOX].map((one) => `/acme/aws_ic_account_assignment/${rowOn(one)}`) }
const approve = (request: AccessRequest, view = scene, now: Instant = NOW, shown = 'a'): AccessRequest =>
  reviewRequest(request, bruno, { verdict: 'approve', reason: '', shown }, { view, now, shown })
const held = (requests: AccessRequest[], now: Instant = NOW): number =>
  desiredForUser(ana, withRequests(...requests), now).assignments.size

const first = approve({ ...file('first', both), duration: days(10) })
const longer = file('longer', { prolongs: 'first', duration: hours(2) }, withRequests(first))
const running = approve(longer, withRequests(first))
const lock = aLock({ kind: 'access-request', request: requestId('first') })

describe('a lock on access that has been prolonged', () => {
  it('takes away what prolongs it, too, at once', () => {
    const before = withRequests(first, running)
    const tracker = createDesiredStateTracker()
    tracker.advance(before, NOW)
    const { desired } = tracker.advance(deriveView(before, { ...before, locks: [lock] }), NOW)
    expect(desired.users.get(ana.id)?.assignments.size).toBe(0)
  })
  it('takes away the roles that the other lends', () => {
    const lent = approve(file('first', { roles: ['lent'] }))
    const again = approve(file('longer', { prolongs: 'first' }, withRequests(lent)), withRequests(lent))
    const view = withRequests(lent, again)
    const names = (one: OrganizationView) => [...effectiveRoles(ana, one, NOW, { assumed: [again.id] }).names]
    expect(names(view)).toContain('lent')
    expect(names(aView({ ...view, locks: [lock] }))).not.toContain('lent')
  })
  it('keeps what would prolong it from being approved', () => {
    const view = aView({ ...withRequests(first), locks: [lock] })
    expect(problemOf(() => approve(longer, view))?.code).toBe('refused')
  })
})

describe('access that is given back', () => {
  it('is given back in what prolongs it, row by row', () => {
    const view = withRequests(first, running)
    const back = returnAccess(first, [rowOn(PROD)], NOW)
    const others = returnProlonging(back, first, view, NOW)
    expect(others.map(({ id }) => id)).toEqual([running.id])
    expect(held([back, ...others], plus(NOW, days(5)))).toBe(1)
    const all = returnAccess(first, undefined, NOW)
    expect(held([all, ...returnProlonging(all, first, view, NOW)])).toBe(0)
  })
  it('does not come back with a prolonging that was asked for before', () => {
    const back = returnAccess(first, [rowOn(PROD)], NOW)
    const end = approve(longer, withRequests(back))
    expect(held([back, end], plus(NOW, days(5)))).toBe(1)
  })
  it('is not prolonged when nothing of it is left', () => {
    const back = returnAccess(first, undefined, NOW)
    expect(problemOf(() => approve(longer, withRequests(back)))?.code).toBe('refused')
    expect(problemOf(() => approve(longer, scene))?.code).toBe('refused')
  })
  it('before its start does not come back when its approvals become void', () => {
    const start = plus(NOW, hours(1))
    const planned = approve(file('r', { ...both, assumeStartTime: start }))
    const pending = beginAccess(returnAccess(planned, [rowOn(PROD)], NOW), { view: scene, now: start, shown: 'b' })
    expect(pending.state).toBe('pending')
    expect(held([approve(pending, scene, start, 'b')], start)).toBe(1)
  })
})
