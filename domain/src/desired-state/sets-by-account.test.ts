import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { AccountId } from '../identity-center/account.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { matches, parsePattern } from '../kernel/pattern.ts'
import { ADMIN, aView, BILLING, MANAGEMENT, PROD, READ_ONLY, SANDBOX, STAGING } from '../testing/index.ts'
import { bothSets, NO_SETS, setsByAccount, setsWithout } from './sets-by-account.ts'

const catalogue = createCatalogue([MANAGEMENT, PROD, SANDBOX, STAGING], [ADMIN, READ_ONLY, BILLING])
const view = aView({ catalogue })
const one = fc.record({
  account: fc.constantFrom('*', PROD.id, SANDBOX.id, `${STAGING.id.slice(0, 3)}*`, '999999999999').map(parsePattern),
  permissionSet: fc.constantFrom('*', ADMIN.arn, READ_ONLY.arn, '*none*').map(parsePattern),
})
const patterns = fc.array(one, { maxLength: 4 })

it('says by account what the pairs say', () => {
  fc.assert(
    fc.property(patterns, (given) => {
      const pairs = [...setsByAccount(given, catalogue)].flatMap(([account, sets]) =>
        [...sets].map((permissionSet) => grantKey({ account, permissionSet })),
      )
      expect(new Set(pairs)).toEqual(view.expand(given))
    }),
  )
})

it('gives accounts that the same patterns fit one set, so that it can stand for all of them', () => {
  fc.assert(
    fc.property(patterns, (given) => {
      const sets = setsByAccount(given, catalogue)
      const fitting = (id: AccountId): string => given.map(({ account }) => matches(account, id)).join()
      for (const alike of Map.groupBy(catalogue.accounts.keys(), fitting).values())
        expect(new Set(alike.map((id) => sets.get(id))).size).toBe(1)
    }),
  )
})

it('joins sets, and takes one from another, with the same answer each time', () => {
  fc.assert(
    fc.property(patterns, patterns, (some, others) => {
      const left = setsByAccount(some, catalogue).get(PROD.id) ?? NO_SETS
      const right = setsByAccount(others, catalogue).get(PROD.id) ?? NO_SETS
      expect(bothSets(left, right)).toEqual(left.union(right))
      expect(setsWithout(left, right)).toEqual(left.difference(right))
      expect(bothSets(left, right)).toBe(bothSets(left, right))
      expect(setsWithout(left, right)).toBe(setsWithout(left, right))
    }),
  )
})
