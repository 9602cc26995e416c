import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileRequest } from '../access-requests/file-request.ts'
import { deniedGrants } from '../access-requests/requestable.ts'
import { applyDocuments } from '../documents/apply-documents.ts'
import { parseDocuments } from '../documents/parse-documents.ts'
import { desiredForGroup, desiredForUser } from '../desired-state/desired-for.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { Traits } from '../kernel/names.ts'
import { literalPattern, matches } from '../kernel/pattern.ts'
import { readNoServiceProvider } from '../saml/service-provider.ts'
import {
  ADMIN,
  aList,
  approved,
  aRequest,
  aRole,
  aUser,
  aView,
  NOW,
  PROD,
  READ_ONLY,
  requestId,
  SANDBOX,
  userId,
} from '../testing/builders.ts'
import { effectiveRoles } from './effective-roles.ts'
import { allowedAssignments, deniedAssignments } from './expand-assignments.ts'
import { expandText, readTemplate } from './trait-templates.ts'

const grant = (set: typeof ADMIN, account: typeof PROD) => grantKey({ account: account.id, permissionSet: set.arn })
const TEAM = aRole('team', { allow: { assignments: [['{{external.account}}', READ_ONLY.arn]] } })
const withTraits = (traits: Traits, roles = ['team']) => aUser('ana', { roles, traits })
const heldBy = (user: ReturnType<typeof aUser>, roles = [TEAM], requests: ReturnType<typeof aRequest>[] = []) =>
  desiredForUser(user, aView({ users: [user], roles, requests }), NOW)

describe('a template', () => {
  it.each([
    ['{{external.team}}', { before: '', trait: 'team', after: '' }],
    ['{{ internal.cost-center }}', { before: '', trait: 'cost-center', after: '' }],
    ['a-{{external["cost center"]}}-b', { before: 'a-', trait: 'cost center', after: '-b' }],
    ['{{external.a}}{{external.b}}', undefined],
    ['{{external.a', undefined],
    ['{{user.name}}', undefined],
    ['plain', undefined],
  ])('%s is read', (text, expected) => {
    expect(readTemplate(text)).toEqual(expected)
  })
  it('becomes one text for each value, and none where the trait is missing or empty', () => {
    expect(expandText('p-{{external.a}}', { a: ['1', '2', ''] })).toEqual(['p-1', 'p-2'])
    expect(expandText('p-{{external.b}}', { a: ['1'] })).toEqual([])
    expect(expandText('{{external.constructor}}', {})).toEqual([])
    expect(expandText('plain', {})).toEqual(['plain'])
  })
})

describe('a filled-in value', () => {
  it('stands for itself, whatever characters it has', () => {
    const parts = fc.array(fc.constantFrom('a', '*', '^', '$', '.', '|', '(', '\\', '\n', '-'), { maxLength: 6 })
    const texts = parts.map((some) => some.join(''))
    fc.assert(
      fc.property(texts, texts, texts, texts, (before, value, after, other) => {
        const pattern = literalPattern(before.replaceAll('*', ''), value, after.replaceAll('*', ''))
        const whole = `${before.replaceAll('*', '')}${value}${after.replaceAll('*', '')}`
        expect(matches(pattern, whole)).toBe(true)
        expect(matches(pattern, other)).toBe(other === whole)
      }),
    )
  })
  it('may have * around it, which stands for anything', () => {
    expect(matches(literalPattern('arn:*/', 'ps-1', ''), 'arn:aws:sso/ps-1')).toBe(true)
    expect(matches(literalPattern('arn:*/', '*', ''), 'arn:aws:sso/ps-1')).toBe(false)
  })
})

describe('account_assignments with templates', () => {
  it('give what the user’s own traits name, and nothing where one is missing', () => {
    expect([...heldBy(withTraits({ account: [PROD.id, SANDBOX.id] })).assignments.keys()]).toEqual([
      grant(READ_ONLY, PROD),
      grant(READ_ONLY, SANDBOX),
    ])
    const nothing = heldBy(withTraits({}))
    expect(nothing.assignments.size).toBe(0)
    expect(nothing.withheld).toEqual([
      { user: userId('ana'), reason: 'Entries of role "team" give nothing, because the trait "account" is missing.' },
    ])
  })
  it('match values literally: * and expressions in a trait give nothing', () => {
    for (const value of ['*', '^.*$', `${PROD.id}*`, '{{external.other}}'])
      expect(heldBy(withTraits({ account: [value], other: [PROD.id] })).assignments.size).toBe(0)
  })
  it('deny everything where a trait is missing', () => {
    const denying = aRole('denying', { deny: { assignments: [['{{external.closed}}', '*']] } })
    const all = aRole('all', { allow: { assignments: [['*', READ_ONLY.arn]] } })
    const held = (traits: Traits) => [
      ...heldBy(withTraits(traits, ['all', 'denying']), [all, denying]).assignments.keys(),
    ]
    expect(held({ closed: [PROD.id] })).not.toContain(grant(READ_ONLY, PROD))
    expect(held({ closed: [PROD.id] })).toContain(grant(READ_ONLY, SANDBOX))
    expect(held({})).toEqual([])
    expect(held({ closed: [''] })).toEqual([])
  })
  it('deny more, and allow less, the fewer traits there are', () => {
    const entries = aRole('x', {
      allow: {
        assignments: [
          ['{{external.a}}', '{{external.b}}'],
          ['{{external.b}}', '*'],
          [PROD.id, ADMIN.arn],
        ],
      },
    }).allow.accountAssignments
    const view = aView()
    const values = fc.uniqueArray(fc.constantFrom(PROD.id as string, SANDBOX.id, ADMIN.arn, '*'))
    fc.assert(
      fc.property(fc.record({ a: values, b: values }), (traits) => {
        const { b: _, ...fewer } = traits
        const allowed = (some: Traits) => view.expand(allowedAssignments(entries, some))
        const denied = (some: Traits) => view.expand(deniedAssignments(entries, some))
        expect(allowed(fewer).isSubsetOf(allowed(traits))).toBe(true)
        expect(denied(traits).isSubsetOf(denied(fewer))).toBe(true)
        expect(allowed(traits).isSubsetOf(denied(traits))).toBe(true)
      }),
    )
  })
  it('are filled in for a requested role as for one of the user’s own', () => {
    const request = aRequest('r', 'ana', { roles: ['team'], ...approved() })
    expect([...heldBy(withTraits({ account: [PROD.id] }, []), [TEAM], [request]).assignments.keys()]).toEqual([
      grant(READ_ONLY, PROD),
    ])
  })
  it('reach through a role to search with only what the asker’s traits name', () => {
    const asker = aRole('asker', { allow: { request: { searchAsRoles: ['team'] } } })
    const user = withTraits({ account: [SANDBOX.id] }, ['asker'])
    const view = aView({ users: [user], roles: [asker, TEAM] })
    const ask = (account: typeof PROD) =>
      fileRequest(
        requestId('r'),
        user,
        {
          roles: [],
          resourceIds: [`/acme/aws_ic_account_assignment/${account.id}--readonlyaccess`],
          reason: '',
          suggestedReviewers: [],
        },
        view,
        NOW,
      )
    expect(ask(SANDBOX).resources).toHaveLength(1)
    expect(() => ask(PROD)).toThrow('there is no account ass')
  })
})

describe('a role with templates that a list grants', () => {
  const listWith = (traits: Traits, role = 'team') => {
    const list = aList('platform', { members: ['ana'] })
    return { ...list, grants: { roles: [{ name: aRole(role).name }], traits } }
  }
  it('is filled in with the list’s own traits only, for all its members alike', () => {
    const own = withTraits({ account: [PROD.id] }, [])
    const group = (traits: Traits) => {
      const list = listWith(traits)
      const view = aView({ users: [own], roles: [TEAM], lists: [list] })
      return { group: desiredForGroup(list, 'members', view, NOW), user: desiredForUser(own, view, NOW) }
    }
    expect([...(group({ account: [SANDBOX.id] }).group?.assignments.keys() ?? [])]).toEqual([grant(READ_ONLY, SANDBOX)])
    const without = group({})
    expect(without.group?.assignments.size).toBe(0)
    expect(without.user.assignments.size).toBe(0)
    expect(without.user.withheld[0]?.reason).toContain('the trait "account" is missing')
  })
  it('denies everything where the list lacks the trait, whatever the user has', () => {
    const denying = aRole('denying', { deny: { assignments: [['{{external.closed}}', '*']] } })
    const user = withTraits({ closed: [SANDBOX.id] }, [])
    const view = (traits: Traits) => aView({ users: [user], roles: [denying], lists: [listWith(traits, 'denying')] })
    const denied = (traits: Traits) => deniedGrants(effectiveRoles(user, view(traits), NOW), view(traits))
    expect(denied({})).toContain(grant(ADMIN, PROD))
    expect(denied({ closed: [SANDBOX.id] })).not.toContain(grant(ADMIN, PROD))
    expect(denied({ closed: [SANDBOX.id] })).toContain(grant(ADMIN, SANDBOX))
  })
  it('is saved with a warning where a trait is missing', () => {
    const warningsOf = (text: string) =>
      applyDocuments(parseDocuments(text), {
        view: aView({ users: [aUser('ana')], roles: [TEAM] }),
        now: NOW,
        mode: 'replace',
        by: { name: 'eva', user: undefined },
        newUserId: () => userId('new'),
        readServiceProvider: readNoServiceProvider,
      }).warnings.map(({ field, message }) => `${field}: ${message}`)
    const list = (traits: string) =>
      `kind: access_list\nversion: v1\nmetadata: {name: platform}\nspec: {title: platform, owners: [{name: ana@acme.example}], grants: {roles: [team], traits: ${traits}}, audit: {recurrence: {frequency: 6months}}}`
    expect(warningsOf(list('{}')).join()).toContain(
      'spec.grants: role "team" asks for the trait "account", which is missing: its entries give nothing, and deny everything',
    )
    expect(warningsOf(list(`{account: ["${PROD.id}"]}`)).join()).not.toContain('trait')
    const user = 'kind: user\nversion: v2\nmetadata: {name: bo@acme.example}\nspec: {roles: [team]}'
    expect(warningsOf(user).join()).toContain('spec.traits: role "team" asks for the trait "account"')
  })
})
