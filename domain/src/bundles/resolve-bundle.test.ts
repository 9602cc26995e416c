import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grantKey } from '../identity-center/account-assignment.ts'
import type { Account } from '../identity-center/account.ts'
import type { AccountSelector } from '../identity-center/account-selector.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { aBundle, ADMIN, anAccount, BILLING, READ_ONLY } from '../testing/index.ts'
import type { Bundle } from './bundle.ts'
import { resolveBundle } from './resolve-bundle.ts'

const SETS = [ADMIN, READ_ONLY, BILLING]
const ROOT = { id: 'r-ab12', name: 'Root' }
const WORKLOADS = { id: 'ou-ab12-11111111', name: 'Workloads' }
const PROD_UNIT = { id: 'ou-ab12-22222222', name: 'Prod' }

const prod = anAccount('prod', '111111111111', {
  tags: { env: 'prod', team: 'web' },
  parents: [PROD_UNIT, WORKLOADS, ROOT],
})
const sandbox = anAccount('sandbox', '222222222222', { tags: { env: 'dev' }, parents: [WORKLOADS, ROOT] })
const shared = anAccount('shared', '333333333333', { tags: {}, parents: [ROOT] })
const closed = anAccount('closed', '444444444444', { ...prod, state: 'SUSPENDED' })
const ACCOUNTS = [prod, sandbox, shared, { ...closed, id: anAccount('x', '444444444444').id, name: 'closed' }]

const p = parsePattern
const rowsOf = (bundle: Bundle, accounts: readonly Account[] = ACCOUNTS): readonly string[] =>
  resolveBundle(bundle, createCatalogue(accounts, SETS)).rows.map(grantKey)
const accountsOf = (accounts: readonly AccountSelector[], from: readonly Account[] = ACCOUNTS): readonly string[] => [
  ...new Set(resolveBundle(aBundle('b', { accounts }), createCatalogue(from, SETS)).rows.map(({ account }) => account)),
]

describe('a bundle', () => {
  it('takes accounts by id, name, organizational unit and tag, and all that lies below a unit', () => {
    expect(accountsOf([{ id: p('111111111111') }])).toEqual([prod.id])
    expect(accountsOf([{ name: p('s*') }])).toEqual([sandbox.id, shared.id])
    expect(accountsOf([{ name: p('^(prod|shared)$') }])).toEqual([prod.id, shared.id])
    expect(accountsOf([{ organizationalUnit: WORKLOADS.id }])).toEqual([prod.id, sandbox.id])
    expect(accountsOf([{ organizationalUnit: 'Root/Workloads/Prod' }])).toEqual([prod.id])
    expect(accountsOf([{ organizationalUnit: 'Root/Work' }])).toEqual([])
    expect(accountsOf([{ tags: { env: [p('prod'), p('dev')] } }])).toEqual([prod.id, sandbox.id])
  })

  it('wants every key of one entry, and any one entry', () => {
    expect(accountsOf([{ tags: { env: [p('*')], team: [p('web')] } }])).toEqual([prod.id])
    expect(accountsOf([{ name: p('prod'), tags: { env: [p('dev')] } }])).toEqual([])
    expect(accountsOf([{ name: p('prod') }, { tags: { env: [p('dev')] } }])).toEqual([prod.id, sandbox.id])
  })

  it('takes permission sets by name, and by ARN only what is written like one', () => {
    const accounts = [{ id: p('111111111111') }]
    const sets = (...permissionSets: string[]) =>
      rowsOf(aBundle('b', { accounts, permissionSets: permissionSets.map(p) })).map((key) => key.split('|')[1])
    expect(sets('*Access')).toEqual([ADMIN.arn, READ_ONLY.arn])
    expect(sets(BILLING.arn)).toEqual([BILLING.arn])
    expect(sets('*ps-billing')).toEqual([])
  })

  it('leaves out accounts that are not active, and says so', () => {
    const { rows, problems } = resolveBundle(
      aBundle('b', { accounts: [{ name: p('closed') }] }),
      createCatalogue(ACCOUNTS, SETS),
    )
    expect(rows).toEqual([])
    expect(problems).toEqual(['1 account left out, not active: closed.'])
  })

  it('says which entries fit nothing', () => {
    const bundle = aBundle('b', { accounts: [{ name: p('nobody') }], permissionSets: [p('None')] })
    expect(resolveBundle(bundle, createCatalogue(ACCOUNTS, SETS)).problems).toEqual([
      'accounts[0] fits no account.',
      'permission_sets[0] fits no permission set.',
    ])
  })

  it('gives nothing for a tag while tags can not be read, takes out what an exclusion may mean, and says both', () => {
    const unread = forget(['tags', 'tags', 'tags', 'tags'])
    const byTag = aBundle('b', { accounts: [{ tags: { env: [p('prod')] } }] })
    expect(resolveBundle(byTag, createCatalogue(unread, SETS))).toEqual({
      rows: [],
      problems: ['accounts[0] adds nothing for 4 accounts: tags can not be read from AWS.'],
    })
    const butProd = aBundle('b', {
      accounts: [{ name: p('*') }],
      exclude: { accounts: [{ name: p('s*'), tags: { env: [p('prod')] } }], permissionSets: [] },
    })
    const resolved = resolveBundle(butProd, createCatalogue(unread, SETS))
    expect(resolved.rows.map(({ account }) => account)).toEqual([prod.id])
    expect(resolved.problems[0]).toBe('exclude.accounts[0] takes out 2 accounts unseen: tags can not be read from AWS.')
  })

  it('knows the accounts directly in a unit by its id, where units can not be read, and takes none for being elsewhere', () => {
    const direct = ACCOUNTS.map(({ parents, ...account }) =>
      parents?.[0] === WORKLOADS ? { ...account, parent: WORKLOADS.id } : account,
    )
    expect(accountsOf([{ organizationalUnit: WORKLOADS.id }], direct)).toEqual([sandbox.id])
    expect(accountsOf([{ organizationalUnit: 'Root/Workloads' }], direct)).toEqual([])
    const exclude = { accounts: [{ organizationalUnit: WORKLOADS.id }], permissionSets: [] }
    expect(rowsOf(aBundle('b', { exclude }), direct)).toEqual([])
  })

  it('is not fooled by a slash in the name of a unit', () => {
    const posing = anAccount('posing', '555555555555', {
      parents: [{ id: 'ou-ab12-33333333', name: 'Workloads/Prod' }, ROOT],
    })
    expect(accountsOf([{ organizationalUnit: 'Root/Workloads' }], [posing])).toEqual([])
    expect(accountsOf([{ organizationalUnit: 'Root/Workloads%2FProd' }], [posing])).toEqual([posing.id])
  })
})

const patterns = fc.constantFrom('*', 'prod', 's*', '^(prod|closed)$').map(p)
const units = fc.constantFrom(ROOT.id, WORKLOADS.id, PROD_UNIT.id, 'Root', 'Root/Workloads', 'Root/Workloads/Prod')
const tags = fc.dictionary(
  fc.constantFrom('env', 'team'),
  fc.constantFrom('*', 'prod', 'dev').map((one) => [p(one)]),
  {
    minKeys: 1,
  },
)
const selectors: fc.Arbitrary<AccountSelector> = fc.record(
  { name: patterns, organizationalUnit: units, tags },
  { requiredKeys: [] },
)
const sets = fc.array(fc.constantFrom('*', 'ReadOnly*', 'Billing', ADMIN.arn).map(p), { maxLength: 2 })
const bundles = fc
  .record({
    accounts: fc.array(selectors, { maxLength: 3 }),
    permissionSets: sets,
    exclude: fc.record({ accounts: fc.array(selectors, { maxLength: 2 }), permissionSets: sets }),
  })
  .map((partial) => aBundle('b', partial))
/** What AWS does not tell of each account. */
const ignorance = fc.array(fc.constantFrom('tags', 'parents', 'both', 'nothing'), { minLength: 4, maxLength: 4 })
const forget = (what: readonly string[]): readonly Account[] =>
  ACCOUNTS.map(({ tags: known, parents, ...account }, index) => ({
    ...account,
    ...(known && what[index] !== 'tags' && what[index] !== 'both' ? { tags: known } : {}),
    ...(parents && what[index] !== 'parents' && what[index] !== 'both' ? { parents } : {}),
  }))
const isWithin = (few: readonly string[], many: readonly string[]): boolean => new Set(few).isSubsetOf(new Set(many))

describe('whatever a bundle says,', () => {
  it('one more exclusion never widens it', () => {
    fc.assert(
      fc.property(bundles, selectors, sets, (bundle, account, permissionSets) => {
        const { exclude } = bundle
        const narrower = { ...bundle, exclude: { ...exclude, accounts: [...exclude.accounts, account] } }
        const both = { ...exclude, permissionSets: [...exclude.permissionSets, ...permissionSets] }
        expect(isWithin(rowsOf(narrower), rowsOf(bundle))).toBe(true)
        expect(isWithin(rowsOf({ ...bundle, exclude: both }), rowsOf(bundle))).toBe(true)
      }),
    )
  })

  it('what can not be read never widens it', () => {
    fc.assert(
      fc.property(bundles, ignorance, (bundle, what) => {
        expect(isWithin(rowsOf(bundle, forget(what)), rowsOf(bundle))).toBe(true)
      }),
    )
  })

  it('it is the union of its entries', () => {
    fc.assert(
      fc.property(bundles, (bundle) => {
        const alone = bundle.accounts.flatMap((entry) => rowsOf({ ...bundle, accounts: [entry] }))
        expect(new Set(rowsOf(bundle))).toEqual(new Set(alone))
      }),
    )
  })

  it('it holds active accounts only, each row once, in one order', () => {
    fc.assert(
      fc.property(bundles, (bundle) => {
        const rows = rowsOf(bundle)
        expect(rows).toEqual([...new Set(rows)].toSorted())
        expect(rows.some((key) => key.startsWith('444444444444'))).toBe(false)
        expect(rowsOf(bundle, ACCOUNTS.toReversed())).toEqual(rows)
      }),
    )
  })
})
