import { describe, expect, it } from 'vitest'
import { anAccount, aPermissionSet } from '../testing/index.ts'
import { createCatalogue } from './catalogue.ts'
import { listSystemRoles, resolveSystemRole, systemRoleName } from './system-roles.ts'

const ACCOUNTS = Array.from({ length: 1_000 }, (_, index) =>
  anAccount(`Account ${index}`, String(100_000_000_000 + index)),
)
const SETS = Array.from({ length: 200 }, (_, index) => aPermissionSet(`Set-on-${index}`))
const LARGE = createCatalogue(ACCOUNTS, SETS)
/** Far above what a look-up takes, far below what walking all permission sets for each takes. */
const SOON_MS = 1_000

describe('system roles of 1,000 accounts and 200 permission sets', () => {
  it('resolve by their names and old names, without being made first', () => {
    const start = performance.now()
    for (let index = 0; index < 20_000; index++) {
      const account = ACCOUNTS[(index * 7) % ACCOUNTS.length]
      const set = SETS[(index * 13) % SETS.length]
      if (!account || !set) throw new Error('there is one')
      expect(resolveSystemRole(systemRoleName(account, set), LARGE)?.permissionSet).toBe(set)
    }
    expect(performance.now() - start).toBeLessThan(SOON_MS)
    expect(resolveSystemRole('Set-on-7-on-Renamed-since-100000000003', LARGE)?.permissionSet.name).toBe('Set-on-7')
    expect(resolveSystemRole('SET-ON-7-on-Account_3-100000000003', LARGE)?.name).toBe(
      'Set-on-7-on-Account_3-100000000003',
    )
    expect(resolveSystemRole('Set-on-999-on-Account_3-100000000003', LARGE)).toBeUndefined()
  })

  it('are listed from any position on, each once', () => {
    const first = [...listSystemRoles([LARGE], { from: 0 })]
    expect(first).toHaveLength(200_000)
    expect(new Set(first.map(({ role }) => role.name)).size).toBe(200_000)
    for (const from of [1, 999, 1_000, 123_456, 199_999])
      expect(listSystemRoles([LARGE], { from }).next().value).toEqual(first[from])
    expect(listSystemRoles([LARGE], { from: 200_000 }).next().done).toBe(true)
  })

  it('are found by any part of their names, ignoring case', () => {
    const found = [...listSystemRoles([LARGE], { from: 0, search: 'ON-17-on-account_42-' })]
    expect(found.map(({ role }) => role.name)).toEqual(['Set-on-17-on-Account_42-100000000042'])
  })
})
