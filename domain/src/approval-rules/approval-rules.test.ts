import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileRequest, type RequestWish } from '../access-requests/file-request.ts'
import { PERSON_LABEL } from '../access-requests/reviewers.ts'
import { settle } from '../access-requests/settle.ts'
import { resolution } from '../access-requests/thresholds.ts'
import type { View } from '../desired-state/view.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { hours, instant, plus } from '../kernel/instant.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import {
  aList,
  anAccount,
  aRole,
  aUser,
  aView,
  BILLING,
  listId,
  NOW,
  PROD,
  READ_ONLY,
  requestId,
  SANDBOX,
} from '../testing/index.ts'
import type { ApprovalRule, ApprovalRuleName, RuleConditions } from './approval-rule.ts'
import { isWithin } from './time-window.ts'

const ANY: RuleConditions = { accounts: [], permissionSets: [], roles: [], requesterLists: [], times: [] }
const SECURITY = { name: 'security', approve: 1, deny: 1 }
const aRule = (partial: Partial<Omit<ApprovalRule, 'when'>> & { when?: Partial<RuleConditions> }): ApprovalRule => ({
  name: 'rule' as ApprovalRuleName, // as a scene names it
  description: '',
  labels: {},
  effect: { kind: 'thresholds', thresholds: [SECURITY] },
  authors: [],
  revision: 1,
  ...partial,
  when: { ...ANY, ...partial.when },
})
const approving = (when: Partial<RuleConditions>, partial: Partial<ApprovalRule> = {}): ApprovalRule =>
  aRule({ name: 'approving' as ApprovalRuleName, effect: { kind: 'approve', reason: 'as agreed' }, ...partial, when }) // as above
const denying = (when: Partial<RuleConditions>): ApprovalRule =>
  aRule({ name: 'denying' as ApprovalRuleName, effect: { kind: 'deny', reason: 'never' }, when }) // as above

const ana = aUser('ana', { roles: ['requester'] })
const prod = {
  ...PROD,
  tags: { env: 'prod' },
  parents: [
    { id: 'ou-prod', name: 'Prod' },
    { id: 'r-1', name: 'Root' },
  ],
}
const sandbox = { ...SANDBOX, tags: { env: 'dev' }, parents: [{ id: 'r-1', name: 'Root' }] }
const catalogue = createCatalogue([prod, sandbox], [READ_ONLY, BILLING])
const viewWith = (approvalRules: readonly ApprovalRule[], partial: Partial<View> = {}): View =>
  aView({ users: [ana], roles: PRESET_ROLES, catalogue, ...partial, approvalRules })
const id = (account: { id: string }, set = 'readonlyaccess'): string =>
  `/acme/aws_ic_account_assignment/${account.id}--${set}`
const file = (view: View, wish: Partial<RequestWish> = { resourceIds: [id(PROD)] }, user = ana, now = NOW) =>
  fileRequest(
    requestId('r'),
    user,
    { roles: [], resourceIds: [], reason: '', suggestedReviewers: [], ...wish },
    view,
    now,
  )
const namesOf = (view: View, ...args: [Partial<RequestWish>?]): readonly string[] =>
  file(view, ...args).thresholds.map(({ name }) => name)
const DEV = [{ tags: { env: [parsePattern('dev')] } }]
const PRODUCTION = [{ tags: { env: [parsePattern('prod')] } }]

describe('a rule that asks for more', () => {
  it('adds a set to every role, met in addition to the others', () => {
    const request = file(viewWith([aRule({})]))
    expect(request.thresholds).toEqual([
      { name: 'default', approve: 1, deny: 1 },
      { ...SECURITY, rule: 'rule' },
    ])
    expect(request.roleThresholds).toEqual({ 'aws-ic-access': [[0], [1]] })
  })
  it.each<[string, Partial<RuleConditions>, string[]]>([
    ['tags of the account', { accounts: PRODUCTION }, [id(PROD)]],
    ['its organizational unit by id', { accounts: [{ organizationalUnit: 'ou-prod' }] }, [id(PROD)]],
    ['its organizational unit by path', { accounts: [{ organizationalUnit: 'Root/Prod' }] }, [id(PROD)]],
    ['its name', { accounts: [{ name: parsePattern('pro*') }] }, [id(PROD)]],
    ['the permission set', { permissionSets: [parsePattern('Bill*')] }, [id(SANDBOX, 'billing')]],
    [
      'both of account and permission set',
      { accounts: PRODUCTION, permissionSets: [parsePattern('Bill*')] },
      [id(PROD, 'billing')],
    ],
    ['one of several things that are asked for', { accounts: PRODUCTION }, [id(SANDBOX), id(PROD)]],
  ])('is routed by %s', (_, when, resourceIds) => {
    const view = viewWith([aRule({ when })])
    expect(namesOf(view, { resourceIds })).toContain('security')
    expect(namesOf(view, { resourceIds: [id(SANDBOX)] })).not.toContain('security')
  })
  it('is routed by the lists of the requester, and by the name of a role', () => {
    const contractors = aList('contractors', { members: ['ana'] })
    const rule = aRule({ when: { requesterLists: [listId('contractors')] } })
    expect(namesOf(viewWith([rule], { lists: [contractors] }))).toContain('security')
    expect(namesOf(viewWith([rule], { lists: [{ ...contractors, members: [] }] }))).not.toContain('security')
    const asker = aUser('ana', { roles: ['asker'] })
    const roles = [aRole('asker', { allow: { request: { roles: ['dba', 'dbo'] } } }), aRole('dba'), aRole('dbo')]
    const byRole = viewWith([aRule({ when: { roles: [parsePattern('dba')] } })], { users: [asker], roles })
    expect(file(byRole, { roles: ['dba'] }, asker).thresholds).toHaveLength(2)
    expect(file(byRole, { roles: ['dbo'] }, asker).thresholds).toHaveLength(1)
  })
  it('counts where nobody can say whether it is meant: AWS does not let tags be read', () => {
    const { tags: _, ...unread } = prod
    const view = viewWith([aRule({ when: { accounts: DEV } })], { catalogue: createCatalogue([unread], [READ_ONLY]) })
    expect(namesOf(view)).toContain('security')
  })
  it('never makes a request easier: whatever rules are added, what was not approved before is not approved', () => {
    const rules = fc.array(
      fc.constantFrom(aRule({}), aRule({ when: { accounts: PRODUCTION } }), denying({ accounts: PRODUCTION })),
      { maxLength: 3 },
    )
    const reviews = fc.array(fc.constantFrom('approve' as const, 'deny' as const), { maxLength: 3 })
    fc.assert(
      fc.property(rules, reviews, (drawn, verdicts) => {
        const named = drawn.map((rule, index) => ({ ...rule, name: `rule-${index}` as ApprovalRuleName })) // as above
        const filed = verdicts.map((verdict, index) => ({
          author: aUser(`r${index}`).id,
          verdict,
          reason: '',
          at: NOW,
        }))
        const before = resolution(file(viewWith([])), filed)
        const after = resolution(file(viewWith(named)), filed)
        if (before?.verdict !== 'approved') expect(after?.verdict).not.toBe('approved')
      }),
    )
  })
})

describe('a rule that decides', () => {
  const decided = (rules: readonly ApprovalRule[], resourceIds = [id(SANDBOX)], view = viewWith(rules)) => {
    const request = file(view, { resourceIds })
    const { automatic } = request
    return automatic?.verdict === 'approve'
      ? settle({ ...request, automatic: { ...automatic, shown: 'a' } }, { view, now: NOW, isRead: true })
      : request
  }
  it('approves what it is about, once the permission sets have been read', () => {
    const rules = [approving({ accounts: DEV })]
    expect(decided(rules)).toMatchObject({
      state: 'approved',
      resolveReason: 'as agreed',
      automatic: { rule: 'approving' },
    })
    expect(file(viewWith(rules), { resourceIds: [id(SANDBOX)] }).state).toBe('pending')
  })
  it('does not approve a request of which it is about a part only', () => {
    expect(decided([approving({ accounts: DEV })], [id(SANDBOX), id(PROD)])).toMatchObject({ state: 'pending' })
  })
  it('does not approve where nobody can say whether it is meant', () => {
    const { tags: _, ...unread } = sandbox
    const view = viewWith([approving({ accounts: DEV })], { catalogue: createCatalogue([unread], [READ_ONLY]) })
    expect(decided([], [id(SANDBOX)], view).automatic).toBeUndefined()
  })
  it('denies as soon as one thing is meant, and wins over one that approves', () => {
    const both = [approving({ accounts: DEV }), denying({ permissionSets: [parsePattern('*')] })]
    expect(decided(both)).toMatchObject({ state: 'denied', resolveReason: 'never', automatic: { rule: 'denying' } })
    expect(decided([denying({ accounts: PRODUCTION })], [id(SANDBOX), id(PROD)])).toMatchObject({ state: 'denied' })
  })
  it('D4-34 does not approve what its own author asks for, under whichever name', () => {
    const rule = approving({ accounts: DEV }, { authors: [{ user: ana.id }] })
    expect(decided([rule])).toMatchObject({ state: 'pending' })
    const label = { [PERSON_LABEL]: '4711' }
    const twin = aUser('ana-admin', { labels: label })
    const view = viewWith([{ ...rule, authors: [{ user: twin.id }] }], { users: [{ ...ana, labels: label }, twin] })
    const asker = view.users[0] ?? ana
    expect(file(view, { resourceIds: [id(SANDBOX)] }, asker).automatic).toBeUndefined()
  })
  it('stands in for one person only where any one will do, never for one of two or of some', () => {
    const two = aRole('requester', {
      allow: {
        request: { searchAsRoles: ['aws-ic-access'], thresholds: [{ name: 'two', approve: 2, deny: 1 }] },
      },
    })
    const roles = [...PRESET_ROLES.filter(({ name }) => name !== 'requester'), two]
    const view = viewWith([approving({ accounts: DEV })], { roles })
    expect(decided([], [id(SANDBOX)], view).state).toBe('pending')
    expect(decided([approving({ accounts: DEV }), aRule({})]).state).toBe('pending')
  })
})

describe('a part of the week', () => {
  const berlin = { timeZone: 'Europe/Berlin' } as const
  const at = (text: string) => instant(text)
  it('is by the clock of its place, across midnight and the change to summer time', () => {
    const nights = { days: [], from: 18 * 60, to: 8 * 60, ...berlin }
    expect(isWithin(nights, at('2027-03-01T17:30:00Z'))).toBe(true)
    expect(isWithin(nights, at('2027-03-01T16:30:00Z'))).toBe(false)
    expect(isWithin(nights, at('2027-07-01T16:30:00Z'))).toBe(true)
    expect(isWithin(nights, at('2027-07-01T06:30:00Z'))).toBe(false)
  })
  it('belongs to the day on which it begins', () => {
    const fridayNight = { days: ['fri' as const], from: 22 * 60, to: 6 * 60, timeZone: 'UTC' }
    expect(isWithin(fridayNight, at('2027-03-06T05:59:00Z'))).toBe(true)
    expect(isWithin(fridayNight, at('2027-03-05T05:59:00Z'))).toBe(false)
    expect(isWithin(fridayNight, at('2027-03-06T22:00:00Z'))).toBe(false)
  })
  it('from and to the same minute is the whole day', () => {
    const saturday = { days: ['sat' as const], from: 0, to: 0, timeZone: 'UTC' }
    for (const hour of [0, 12, 23.9])
      expect(isWithin(saturday, plus(at('2027-03-06T00:00:00Z'), hours(hour)))).toBe(true)
    expect(isWithin(saturday, at('2027-03-07T00:00:00Z'))).toBe(false)
  })
})

it('an account that the mirror does not know counts as meant by a rule that asks for more', () => {
  const stranger = anAccount('gone', '999999999999')
  const view = viewWith([aRule({ when: { accounts: PRODUCTION } })], {
    catalogue: createCatalogue([prod, stranger], [READ_ONLY]),
  })
  expect(namesOf(view, { resourceIds: [id(stranger)] })).toContain('security')
})
