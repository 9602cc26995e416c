import { expect, it } from 'vitest'
import type { AccessList } from '../access-lists/access-list.ts'
import type { RoleReference } from '../roles/role.ts'
import { ADMIN, aList, aMemberList, anOrganization, aRole, aView, on, PROD, roleName } from '../testing/builders.ts'
import { LAB, LAB_READ_ONLY } from '../testing/other-organization.ts'
import { whyNotLed } from './why-not-led.ts'

const ROLES = [
  aRole('here-by-arn', { allow: { assignments: [['*', ADMIN.arn]] } }),
  aRole('here-by-account', { allow: { assignments: [[PROD.id, '*']] } }),
  aRole('anywhere', { allow: { assignments: [['*', '*']] } }),
  aRole('not-anywhere', { deny: { assignments: [['*', '*']] } }),
  aRole('reader', { allow: { rules: [{ resources: ['access_list'], verbs: ['read'] }] } }),
  aRole('required', { allow: { assignments: [[PROD.id, '*']] } }),
]
const named = (name: string): RoleReference => ({ name: roleName(name) })
const pinned = (account: typeof PROD, set: typeof ADMIN): RoleReference => ({
  name: on(set, account),
  pinned: { account: account.id, permissionSet: set.arn },
})

function whyNot(list: AccessList, elsewhere?: ReadonlySet<AccessList['id']>, ...lists: readonly AccessList[]) {
  const asks = aList('asks', { membershipRequires: { roles: [roleName('required')], traits: {} } })
  const view = aView({ organization: anOrganization(), roles: ROLES, lists: [list, asks, ...lists] })
  return whyNotLed(list, view, elsewhere)
}
const NOWHERE = new Set<AccessList['id']>()

it.each([pinned(PROD, ADMIN), named('here-by-arn'), named('here-by-account'), named(on(ADMIN, PROD))])(
  'a list that gives only what is of one organization is led by its AWS: %o',
  (role) => {
    expect(whyNot(aList('crew', { grants: [role] }))).toBeUndefined()
    expect(whyNot(aList('crew', { grants: [role] }), NOWHERE)).toBeUndefined()
  },
)

it.each([
  pinned(LAB, LAB_READ_ONLY),
  named('anywhere'),
  named('not-anywhere'),
  named('required'),
  named(on(LAB_READ_ONLY, LAB)),
])('one that may give something in another is not led by AWS as soon as there is another: %o', (role) => {
  const list = aList('crew', { grants: [role] })
  expect(whyNot(list)).toBeUndefined()
  expect(whyNot(list, NOWHERE)).toContain('outside this organization')
})

it('neither is one that has a group elsewhere, that gives traits, or that is in such a list', () => {
  const list = aList('crew')
  const outer = aList('outer', { members: [aMemberList('crew')], grants: [named('anywhere')] })
  expect(whyNot(list, new Set([list.id]))).toContain('outside')
  const giving: AccessList = { ...list, grants: { roles: [], traits: { team: ['a'] } } }
  expect(whyNot(giving, NOWHERE)).toContain('outside')
  expect(whyNot(list, NOWHERE, outer)).toContain('outside')
  expect(whyNot(list, undefined, outer)).toBeUndefined()
})

it('a list that gives rights in Gatehouse is not led by any AWS, even if there is no other', () => {
  expect(whyNot(aList('crew', { grants: [named('reader')] }))).toContain('rights in Gatehouse')
  const list = aList('crew')
  expect(whyNot(list, undefined, aList('owned', { ownerLists: ['crew'] }))).toContain('rights in Gatehouse')
  const reviews = aRole('reviews', { allow: { reviewRequests: ['*'] } })
  const view = aView({ roles: [reviews], lists: [aList('crew', { grants: [named('reviews')] })] })
  expect(view.lists.map((one) => whyNotLed(one, view, undefined))).toEqual(['it gives rights in Gatehouse'])
})
