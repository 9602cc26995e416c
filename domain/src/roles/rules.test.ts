import { describe, expect, it } from 'vitest'
import { DEFAULT_SCHEDULE } from '../access-lists/access-list.ts'
import { days, minus } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { parsePredicate } from '../predicates/predicate.ts'
import { RULE_SCOPE } from '../predicates/scopes.ts'
import { aList, aLock, aRole, aUser, aView, NOW, roleName } from '../testing/builders.ts'
import { denialOfSignIn } from './application-access.ts'
import { effectiveRoles } from './effective-roles.ts'
import { PRESET_ROLES } from './preset-roles.ts'
import { DEFAULT_OPTIONS, type Role, type Rule, type Verb } from './role.ts'
import { mayAct, mayActOnKind, refusalOf, RULE_KINDS } from './rules.ts'

const rule = (resources: string[], verbs: Rule['verbs'], where?: string): Rule => ({
  resources,
  verbs,
  ...(where === undefined ? {} : { where: parsePredicate(where, RULE_SCOPE) }),
})
const holding = (roles: readonly Role[], locked: readonly string[] = []) => {
  const ana = aUser('ana', { roles: roles.map(({ name }) => name), traits: { team: ['web'] } })
  const locks = locked.map((name) => aLock({ kind: 'role', role: roleName(name) }))
  return effectiveRoles(ana, aView({ users: [ana], roles, locks }), NOW)
}
const allowing = (...rules: Rule[]): Role => aRole('allowing', { allow: { rules } })
const denying = (...rules: Rule[]): Role => aRole('denying', { deny: { rules } })
const WEB = { name: 'web', labels: { team: 'web' } }
const DATA = { name: 'data', labels: { team: 'data' } }
const OWN_TEAM = 'contains(external.team, resource.metadata.labels["team"])'

describe('a rule', () => {
  it('allows its verbs on its kinds, and nothing else', () => {
    const roles = holding([allowing(rule(['access_list', 'user'], ['read', 'list']))])
    expect(mayAct(roles, 'read', 'access_list', WEB)).toBe(true)
    expect(mayAct(roles, 'list', 'user', WEB)).toBe(true)
    expect(mayAct(roles, 'update', 'access_list', WEB)).toBe(false)
    expect(mayAct(roles, 'read', 'role', WEB)).toBe(false)
    expect(mayAct(holding([aRole('nothing')]), 'read', 'access_list', WEB)).toBe(false)
  })
  it('with * is about every kind, or every verb', () => {
    expect(mayAct(holding([allowing(rule(['*'], ['read']))]), 'read', 'lock', WEB)).toBe(true)
    expect(mayAct(holding([allowing(rule(['lock'], ['*']))]), 'delete', 'lock', WEB)).toBe(true)
  })
  it('that denies wins, also when its role is locked; one that allows and is locked gives nothing', () => {
    const both = [allowing(rule(['role'], ['*'])), denying(rule(['role'], ['delete']))]
    expect(mayAct(holding(both), 'delete', 'role', WEB)).toBe(false)
    expect(mayAct(holding(both), 'update', 'role', WEB)).toBe(true)
    expect(mayAct(holding(both, ['denying']), 'delete', 'role', WEB)).toBe(false)
    expect(mayAct(holding(both, ['allowing']), 'update', 'role', WEB)).toBe(false)
  })
  it('with a condition is only about records that meet it', () => {
    const roles = holding([allowing(rule(['access_list'], ['update'], OWN_TEAM))])
    expect(mayAct(roles, 'update', 'access_list', WEB)).toBe(true)
    expect(mayAct(roles, 'update', 'access_list', DATA)).toBe(false)
    const named = holding([
      allowing(rule(['access_list'], ['*'])),
      denying(rule(['access_list'], ['*'], 'resource.metadata.name == "data"')),
    ])
    expect(mayAct(named, 'read', 'access_list', WEB)).toBe(true)
    expect(mayAct(named, 'read', 'access_list', DATA)).toBe(false)
  })
  it('is opened by no lock or suspension of what its condition asks for', () => {
    const contractor = aRole('contractor')
    const isContractor = 'contains(user.spec.roles, "contractor")'
    const roles = [allowing(rule(['role'], ['*'])), denying(rule(['role'], ['*'], isContractor)), contractor]
    expect(mayAct(holding(roles), 'read', 'role', WEB)).toBe(false)
    expect(mayAct(holding(roles, ['contractor']), 'read', 'role', WEB)).toBe(false)
    const senior = [allowing(rule(['role'], ['*'], isContractor)), contractor]
    expect(mayAct(holding(senior), 'read', 'role', WEB)).toBe(true)
    expect(mayAct(holding(senior, ['contractor']), 'read', 'role', WEB)).toBe(false)
    const notContractor = [
      allowing(rule(['role'], ['*'])),
      denying(rule(['role'], ['*'], `!${isContractor}`)),
      contractor,
    ]
    expect(mayAct(holding(notContractor), 'read', 'role', WEB)).toBe(true)
    expect(mayAct(holding(notContractor, ['contractor']), 'read', 'role', WEB)).toBe(false)
    const outsiders = [allowing(rule(['role'], ['*'], `!${isContractor}`)), contractor]
    expect(mayAct(holding(outsiders, ['contractor']), 'read', 'role', WEB)).toBe(false)
    const bound = denying(rule(['role'], ['*'], 'contains(external.kind, "external")'))
    const ana = aUser('ana', { roles: ['allowing', 'denying'] })
    const audit = { ...DEFAULT_SCHEDULE, nextAuditDate: minus(NOW, days(9)), suspendAfter: days(7) }
    const vendors = aList('vendors', { members: ['ana'], owners: ['bruno'], audit })
    const lists = [{ ...vendors, grants: { roles: [], traits: { kind: ['external'] } } }]
    const view = aView({ users: [ana], roles: [allowing(rule(['role'], ['*'])), bound], lists })
    expect(effectiveRoles(ana, view, NOW).person.traits).toEqual({})
    expect(mayAct(effectiveRoles(ana, view, NOW), 'read', 'role', WEB)).toBe(false)
  })
  it('for reading without secrets is one for reading', () => {
    expect(mayAct(holding([allowing(rule(['user'], ['readnosecrets']))]), 'read', 'user', WEB)).toBe(true)
  })
})

describe('before a record is known', () => {
  it('some record is enough where each is asked about afterwards', () => {
    const roles = holding([allowing(rule(['user'], ['list'], OWN_TEAM)), denying(rule(['user'], ['list'], 'false'))])
    expect(mayActOnKind(roles, 'list', 'user')).toBe(true)
    expect(mayActOnKind(holding([allowing(rule(['*'], ['*'])), denying(rule(['user'], ['*']))]), 'list', 'user')).toBe(
      false,
    )
  })
  it('every record is needed where none is asked about afterwards', () => {
    const conditional = [allowing(rule(['*'], ['*'])), denying(rule(['plugin'], ['read'], 'false'))]
    expect(mayActOnKind(holding(conditional), 'read', 'plugin')).toBe(false)
    expect(mayAct(holding(conditional), 'read', 'plugin', WEB)).toBe(false)
    expect(mayAct(holding([allowing(rule(['plugin'], ['read'], 'true'))]), 'read', 'plugin', WEB)).toBe(false)
    expect(mayActOnKind(holding([allowing(rule(['event'], ['list'], 'true'))]), 'list', 'event')).toBe(false)
    expect(mayActOnKind(holding([allowing(rule(['event'], ['list']))]), 'list', 'event')).toBe(true)
    expect(
      mayActOnKind(
        holding([allowing(rule(['*'], ['*'])), denying(rule(['event'], ['list'], 'false'))]),
        'list',
        'event',
      ),
    ).toBe(false)
  })
})

describe('a refusal', () => {
  it('names verb and kind, and the role that denies', () => {
    const nobody = refusalOf(holding([aRole('nothing')]), 'create', 'plugin')
    expect(nobody).toBeInstanceOf(DomainError)
    expect(nobody.message).toBe(
      'You may not perform the action "create" on "plugin": no role of yours has a rule that allows it here.',
    )
    const denied = refusalOf(holding([denying(rule(['plugin'], ['create']))]), 'create', 'plugin')
    expect(denied.message).toContain('role "denying" has a rule that denies it')
  })
})

describe('signing in to an application', () => {
  const v7 = aRole('old', { version: 'v7', options: DEFAULT_OPTIONS })
  const v8 = aRole('new', { allow: { appLabels: { '*': [] } } })
  const access = PRESET_ROLES.filter(({ name }) => name === 'access')
  it.each([
    ['reading', ['read']],
    ['listing', ['list']],
    ['both', ['read', 'list']],
    ['everything', ['*']],
  ] as const)('is denied by a rule that denies %s applications (GD-58)', (_, verbs) => {
    const deny = denying(rule(['saml_idp_service_provider'], verbs))
    for (const others of [[v7], [...access], [v7, ...access]])
      expect(denialOfSignIn(holding([...others, deny]))).toMatchObject({ missing: 'rule', role: 'denying' })
    expect(denialOfSignIn(holding([...access, v8]))).toBeUndefined()
  })
  it('is denied only for the applications that a condition means', () => {
    const deny = denying(rule(['saml_idp_service_provider'], ['read'], 'resource.metadata.name == "payroll"'))
    const roles = holding([...access, deny])
    expect(denialOfSignIn(roles, {}, 'payroll')).toMatchObject({ missing: 'rule' })
    expect(denialOfSignIn(roles, {}, 'wiki')).toBeUndefined()
  })
  it('needs no rule that allows it', () => {
    expect(denialOfSignIn(holding([...access]))).toBeUndefined()
    expect(denialOfSignIn(holding([v7]))).toBeUndefined()
  })
})

describe('the preset roles', () => {
  const preset = (name: string) => holding(PRESET_ROLES.filter((role) => role.name === name))
  const writing: readonly Verb[] = ['create', 'read', 'list', 'update', 'delete']
  it('editor may do everything that there is', () => {
    for (const kind of RULE_KINDS)
      for (const verb of kind === 'event' ? (['read', 'list'] as const) : writing)
        expect(mayAct(preset('editor'), verb, kind, WEB)).toBe(true)
    expect(mayAct(preset('editor'), 'use', 'integration', WEB)).toBe(true)
    expect(mayAct(preset('editor'), 'rotate', 'cert_authority', WEB)).toBe(true)
    expect(mayAct(preset('editor'), 'delete', 'event', WEB)).toBe(false)
  })
  it('auditor reads what was recorded, and nothing else', () => {
    for (const kind of RULE_KINDS)
      for (const verb of writing)
        expect(mayAct(preset('auditor'), verb, kind, WEB)).toBe(
          kind === 'event' && (verb === 'read' || verb === 'list'),
        )
  })
  it.each([
    'requester',
    'reviewer',
    'access',
    'aws-ic-access',
    'device-admin',
    'device-enroll',
    'require-trusted-device',
  ])('%s administers nothing here', (name) => {
    for (const kind of RULE_KINDS) for (const verb of writing) expect(mayAct(preset(name), verb, kind, WEB)).toBe(false)
  })
})
