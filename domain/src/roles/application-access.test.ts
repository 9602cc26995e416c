import { describe, expect, it } from 'vitest'
import { parsePattern } from '../kernel/pattern.ts'
import { parsePredicate } from '../predicates/predicate.ts'
import { LABELS_SCOPE } from '../predicates/scopes.ts'
import { aLock, aRole, aUser, aView, NOW, roleName } from '../testing/builders.ts'
import { denialByLabels, denialOfSignIn, IDENTITY_CENTER_LABELS } from './application-access.ts'
import { effectiveRoles } from './effective-roles.ts'
import { DEFAULT_OPTIONS, type LabelPatterns, type Role } from './role.ts'

const patterns = (labels: Readonly<Record<string, string>>): LabelPatterns =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, [parsePattern(value)]]))
const v7 = (samlIdpEnabled: boolean, options: Partial<Role['options']> = {}): Role =>
  aRole('old', { version: 'v7', options: { ...DEFAULT_OPTIONS, samlIdpEnabled, ...options } })
const v8 = (allow: Readonly<Record<string, string>>, deny?: Readonly<Record<string, string>>): Role =>
  aRole('new', { allow: { appLabels: patterns(allow) }, deny: deny ? { appLabels: patterns(deny) } : {} })

/** The roles that count for somebody who holds all of these. */
function holding(roles: readonly Role[], locked: readonly string[] = []) {
  const ana = aUser('ana', { roles: roles.map(({ name }) => name), traits: { envs: ['dev'] } })
  const locks = locked.map((name) => aLock({ kind: 'role', role: roleName(name) }))
  return effectiveRoles(ana, aView({ users: [ana], roles, locks }), NOW)
}
const missing = (roles: readonly Role[], labels = IDENTITY_CENTER_LABELS): string | undefined =>
  denialOfSignIn(holding(roles), labels)?.missing

describe('signing in to an application', () => {
  it.each([
    ['old disabled, new for everything', [v7(false), v8({ '*': '*' })], 'option'],
    ['old enabled, new denying everything', [v7(true), v8({}, { '*': '*' })], 'rule'],
    ['old enabled, new for everything', [v7(true), v8({ '*': '*' })], undefined],
    ['no old, new for everything', [v8({ '*': '*' })], undefined],
    ['old enabled, new for other labels', [v7(true), v8({ env: 'dev' })], 'label'],
    ['old enabled, no new', [v7(true)], undefined],
    ['old disabled, no new', [v7(false)], 'option'],
    ['new for its origin', [v8({ ...IDENTITY_CENTER_LABELS })], undefined],
    ['new without labels', [aRole('new')], 'label'],
  ])('with roles %s misses %s (GD-58, GD-61)', (_, roles, expected) => {
    expect(missing(roles)).toBe(expected)
  })
  it.each([
    ['an expression alone', { expression: 'labels["env"] == "dev"' }, undefined],
    ['an expression that is not met', { expression: 'labels["env"] == "prod"' }, 'label'],
    ['labels and an expression', { appLabels: patterns({ team: 'a' }), expression: 'labels.env == "dev"' }, undefined],
    ['labels without the expression', { appLabels: patterns({ team: 'a' }), expression: 'labels.env == "x"' }, 'label'],
    [
      'the expression without labels',
      { appLabels: patterns({ team: 'b' }), expression: 'labels.env == "dev"' },
      'label',
    ],
    ['a trait of the user', { expression: 'contains(external.envs, labels.env)' }, undefined],
    ['a role of the user', { expression: 'contains(user.spec.roles, "new")' }, undefined],
  ])('by %s', (_, { expression, ...allow }, expected) => {
    const role = aRole('new', { allow: { ...allow, appLabelsExpression: parsePredicate(expression, LABELS_SCOPE) } })
    expect(missing([role], { env: 'dev', team: 'a' })).toBe(expected)
  })
  it('is denied by labels or by an expression, whichever matches', () => {
    const denying = (text: string) =>
      aRole('denying', {
        deny: { appLabels: patterns({ env: 'prod' }), appLabelsExpression: parsePredicate(text, LABELS_SCOPE) },
      })
    const all = v8({ '*': '*' })
    expect(missing([all, denying('labels.team == "a"')], { env: 'dev', team: 'a' })).toBe('rule')
    expect(missing([all, denying('labels.team == "b"')], { env: 'prod', team: 'a' })).toBe('rule')
    expect(missing([all, denying('labels.team == "b"')], { env: 'dev', team: 'a' })).toBeUndefined()
  })
  it('reaches only applications that carry the labels', () => {
    expect(missing([v7(true), v8({ env: 'dev' })], { env: 'dev' })).toBeUndefined()
    expect(missing([v7(true), v8({ env: 'dev' })], { env: 'prod' })).toBe('label')
    expect(missing([v7(true), v8({ env: 'dev', team: 'a' })], { env: 'dev' })).toBe('label')
    expect(missing([v8({ '*': '*' })], {})).toBeUndefined()
  })
  it('counts a role of version 7 neither for nor against when it only has labels, and says so', () => {
    const old = aRole('old', { version: 'v7', allow: { appLabels: patterns({ '*': '*' }) } })
    expect(missing([old])).toBeUndefined()
    expect(denialOfSignIn(holding([old, aRole('new')]))).toMatchObject({ missing: 'role-version', role: 'old' })
  })
  it('says that the role which would let one in is locked', () => {
    const roles = [v8({ '*': '*' }), aRole('other')]
    expect(denialOfSignIn(holding(roles, ['new']))).toMatchObject({ missing: 'lock', role: 'new' })
  })
  it('is not opened by locking roles: what they ask for stays, and what they give goes', () => {
    const denialWith = (roles: readonly Role[], ...locked: readonly string[]) => denialOfSignIn(holding(roles, locked))
    expect(denialWith([v8({ '*': '*' })], 'new')).toMatchObject({ missing: 'lock', role: 'new' })
    expect(denialWith([v7(true), v8({ '*': '*' })], 'new')).toMatchObject({ missing: 'lock', role: 'new' })
    expect(denialWith([v7(true), v8({ env: 'dev' })], 'new')).toMatchObject({ missing: 'label' })
    expect(denialWith([v7(false), v8({ '*': '*' })], 'old')).toMatchObject({ missing: 'option', role: 'old' })
    expect(denialWith([v7(true)], 'old')).toMatchObject({ missing: 'lock', role: 'old' })
    expect(denialWith([v7(true, { requireSessionMfa: true }), v8({ '*': '*' })], 'old')).toMatchObject({
      missing: 'factor',
      role: 'old',
    })
    const strict = aRole('strict', {
      allow: { appLabels: patterns({ '*': '*' }) },
      options: { ...DEFAULT_OPTIONS, requireSessionMfa: true },
    })
    expect(denialWith([strict, v8({ '*': '*' })], 'strict')).toMatchObject({ missing: 'factor', role: 'strict' })
    expect(denialWith([v7(true), aRole('another', { version: 'v7' })], 'old')).toBeUndefined()
  })
  it('goes on being denied by a role that is locked', () => {
    const expression = parsePredicate('contains(user.spec.roles, "plain")', LABELS_SCOPE)
    const conditional = aRole('denying', { deny: { appLabelsExpression: expression } })
    const held = [v8({ '*': '*' }), conditional, aRole('plain')]
    expect(denialOfSignIn(holding(held, ['plain']))).toMatchObject({ missing: 'rule', role: 'denying' })
    const denying = aRole('denying', { deny: { appLabels: patterns({ '*': '*' }) } })
    expect(denialOfSignIn(holding([v8({ '*': '*' }), denying], ['denying']))).toMatchObject({ missing: 'rule' })
  })
  it('is refused, naming role and option, where a second factor or a device is asked for (GD-59, GD-60)', () => {
    const asking = (options: Partial<Role['options']>): Role => ({
      ...v8({ '*': '*' }),
      options: { ...DEFAULT_OPTIONS, ...options },
    })
    const mfa = denialOfSignIn(holding([asking({ requireSessionMfa: true })]))
    expect(mfa).toMatchObject({ missing: 'factor', role: 'new' })
    expect(mfa?.message).toContain('options.require_session_mfa')
    expect(missing([asking({ deviceTrustMode: 'required' })])).toBe('device')
    expect(missing([asking({ deviceTrustMode: 'optional' })])).toBeUndefined()
    expect(missing([v7(true, { requireSessionMfa: true })])).toBe('factor')
    expect(missing([v7(true, { requireSessionMfa: true }), v8({ '*': '*' })])).toBe('factor')
    const elsewhere = aRole('elsewhere', { options: { ...DEFAULT_OPTIONS, requireSessionMfa: true } })
    expect(missing([v8({ '*': '*' }), elsewhere])).toBeUndefined()
  })
  it('by labels alone does not ask for factors: that is what administering takes', () => {
    expect(denialByLabels(holding([aRole('editor')]), IDENTITY_CENTER_LABELS)?.missing).toBe('label')
    expect(denialByLabels(holding([v7(false)]), IDENTITY_CENTER_LABELS)).toBeUndefined()
  })
})
