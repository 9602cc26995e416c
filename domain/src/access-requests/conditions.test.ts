import { describe, expect, it } from 'vitest'
import { parsePattern } from '../kernel/pattern.ts'
import type { Predicate } from '../predicates/predicate.ts'
import { parsePredicate } from '../predicates/predicate.ts'
import { REVIEW_WHERE_SCOPE, THRESHOLD_SCOPE } from '../predicates/scopes.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { aLock, aRole, aUser, aView, NOW, requestId } from '../testing/builders.ts'
import type { AccessRequest } from './access-request.ts'
import { fileRequest } from './file-request.ts'
import { mayRequestRole } from './requestable.ts'
import { reviewRequest } from './review-request.ts'
import { mayReview } from './reviewers.ts'

const filter = (text: string): Predicate => parsePredicate(text, THRESHOLD_SCOPE)
const where = (text: string): Predicate => parsePredicate(text, REVIEW_WHERE_SCOPE)
const everything = [parsePattern('*')]

const asker = aRole('asker', {
  allow: {
    request: {
      roles: ['dba'],
      thresholds: [
        { name: 'leads', approve: 1, deny: 1, filter: filter('contains(reviewer.roles, "lead")') },
        { name: 'two', approve: 2, deny: 2, filter: filter('review.reason != ""') },
      ],
      annotations: { team: ['{{external.team}}', 'all'], pager: ['{{external.pager}}'] },
    },
  },
})
const reviewer = aRole('reviewer', { allow: { reviewRequests: ['*'] } })
const roles = [asker, reviewer, aRole('dba'), aRole('lead')]
const ana = aUser('ana', { roles: ['asker'], traits: { team: ['web', 'data'] } })
const people = ['bruno', 'carla', 'dora'].map((name) => aUser(name, { roles: ['reviewer'] }))
const [bruno = ana, carla = ana, dora = ana] = people
const lea = aUser('lea', { roles: ['reviewer', 'lead'] })
const view = aView({ users: [ana, ...people, lea], roles })
const wish = { roles: ['dba'], resourceIds: [], reason: 'INC-7', suggestedReviewers: [] }
const pending = fileRequest(requestId('r'), ana, wish, view, NOW)

describe('a threshold with a filter', () => {
  const review = (request: AccessRequest, by: typeof ana, reason: string, verdict: 'approve' | 'deny' = 'approve') =>
    reviewRequest(request, by, { verdict, reason, shown: 'now' }, { view, now: NOW, shown: 'now' })
  it('counts only the reviews that meet it', () => {
    const once = review(pending, bruno, 'fine')
    expect(once.state).toBe('pending')
    expect(review(once, carla, '').state).toBe('pending')
    expect(review(once, carla, 'fine').state).toBe('approved')
    expect(review(pending, lea, '').state).toBe('approved')
  })
  it('keeps which thresholds a review counted for', () => {
    expect(review(pending, bruno, '').reviews[0]?.thresholds).toEqual([])
    expect(review(pending, lea, 'fine').reviews[0]?.thresholds).toEqual([0, 1])
  })
  it('is denied only by as many as it asks for among those that count', () => {
    const once = review(pending, bruno, 'no', 'deny')
    expect(once.state).toBe('pending')
    expect(review(once, dora, '', 'deny').state).toBe('pending')
    expect(review(once, dora, 'no', 'deny').state).toBe('denied')
    expect(review(pending, lea, '', 'deny').state).toBe('denied')
  })
})

describe('the annotations of a request', () => {
  it('are those of the blocks that cover it, with the traits of who asks', () => {
    expect(pending.annotations).toEqual({ team: ['all', 'data', 'web'] })
  })
  it('lose exactly the values that a deny of any role names', () => {
    const annotationsWith = (denied: Record<string, string[]>) => {
      const quiet = aRole('quiet', { deny: { request: { annotations: denied } } })
      const user = aUser('ana', { roles: ['asker', 'quiet'], traits: ana.traits })
      const denying = aView({ users: [user], roles: [...roles, quiet] })
      return fileRequest(requestId('r'), user, wish, denying, NOW).annotations
    }
    expect(annotationsWith({ team: ['{{external.team}}'], other: ['all'] })).toEqual({ team: ['all'] })
    expect(annotationsWith({ team: ['web', 'data', 'all'] })).toEqual({})
  })
})

describe('a condition on reviewing', () => {
  const reviewing = (allow?: string, deny?: string) => {
    const conditional = {
      ...reviewer,
      allow: allow
        ? { ...reviewer.allow, reviewRequests: { ...reviewer.allow.reviewRequests, where: where(allow) } }
        : reviewer.allow,
      deny: deny
        ? {
            ...reviewer.deny,
            reviewRequests: { ...reviewer.deny.reviewRequests, roles: everything, where: where(deny) },
          }
        : reviewer.deny,
    }
    const changed = aView({ users: [ana, bruno], roles: [asker, conditional, aRole('dba')] })
    return mayReview(pending, effectiveRoles(bruno, changed, NOW), changed)
  }
  it('lets review only what meets it', () => {
    expect(reviewing()).toBe(true)
    expect(reviewing('has_prefix(request.reason, "INC-")')).toBe(true)
    expect(reviewing('request.reason == "other"')).toBe(false)
    expect(reviewing('contains(request.system_annotations["team"], "web")')).toBe(true)
    expect(reviewing('contains(reviewer.roles, "reviewer") && contains(request.roles, "dba")')).toBe(true)
  })
  it('keeps a deny from what does not meet it', () => {
    expect(reviewing(undefined, 'contains(request.roles, "dba")')).toBe(false)
    expect(reviewing(undefined, 'contains(request.roles, "prod")')).toBe(true)
  })
})

it('a deny on reviewing also holds for those who may change every request', () => {
  const rules = [{ resources: ['access_request'], verbs: ['update'] }] as const
  const mayReviewWith = (...held: readonly ReturnType<typeof aRole>[]) => {
    const user = aUser('bruno', { roles: held.map(({ name }) => name) })
    const changed = aView({ users: [ana, user], roles: [asker, aRole('dba'), ...held] })
    return mayReview(pending, effectiveRoles(user, changed, NOW), changed)
  }
  const administrator = aRole('administrator', { allow: { rules } })
  expect(mayReviewWith(administrator)).toBe(true)
  expect(mayReviewWith(administrator, aRole('not-these', { deny: { reviewRequests: ['dba'] } }))).toBe(false)
  expect(mayReviewWith(administrator, aRole('not-those', { deny: { reviewRequests: ['prod'] } }))).toBe(true)
})

it('a deny on reviewing that asks for a role holds while that role is locked', () => {
  const deny = { ...reviewer.deny.reviewRequests, roles: everything, where: where('contains(reviewer.roles, "lead")') }
  const barred = { ...reviewer, deny: { ...reviewer.deny, reviewRequests: deny } }
  const locks = [aLock({ kind: 'role', role: aRole('lead').name })]
  const changed = aView({ users: [ana, lea, bruno], roles: [asker, barred, aRole('dba'), aRole('lead')], locks })
  expect(mayReview(pending, effectiveRoles(lea, changed, NOW), changed)).toBe(false)
  expect(mayReview(pending, effectiveRoles(bruno, changed, NOW), changed)).toBe(true)
})

describe('roles by claims', () => {
  const mapping = { claim: 'team', value: parsePattern('sre-*'), roles: [parsePattern('db*')] }
  const onCall = (side: 'allow' | 'deny') => {
    const role = aRole('on-call', side === 'deny' ? { allow: { request: { roles: ['*'] } } } : {})
    const conditions = role[side]
    return {
      ...role,
      [side]: {
        ...conditions,
        request: { ...conditions.request, claimsToRoles: [mapping] },
        reviewRequests: { ...conditions.reviewRequests, claimsToRoles: [mapping] },
      },
    }
  }
  const rolesOf = (side: 'allow' | 'deny', team: string) => {
    const user = aUser('bruno', { roles: ['on-call'], traits: { team: [team] } })
    return effectiveRoles(user, aView({ users: [user], roles: [onCall(side)] }), NOW)
  }
  const dba = aRole('dba').name
  it('may be asked for, and reviewed, by people whose trait has the value', () => {
    expect(mayRequestRole(dba, rolesOf('allow', 'sre-eu'))).toBe(true)
    expect(mayRequestRole(dba, rolesOf('allow', 'web'))).toBe(false)
    expect(mayReview(pending, rolesOf('allow', 'sre-eu'), view)).toBe(true)
    expect(mayReview(pending, rolesOf('allow', 'web'), view)).toBe(false)
  })
  it('are denied to them where a deny maps them', () => {
    expect(mayRequestRole(dba, rolesOf('deny', 'sre-eu'))).toBe(false)
    expect(mayRequestRole(dba, rolesOf('deny', 'web'))).toBe(true)
  })
})
