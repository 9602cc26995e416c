import { describe, expect, it } from 'vitest'
import type { ApprovalRuleName } from '../approval-rules/approval-rule.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import { viewAfter } from '../documents/governance-change.ts'
import { ORIGIN_IDENTITY_CENTER, ORIGIN_LABEL } from '../kernel/names.ts'
import { parsePattern } from '../kernel/pattern.ts'
import {
  aBundle,
  aGroupLink,
  aList,
  aLock,
  aMemberList,
  anOrganization,
  aRole,
  aUser,
  aView,
  on,
  PROD,
  READ_ONLY,
  roleName,
} from '../testing/index.ts'
import { removalOfOrganization } from './organization-removal.ts'

const ROLE = on(READ_ONLY, PROD)
const [, instance = ''] = READ_ONLY.arn.split('/')
const organization = anOrganization({ instanceArn: `arn:aws:sso:::instance/${instance}` })
const imported = aList('imported', { labels: { [ORIGIN_LABEL]: ORIGIN_IDENTITY_CENTER }, grants: [ROLE] })
const linked = aList('linked', { grants: [ROLE, 'own-role'] })
const outer = aList('outer', { members: [aMemberList('imported')] })
const view = aView({
  organization,
  roles: [aRole('own-role'), aRole('asker', { allow: { request: { roles: [ROLE] } } })],
  users: [aUser('ana', { roles: [ROLE, 'own-role'] }), aUser('boris', { roles: ['own-role'] })],
  lists: [imported, linked, outer],
  groupLinks: [
    aGroupLink(imported, 'members', { origin: 'adopted' }),
    aGroupLink(linked, 'members', { origin: 'adopted' }),
  ],
})
const namedBy = (of: OrganizationView) =>
  removalOfOrganization(of, { strip: false }).dangling.map(({ kind, name, references }) => [kind, name, references])
const removal = (strip: boolean) => removalOfOrganization(view, { strip })

describe('removing an organization', () => {
  it('takes the lists that adoption made, and none that somebody made and linked', () => {
    expect(removal(false).lists.map(({ id }) => id)).toEqual(['imported'])
  })
  it('names whatever stays and names what goes', () => {
    const named = removal(false).dangling.map(({ kind, name, references }) => [kind, name, references])
    expect(named).toEqual([
      ['access_list', 'linked', [ROLE]],
      ['access_list', 'outer', ['access list "imported"']],
      ['user', 'ana@acme.example', [ROLE]],
      ['role', 'asker', [ROLE]],
    ])
  })
  it('names roles that give its accounts and permission sets, not those whose patterns happen to fit', () => {
    const scene = aView({
      organization,
      roles: [
        aRole('account', { allow: { assignments: [[PROD.id, '*']] } }),
        aRole('denied', { deny: { assignments: [['*', READ_ONLY.arn]] } }),
        aRole('patterns', { allow: { assignments: [['1*', '*']] } }),
        aRole('others', { allow: { assignments: [['999999999999', '*']] } }),
      ],
    })
    expect(namedBy(scene)).toEqual([
      ['role', 'account', [`${PROD.id} with *`]],
      ['role', 'denied', [`* with ${READ_ONLY.arn}`]],
    ])
  })
  it('names bundles, approval rules and locks', () => {
    const rule = {
      name: 'rule' as ApprovalRuleName, // as one is read
      description: '',
      labels: {},
      when: { accounts: [], permissionSets: [], roles: [], requesterLists: [], times: [] },
      effect: { kind: 'deny', reason: '' },
      authors: [],
      revision: 1,
    } as const
    const reviewers = { users: [], lists: [imported.id] }
    const scene = aView({
      organization,
      lists: [imported],
      groupLinks: [aGroupLink(imported, 'members', { origin: 'adopted' })],
      bundles: [
        aBundle('by-id', { accounts: [{ id: parsePattern(PROD.id) }], permissionSets: [parsePattern('*')] }),
        aBundle('by-set', { permissionSets: [parsePattern('ReadOnlyAccess')] }),
        aBundle('patterns', { permissionSets: [parsePattern('*')] }),
      ],
      approvalRules: [
        { ...rule, when: { ...rule.when, requesterLists: [imported.id] } },
        {
          ...rule,
          name: 'reviewers' as ApprovalRuleName, // as above
          effect: { kind: 'thresholds', thresholds: [{ name: '', approve: 1, deny: 1, reviewers }] },
        },
        { ...rule, name: 'roles' as ApprovalRuleName, when: { ...rule.when, roles: [parsePattern(ROLE)] } }, // as above
        { ...rule, name: 'none' as ApprovalRuleName }, // as above
      ],
      locks: [aLock({ kind: 'role', role: ROLE }), aLock({ kind: 'role', role: roleName('own-role') })],
    })
    expect(namedBy(scene)).toEqual([
      ['bundle', 'by-id', ['account prod']],
      ['bundle', 'by-set', ['permission set ReadOnlyAccess']],
      ['approval_rule', 'rule', ['access list "imported"']],
      ['approval_rule', 'reviewers', ['access list "imported"']],
      ['approval_rule', 'roles', [ROLE]],
      ['lock', aLock({ kind: 'role', role: ROLE }).id, [ROLE]],
    ])
  })
  it('leaves references as they are unless told to take them out, but for lists inside lists', () => {
    const after = viewAfter(view, removal(false).changes)
    expect(after.lists.find(({ id }) => id === 'linked')).toEqual(linked)
    expect(after.lists.find(({ id }) => id === 'outer')?.members).toEqual([])
    expect(after.users).toEqual(view.users)
  })
  it('takes all references out of lists and users when told to, and nothing else', () => {
    const [after] = viewAfter(view, removal(true).changes).byOrganization
    if (!after) throw new Error('no view')
    const left = removalOfOrganization(after, { strip: true }).dangling
    expect(left.map(({ kind }) => kind)).toEqual(['role'])
    expect(after.users.map(({ roles }) => roles.map(({ name }) => name))).toEqual([['own-role'], ['own-role']])
    expect(after.lists.find(({ id }) => id === 'linked')?.grants.roles.map(({ name }) => name)).toEqual(['own-role'])
  })
})
