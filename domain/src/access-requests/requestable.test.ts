import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { accountOfKey, grantKey } from '../identity-center/account-assignment.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { aRole, aView, MANAGEMENT, NOW, roleName } from '../testing/index.ts'
import { roles, users } from '../testing/generators.ts'
import { deniedGrants, heldGrants, isHeldForGood, requestableGrants, searchRoles } from './requestable.ts'

const ASKER = aRole('asker', { allow: { request: { searchAsRoles: ['reader', 'operator', 'payer'] } } })

it('offers what the roles to search with grant, less what is denied, is there for good or could not be taken away', () => {
  fc.assert(
    fc.property(roles(), users(), (stored, people) => {
      const asking = people.map((user) => ({ ...user, roles: [...user.roles, { name: roleName('asker') }] }))
      const view = aView({ roles: [...stored, ASKER], users: asking })
      const { accounts, permissionSets } = view.catalogue
      const pairs = [...accounts.keys()].flatMap((account) =>
        [...permissionSets.keys()].map((permissionSet) => ({ account, permissionSet })),
      )
      for (const user of asking) {
        const own = effectiveRoles(user, view, NOW)
        const denied = deniedGrants(own, view)
        const held = heldGrants(user, view, NOW)
        const granted = searchRoles(own, view).map((reference) => grantsOfRole(reference, view, user.traits))
        const expected = pairs
          .map(grantKey)
          .filter((key) => granted.some((grants) => grants.has(key)))
          .filter((key) => !denied.has(key) && !isHeldForGood(key, held) && accountOfKey(key) !== MANAGEMENT.id)
        const offered = requestableGrants(user, own, view, NOW)
        expect([...offered.keys()].toSorted()).toEqual(expected.toSorted())
        expect(pairs.map(grantKey).filter((key) => offered.has(key))).toEqual(expected)
        expect(
          pairs.filter(({ account, permissionSet }) => offered.inAccount(account).has(permissionSet)).map(grantKey),
        ).toEqual(expected)
      }
    }),
  )
})
