import { describe, expect, it } from 'vitest'
import { desiredForUser } from '../desired-state/desired-for.ts'
import type { View } from '../desired-state/view.ts'
import { ORIGIN_LABEL } from '../kernel/names.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { denialOfSignIn } from '../roles/application-access.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import {
  ADMIN,
  aList,
  aRole,
  aServiceProvider,
  aUser,
  aView,
  NOW,
  on,
  problemOf,
  PROD,
  READ_ONLY,
  requestId,
  SANDBOX,
} from '../testing/index.ts'
import type { User } from '../users/user.ts'
import type { AccessRequest } from './access-request.ts'
import { fileRequest, type RequestWish } from './file-request.ts'
import { longTermOf } from './long-term.ts'
import { promoteRequest, promotionCandidates } from './promote-request.ts'
import { reviewRequest } from './review-request.ts'

const ana = aUser('ana', { roles: ['requester'] })
const olga = aUser('olga', { roles: ['reviewer'] })
const id = (account: { id: string }, set = 'readonlyaccess'): string =>
  `/acme/aws_ic_account_assignment/${account.id}--${set}`
const both = aList('both', {
  owners: ['olga'],
  grants: [on(READ_ONLY, PROD), on(READ_ONLY, SANDBOX)],
})
const everything = aList('everything', {
  owners: ['olga'],
  grants: [on(READ_ONLY, PROD), on(READ_ONLY, SANDBOX), on(ADMIN, PROD)],
})
const sandboxOnly = aList('sandbox-only', { grants: [on(READ_ONLY, SANDBOX)] })
const adminOnly = aList('admin-only', { grants: [on(ADMIN, PROD)] })
const withLists = (...lists: ReturnType<typeof aList>[]): View =>
  aView({ users: [ana, olga], roles: PRESET_ROLES, lists })
const file = (view: View, wish: Partial<RequestWish>, user: User = ana): AccessRequest =>
  fileRequest(
    requestId('r'),
    user,
    { roles: [], resourceIds: [id(PROD), id(SANDBOX)], reason: '', suggestedReviewers: [], ...wish },
    view,
    NOW,
  )
const approve = (request: AccessRequest, view: View): AccessRequest =>
  reviewRequest(request, olga, { verdict: 'approve', reason: '', shown: 'a' }, { view, now: NOW, shown: 'a' })

describe('long-term access', () => {
  it('recommends the list that gives all of it and least besides', () => {
    const view = withLists(everything, both, sandboxOnly)
    expect(file(view, { longTerm: true }).longTerm).toEqual({ recommended: both.id })
    expect(promotionCandidates(file(view, {}), olga, view, NOW).map(({ title }) => title)).toEqual([
      'both',
      'everything',
    ])
  })
  it.each<[string, ReturnType<typeof aList>[], string[], RegExp]>([
    ['no list gives any of it', [adminOnly], [id(PROD)], /could join gives any of it/],
    ['some of it is given by none', [sandboxOnly], [id(PROD), id(SANDBOX)], /leave out/],
    ['it takes two lists', [sandboxOnly, adminOnly], [id(PROD, 'administratoraccess'), id(SANDBOX)], /by itself/],
  ])('can not proceed when %s, and says so', (_, lists, resourceIds, message) => {
    const view = withLists(...lists)
    expect(longTermOf(file(view, { resourceIds }), ana, view, NOW)).toMatchObject({
      canProceed: false,
      message: expect.stringMatching(message),
    })
    expect(problemOf(() => file(view, { resourceIds, longTerm: true }))?.code).toBe('refused')
  })
  it('is for lists whose requirements the asker meets, and that nobody else keeps', () => {
    const strict = { ...both, membershipRequires: { roles: [], traits: { team: ['ops'] } } }
    expect(longTermOf(file(withLists(strict), {}), ana, withLists(strict), NOW).canProceed).toBe(false)
    const kept = { ...both, type: 'scim' as const }
    expect(longTermOf(file(withLists(kept), {}), ana, withLists(kept), NOW).canProceed).toBe(false)
  })
  it('is promoted and never approved', () => {
    const view = withLists(both)
    const request = file(view, { longTerm: true })
    expect(problemOf(() => approve(request, view))).toMatchObject({ remedy: expect.stringContaining('Promote') })
    expect(promoteRequest(request, olga, { list: both.id, reason: '' }, view, NOW).request.state).toBe('promoted')
  })
  it('suggests the owners of lists that would give it, if they may review it', () => {
    const pia = aUser('pia')
    const view = aView({
      users: [ana, olga, pia],
      roles: PRESET_ROLES,
      lists: [aList('both', { owners: ['olga', 'pia'], grants: [on(READ_ONLY, PROD), on(READ_ONLY, SANDBOX)] })],
    })
    expect(file(view, {}).suggestedReviewers).toEqual([olga.name])
    expect(file(view, { suggestedReviewers: [olga.name.toUpperCase()] }).suggestedReviewers).toEqual([olga.name])
  })
  it('has reviewers suggested among those who may review it, and those whom his roles name; there is nobody else', () => {
    const suggesting = aRole('suggesting', { allow: { request: { suggestedReviewers: [aUser('pia').name] } } })
    const viewOf = (roles: string[]) =>
      aView({ users: [aUser('ana', { roles }), olga, aUser('pia')], roles: [...PRESET_ROLES, suggesting] })
    const naming = (name: string, roles = ['requester']) => {
      const view = viewOf(roles)
      return problemOf(() => file(view, { suggestedReviewers: [name] }, view.users[0]))
    }
    const nobody = naming('zed@acme.example')
    expect(nobody).toMatchObject({ code: 'invalid-value', field: 'suggested_reviewers' })
    for (const name of [aUser('pia').name, ana.name]) expect(naming(name)).toEqual({ ...nobody, text: name })
    expect(naming(aUser('pia').name, ['requester', 'suggesting'])).toBeUndefined()
  })
})

describe('an application', () => {
  const wiki = aServiceProvider('wiki', { labels: { team: 'docs' } })
  const other = aServiceProvider('payroll', { labels: { team: 'docs' } })
  const opener = aRole('opener', { allow: { appLabels: { team: [parsePattern('docs')] } } })
  const asker = aRole('asker', { allow: { request: { searchAsRoles: ['opener', 'aws-ic-access'] } } })
  const user = aUser('ana', { roles: ['asker'] })
  const view = aView({
    users: [user, aUser('olga', { roles: ['judge'] })],
    roles: [...PRESET_ROLES, opener, asker, aRole('judge', { allow: { reviewRequests: ['*'] } })],
    serviceProviders: [wiki, other],
  })
  const judge = view.users[1] ?? olga
  const resourceIds = ['/acme/saml_idp_service_provider/Wiki', id(PROD)]
  const denied = (name: typeof wiki, requests: AccessRequest[]): string | undefined =>
    denialOfSignIn(
      effectiveRoles(user, aView({ ...view, requests }), NOW, { application: name.name }),
      name.labels,
      name.name,
    )?.missing
  const granted = (rows?: string[]): AccessRequest =>
    reviewRequest(
      file(view, { resourceIds }, user),
      judge,
      { verdict: 'approve', reason: '', shown: 'a', ...(rows ? { rows } : {}) },
      { view, now: NOW, shown: 'a' },
    )

  it('is asked for beside accounts, through a role whose labels reach it', () => {
    expect(file(view, { resourceIds }, user)).toMatchObject({
      applications: ['wiki'],
      resources: [{ account: PROD.id }],
      roles: [{ name: 'opener' }, { name: 'aws-ic-access' }],
    })
  })
  it('lets its requester in while the request is in force, and in to no other application', () => {
    expect(denied(wiki, [])).toBe('label')
    expect(denied(wiki, [granted()])).toBeUndefined()
    expect(denied(other, [granted()])).toBe('label')
  })
  it('is a row of its own: AWS is given what was approved, and the application is not', () => {
    const request = granted([`${PROD.id}--readonlyaccess`])
    expect(denied(wiki, [request])).toBe('label')
    expect(desiredForUser(user, aView({ ...view, requests: [request] }), NOW).assignments.size).toBe(1)
  })
  it('that no role reaches is not there for whoever asks, like one that is not there', () => {
    const stranger = aView({
      ...view,
      serviceProviders: [aServiceProvider('wiki', { labels: { [ORIGIN_LABEL]: 'x' } })],
    })
    expect(problemOf(() => file(stranger, { resourceIds }, user))?.code).toBe('not-found')
    expect(problemOf(() => file(view, { resourceIds: ['/acme/saml_idp_service_provider/none'] }, user))?.code).toBe(
      'not-found',
    )
  })
})
