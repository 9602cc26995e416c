import { grantKey } from '@gatehouse/domain'
import { ADMIN, aUser, BILLING, on, PROD, READ_ONLY, SANDBOX } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { startGovernance } from '../testing/governance-scene.ts'
import { explainAccess } from './explain-access.ts'

const key = (set: typeof ADMIN, account: { readonly id: typeof PROD.id }) =>
  grantKey({ account: account.id, permissionSet: set.arn })

it('names what AWS holds and nothing here gives, in the accounts that are governed', async () => {
  const ana = aUser('ana', { roles: [on(READ_ONLY, PROD)] })
  const scene = await startGovernance({ users: [ana] })
  const elsewhere = { id: '999999999999' as typeof PROD.id } // an account outside of the filter
  const ports = {
    ...scene,
    store: {
      ...scene.store,
      readHoldings: async () => ({
        isRead: true,
        direct: new Set([key(READ_ONLY, PROD), key(ADMIN, PROD), key(ADMIN, elsewhere)]),
        throughGroups: new Set([key(BILLING, SANDBOX), key(ADMIN, PROD)]),
      }),
    },
  }
  const explain = (place?: { account: string; permissionSet?: string }) =>
    explainAccess(ports, { actor: scene.as('ana'), user: ana.name, ...(place ? { place } : {}) }, scene.signal)
  const { result, undecided } = await explain()
  expect(result.paths.map(({ grant }) => grant)).toEqual([key(READ_ONLY, PROD)])
  expect(undecided).toEqual([key(ADMIN, PROD), key(BILLING, SANDBOX)].toSorted())
  expect((await explain({ account: PROD.id })).undecided).toEqual([key(ADMIN, PROD)])
  expect((await explain({ account: PROD.id, permissionSet: READ_ONLY.arn })).undecided).toEqual([])
})
