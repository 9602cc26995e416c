import { describe, expect, it } from 'vitest'
import type { ApprovalRule, ApprovalRuleName } from '../approval-rules/approval-rule.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import { days, hours, instant, type Instant, plus } from '../kernel/instant.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import { aList, aLock, aUser, aView, listId, NOW, requestId, SANDBOX } from '../testing/index.ts'
import type { User } from '../users/user.ts'
import type { AccessRequest } from './access-request.ts'
import { fileRequest, type RequestWish } from './file-request.ts'
import { PERSON_LABEL } from './reviewers.ts'
import { reviewRequest } from './review-request.ts'
import { beginAccess, settle } from './settle.ts'

const ana = aUser('ana', { roles: ['requester'] })
const bruno = aUser('bruno', { roles: ['reviewer'] })
const carla = aUser('carla', { roles: ['reviewer'] })
const scene = aView({ users: [ana, bruno, carla], roles: PRESET_ROLES })
const file = (wish: Partial<RequestWish> = {}, view = scene, user = ana, now = NOW): AccessRequest =>
  fileRequest(
    requestId('r'),
    user,
    {
      roles: [],
      resourceIds: [`/acme/aws_ic_account_assignment/${SANDBOX.id}--readonlyaccess`],
      reason: '',
      suggestedReviewers: [],
      ...wish,
    },
    view,
    now,
  )
const approve = (request: AccessRequest, by: User, view = scene, now = NOW): AccessRequest =>
  reviewRequest(request, by, { verdict: 'approve', reason: '', shown: 'a' }, { view, now, shown: 'a' })
const begin = (request: AccessRequest, view: OrganizationView, now: Instant): AccessRequest =>
  beginAccess(request, { view, now, shown: 'a' })
const aRule = (partial: Partial<Omit<ApprovalRule, 'when'>> & { when?: Partial<ApprovalRule['when']> }) => ({
  name: 'rule' as ApprovalRuleName, // as a scene names it
  description: '',
  labels: {},
  effect: { kind: 'approve', reason: 'agreed' } as const,
  authors: [],
  revision: 1,
  ...partial,
  when: { accounts: [], permissionSets: [], roles: [], requesterLists: [], times: [], ...partial.when },
})

describe('an approval of somebody who does not stand any more', () => {
  const two = (): AccessRequest => {
    const request = file()
    return {
      ...request,
      thresholds: [{ name: 'two', approve: 2, deny: 1 }],
      roleThresholds: Object.fromEntries(Object.keys(request.roleThresholds).map((role) => [role, [[0]]])),
    }
  }
  const SCENES: Readonly<Record<string, OrganizationView>> = {
    locked: aView({ ...scene, locks: [aLock({ kind: 'user', user: bruno.id })] }),
    gone: aView({ ...scene, users: [ana, carla] }),
    'no reviewer': aView({ ...scene, users: [ana, aUser('bruno'), carla] }),
  }
  for (const [name, view] of Object.entries(SCENES)) {
    it(`does not count for the last one: he is ${name} by now`, () => {
      const end = approve(approve(two(), bruno), carla, view)
      expect(end).toMatchObject({ state: 'pending', reviews: [{ isVoid: true }, { author: carla.id }] })
    })
    it(`does not let access begin: he is ${name} by now`, () => {
      const start = plus(NOW, days(13))
      const planned = approve(file({ assumeStartTime: start }), bruno)
      expect(begin(planned, scene, start).state).toBe('approved')
      expect(begin(planned, view, start)).toMatchObject({ state: 'pending', reviews: [{ isVoid: true }] })
    })
  }
})

describe('what a rule approved to begin later', () => {
  const start = plus(NOW, days(13))
  const onCall = aList('on-call', { members: ['ana'] })
  const rule = aRule({
    when: { accounts: [{ id: parsePattern(SANDBOX.id) }], requesterLists: [listId('on-call')] },
  })
  const viewWith = (partial: Partial<OrganizationView>): OrganizationView =>
    aView({ ...scene, lists: [onCall], approvalRules: [rule], ...partial })
  const approvedBy = (view: OrganizationView, at: Instant, now: Instant): AccessRequest => {
    const request = file({ assumeStartTime: at }, view, ana, now)
    const automatic = request.automatic && { ...request.automatic, shown: 'a' }
    return settle({ ...request, ...(automatic ? { automatic } : {}) }, { view, now, isRead: true })
  }
  const planned = approvedBy(viewWith({}), start, NOW)

  it('begins while the rule would approve it', () => {
    expect(planned.state).toBe('approved')
    expect(begin(planned, viewWith({}), start).state).toBe('approved')
  })
  it('does not begin once whoever asked has left the list, or the rule is gone', () => {
    const left = viewWith({ lists: [{ ...onCall, members: [] }] })
    for (const view of [left, viewWith({ approvalRules: [] })])
      expect(begin(planned, view, start)).toMatchObject({ state: 'pending' })
  })
  it('does not begin at a time at which the rule approves nothing', () => {
    const saturday = { days: ['sat' as const], from: 0, to: 0, timeZone: 'UTC' }
    const view = viewWith({ approvalRules: [aRule({ when: { times: [saturday] } })] })
    const now = instant('2027-03-06T12:00:00Z')
    const [later, monday] = [plus(now, hours(2)), plus(now, days(2))]
    expect(begin(approvedBy(view, later, now), view, later).state).toBe('approved')
    expect(begin(approvedBy(view, monday, now), view, monday).state).toBe('pending')
  })
})

it('a rule does not approve what its author asks for by another account, though the one that wrote it is gone', () => {
  const labels = { [PERSON_LABEL]: '4711' }
  const other = aUser('ana-2', { roles: ['requester'], labels })
  const view = aView({
    ...scene,
    users: [other],
    approvalRules: [aRule({ authors: [{ user: ana.id, person: '4711' }] })],
  })
  expect(file({}, view, other).automatic).toBeUndefined()
})

it('thresholds of a rule that are merely in another order leave approvals as they are', () => {
  const [one, other] = [
    { name: 'one', approve: 2, deny: 1 },
    { name: 'other', approve: 3, deny: 1 },
  ]
  const viewWith = (...thresholds: (typeof one)[]): OrganizationView =>
    aView({ ...scene, approvalRules: [aRule({ effect: { kind: 'thresholds', thresholds } })] })
  const once = approve(file({}, viewWith(one, other)), bruno, viewWith(one, other))
  const end = approve(once, carla, viewWith(other, one))
  expect(end).toMatchObject({ state: 'approved', reviews: [{ author: bruno.id }, { author: carla.id }] })
})
