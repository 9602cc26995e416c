import { parsePattern } from '@gatehouse/domain'
import { aBundle, ADMIN, aRole, aUser, BILLING, PROD, READ_ONLY, SANDBOX, STAGING } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { type GovernanceScene, startGovernance } from '../testing/index.ts'
import { getBundle, listBundles } from './list-bundles.ts'

const id = (account: { readonly id: string }) => ({ id: parsePattern(account.id) })
const SHARED = aBundle('shared', { accounts: [id(PROD), id(SANDBOX), { name: parsePattern('nobody') }] })
const ADMINS = aBundle('admins', { accounts: [id(STAGING)], permissionSets: [parsePattern(ADMIN.name)] })

/** Ana administers, bruno may ask for read-only access to production, eva for nothing. */
async function start(): Promise<GovernanceScene> {
  const scene = await startGovernance({
    users: [
      aUser('ana', { roles: ['editor'] }),
      aUser('bruno', { roles: ['asks-for-prod'] }),
      aUser('chiara', { roles: ['asks-for-prod', 'kept-from-bundles'] }),
      aUser('dmitri', { roles: ['requester', 'reads-prod'] }),
      aUser('eva'),
    ],
    roles: [
      aRole('reads-prod', { allow: { assignments: [[PROD.id, READ_ONLY.arn]] } }),
      aRole('asks-for-prod', { allow: { request: { searchAsRoles: ['reads-prod'] } } }),
      aRole('kept-from-bundles', { deny: { rules: [{ resources: ['bundle'], verbs: ['read'] }] } }),
    ],
  })
  await scene.store.commit(
    { records: [SHARED, ADMINS].map((bundle) => ({ put: 'bundle', bundle }) as const) },
    scene.signal,
  )
  return scene
}

const seenBy = async (scene: GovernanceScene, name: string) =>
  (await listBundles(scene, scene.as(name), scene.signal)).map(({ bundle, rows, total, mayRequest }) => [
    bundle.name,
    rows.length,
    total,
    mayRequest,
  ])

describe('bundles', () => {
  it('are shown whole to those whose rules say so, with their problems', async () => {
    const scene = await start()
    expect(await seenBy(scene, 'ana')).toEqual([
      ['admins', 1, 1, false],
      ['shared', 2, 2, false],
    ])
    const { seen } = await getBundle(scene, { actor: scene.as('ana'), name: 'SHARED' }, scene.signal)
    expect(seen.problems).toEqual(['accounts[2] fits no account.'])
  })

  it('are shown to those who may ask for one row or more, with these rows alone', async () => {
    const scene = await start()
    expect(await seenBy(scene, 'bruno')).toEqual([['shared', 1, 2, false]])
    const { seen } = await getBundle(scene, { actor: scene.as('bruno'), name: 'shared' }, scene.signal)
    expect(seen.rows).toEqual([{ account: PROD.id, permissionSet: READ_ONLY.arn, requestable: true, held: false }])
    expect(seen.problems).toEqual([])
  })

  it('do not exist for those who may ask for nothing in them, or whom a role keeps from them', async () => {
    const scene = await start()
    expect(await seenBy(scene, 'eva')).toEqual([])
    expect(await seenBy(scene, 'chiara')).toEqual([])
    for (const name of ['shared', 'none'])
      await expect(getBundle(scene, { actor: scene.as('eva'), name }, scene.signal)).rejects.toMatchObject({
        problem: { code: 'not-found', name },
      })
  })

  it('may be asked for as a whole when every row may be, or is there without an end', async () => {
    const scene = await start()
    expect(await seenBy(scene, 'dmitri')).toEqual([
      ['admins', 1, 1, true],
      ['shared', 2, 2, true],
    ])
    const { seen } = await getBundle(scene, { actor: scene.as('dmitri'), name: 'shared' }, scene.signal)
    expect(seen.rows.map(({ requestable, held }) => [requestable, held])).toEqual([
      [false, true],
      [true, false],
    ])
  })

  it('follow the catalogue: an account that is gone, or has another name, is in them no more', async () => {
    const scene = await start()
    const bundle = aBundle('by-name', {
      accounts: [{ name: parsePattern('prod') }],
      permissionSets: [parsePattern('*')],
    })
    const { organizations } = await scene.store.readRecords(scene.signal)
    const [organization] = organizations
    if (!organization) throw new Error('no organization')
    await scene.store.commit({ records: [{ put: 'bundle', bundle }] }, scene.signal)
    const rows = async () =>
      (await getBundle(scene, { actor: scene.as('ana'), name: 'by-name' }, scene.signal)).seen.rows.map(
        (row) => row.permissionSet,
      )
    expect(new Set(await rows())).toEqual(new Set([ADMIN.arn, BILLING.arn, READ_ONLY.arn]))
    const mirror = [{ put: 'account', account: { ...PROD, name: 'live' } }] as const
    await scene.store.commit({ organization: organization.id, mirror }, scene.signal)
    expect(await rows()).toEqual([])
  })
})
