import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayRequestRole } from '../access-requests/requestable.ts'
import { mayReview } from '../access-requests/reviewers.ts'
import { formatDocument } from '../documents/format-document.ts'
import { documentOfRole } from '../documents/document-of.ts'
import { type ParsedDocument } from '../documents/document.ts'
import { parseDocuments } from '../documents/parse-documents.ts'
import type { Traits } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { aList, aRequest, aUser, aView, NOW, roleName, userId } from '../testing/builders.ts'
import { denialByLabels } from './application-access.ts'
import { type EffectiveRoles, effectiveRoles } from './effective-roles.ts'
import type { Role } from './role.ts'

const read = (spec: string): readonly ParsedDocument[] =>
  parseDocuments(`kind: role\nversion: v8\nmetadata: {name: r}\nspec: ${spec}`)
function role(spec: string): Role {
  const [parsed] = read(spec)
  if (parsed?.document.kind !== 'role') throw new Error('it is no role')
  const { kind: _, ...rest } = parsed.document
  return { ...rest, revision: 1 }
}
const one = (one: Role, traits: Traits, listTraits: Traits = {}): EffectiveRoles => {
  const ana = aUser('ana', { roles: ['r'], traits })
  const list = aList('list', { members: ['ana'] })
  const lists = [{ ...list, grants: { roles: [], traits: listTraits } }]
  const view = aView({ users: [ana], roles: [one], lists })
  return effectiveRoles(view.userById.get(userId('ana')) ?? ana, view, NOW)
}
const mayAsk = (spec: string, traits: Traits, wanted: string, listTraits: Traits = {}): boolean =>
  mayRequestRole(roleName(wanted), one(role(spec), traits, listTraits))
const ASK = '{allow: {request: {roles: ["{{external.team}}-*"]}}}'

describe('a trait in roles to ask for', () => {
  it('is the user’s own or that of a list he is in, and each of its values', () => {
    expect(mayAsk(ASK, { team: ['web', 'data'] }, 'data-admin')).toBe(true)
    expect(mayAsk(ASK, {}, 'web-admin', { team: ['web'] })).toBe(true)
    expect(mayAsk(ASK, { team: ['web'] }, 'data-admin')).toBe(false)
  })
  it('that is missing gives nothing where it allows, and denies everything where it denies', () => {
    expect(mayAsk(ASK, {}, 'web-admin')).toBe(false)
    const denying = '{allow: {request: {roles: ["*"]}}, deny: {request: {roles: ["{{external.team}}-*"]}}}'
    expect(mayAsk(denying, {}, 'anything')).toBe(false)
    expect(mayAsk(denying, { team: ['web'] }, 'web-admin')).toBe(false)
    expect(mayAsk(denying, { team: ['web'] }, 'data-admin')).toBe(true)
  })
  it('stands for itself, whatever characters it has', () => {
    const exact = '{allow: {request: {roles: ["{{external.team}}"]}}}'
    for (const value of ['*', '^.*$', 'w*b', '^web$']) expect(mayAsk(exact, { team: [value] }, 'web')).toBe(false)
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 8 }),
        fc.string({ minLength: 1, maxLength: 8 }),
        (value, wanted) => {
          expect(mayAsk(exact, { team: [value] }, wanted)).toBe(value === wanted)
        },
      ),
    )
  })
})

it('a trait in roles to review decides what somebody may review', () => {
  const reviewing = role('{allow: {review_requests: {roles: ["{{external.team}}-*"]}}}')
  const view = aView({ users: [aUser('boris')] })
  const request = aRequest('r1', 'boris', { roles: ['web-admin'] })
  expect(mayReview(request, one(reviewing, { team: ['web'] }), view)).toBe(true)
  expect(mayReview(request, one(reviewing, { team: ['data'] }), view)).toBe(false)
  expect(mayReview(request, one(reviewing, {}), view)).toBe(false)
})

it('a trait in labels decides which applications somebody signs in to', () => {
  const labels = { team: 'web' }
  const allowing = role('{allow: {app_labels: {team: "{{external.team}}"}}}')
  expect(denialByLabels(one(allowing, { team: ['web'] }), labels)).toBeUndefined()
  expect(denialByLabels(one(allowing, { team: ['*'] }), labels)?.missing).toBe('label')
  expect(denialByLabels(one(allowing, {}), labels)?.missing).toBe('label')
  const denying = role('{allow: {app_labels: {"*": "*"}}, deny: {app_labels: {team: "{{external.banned}}"}}}')
  expect(denialByLabels(one(denying, { banned: ['data'] }), labels)).toBeUndefined()
  expect(denialByLabels(one(denying, { banned: ['web'] }), labels)?.missing).toBe('rule')
  expect(denialByLabels(one(denying, {}), labels)?.missing).toBe('rule')
  expect(denialByLabels(one(denying, {}), { env: 'prod' })).toBeUndefined()
})

it('is shown as it was written, and refused where it is not read', () => {
  const written = role(ASK)
  expect(formatDocument(documentOfRole(written))).toContain('{{external.team}}-*')
  for (const spec of [
    '{allow: {request: {roles: ["{{user.name}}"]}}}',
    '{allow: {request: {roles: ["^{{external.team}}$"]}}}',
    '{allow: {request: {claims_to_roles: [{claim: a, value: b, roles: ["{{external.team}}"]}]}}}',
  ])
    expect(() => read(spec)).toThrow(DomainError)
})
