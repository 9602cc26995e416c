import { describe, expect, it } from 'vitest'
import { heldGrants } from '../access-requests/requestable.ts'
import { resolveResourceId } from '../access-requests/resource-ids.ts'
import { placeOf } from '../access-requests/shown.ts'
import { applyRules } from '../approval-rules/apply-rules.ts'
import type { ApprovalRule, ApprovalRuleName, RuleEffect } from '../approval-rules/approval-rule.ts'
import { resolveBundle } from '../bundles/resolve-bundle.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { parsePattern } from '../kernel/pattern.ts'
import {
  A_CATALOGUE,
  ADMIN,
  aBundle,
  aList,
  aLock,
  aUser,
  bothViews,
  GLOBEX_CATALOGUE,
  halvesOf,
  LAB,
  LAB_READ_ONLY,
  NOW,
  on,
  PROD,
  READ_ONLY,
  roleName,
} from '../testing/index.ts'
import { desiredForGroup } from './desired-for.ts'

/** Prod moves from acme to globex, which calls a permission set as acme does, and both mirrors hold it. */
const MOVED = createCatalogue(
  [...GLOBEX_CATALOGUE.accounts.values(), PROD],
  [...GLOBEX_CATALOGUE.permissionSets.values()],
)
const WITHOUT = createCatalogue(
  [...A_CATALOGUE.accounts.values()].filter(({ id }) => id !== PROD.id),
  [...A_CATALOGUE.permissionSets.values()],
)
const PINNED = { name: on(READ_ONLY, PROD), pinned: { account: PROD.id, permissionSet: READ_ONLY.arn } }
const ana = aUser('ana')

describe('an account that two organizations hold for a while', () => {
  it('is given by a pinned role where the role is of, and nothing is made of it in the other', () => {
    const list = aList('list', { members: ['ana'], grants: [PINNED] })
    const [acme, globex] = halvesOf(bothViews({ users: [ana], lists: [list] }, {}, { catalogue: MOVED }))
    expect(desiredForGroup(list, 'members', acme, NOW)?.assignments.size).toBe(1)
    expect(desiredForGroup(list, 'members', globex, NOW)).toBeUndefined()
  })
  it('waits for whoever was granted it before it moved', () => {
    const view = bothViews({ users: [ana] }, { catalogue: WITHOUT }, { catalogue: MOVED })
    expect(view.resolveRole(PINNED).kind).toBe('vanished')
  })
  it('is meant by nobody who names it without saying which, and says so', () => {
    const view = bothViews({ users: [ana] }, {}, { catalogue: MOVED })
    expect(view.resolveRole({ name: on(READ_ONLY, PROD) }).kind).toBe('unknown')
    const id = `/acme.example/aws_ic_account_assignment/${PROD.id}--readonlyaccess`
    expect(() => resolveResourceId(id, view.catalogue)).toThrow('in two organizations now')
  })
  it('stays locked under an old name of a role', () => {
    const former = roleName(`ReadOnlyAccess-on-former-${PROD.id}`)
    const view = bothViews({ locks: [aLock({ kind: 'role', role: former })] }, {}, { catalogue: MOVED })
    expect(view.isLocked({ kind: 'role', role: on(READ_ONLY, PROD) }, NOW)).toBe(true)
    const held = aUser('bea', { roles: [PINNED] })
    const locked = bothViews(
      { users: [held], locks: [aLock({ kind: 'role', role: former })] },
      {},
      { catalogue: MOVED },
    )
    expect(heldGrants(held, locked, NOW).size).toBe(0)
  })
})

describe('what is known of an account', () => {
  // Globex can't be reached, and keeps what it saw before the account left.
  const here = { ...PROD, tags: { env: 'prod' } }
  const there = { ...PROD, tags: { env: 'sandbox' } }
  const view = bothViews(
    { users: [ana] },
    { catalogue: createCatalogue([here], [ADMIN, READ_ONLY]) },
    { catalogue: createCatalogue([there, LAB], [LAB_READ_ONLY]) },
  )
  const grant = { account: PROD.id, permissionSet: ADMIN.arn }
  const tagged = (env: string) => [{ tags: { env: [parsePattern(env)] } }]

  it('is for a bundle what the organization of the permission set knows', () => {
    const rowsOf = (env: string) =>
      resolveBundle(
        aBundle('b', { accounts: tagged(env), permissionSets: [parsePattern('AdministratorAccess')] }),
        view.catalogue,
      ).rows
    expect(rowsOf('sandbox')).toEqual([])
    expect(rowsOf('prod')).toEqual([grant])
  })
  it('is for approval rules and approvers the same', () => {
    const rule = (name: string, env: string, effect: RuleEffect): ApprovalRule => ({
      name: name as ApprovalRuleName, // as in every test of rules
      description: '',
      labels: {},
      effect,
      authors: [],
      revision: 1,
      when: { accounts: tagged(env), permissionSets: [], roles: [], requesterLists: [], times: [] },
    })
    const asked = { user: ana, roles: [], resources: [], applications: [], grants: [grantKey(grant)] }
    const verdictBy = (...approvalRules: readonly ApprovalRule[]) =>
      applyRules(asked, { ...view, approvalRules }, { filedAt: NOW, now: NOW }).decision?.verdict
    const [approving, denying] = [
      rule('approving', 'sandbox', { kind: 'approve', reason: 'x' }),
      rule('denying', 'prod', { kind: 'deny', reason: 'x' }),
    ]
    expect(verdictBy(approving)).toBeUndefined()
    expect(verdictBy(approving, denying)).toBe('deny')
    expect(placeOf(grant, view).tags).toEqual({ env: 'prod' })
  })
})
