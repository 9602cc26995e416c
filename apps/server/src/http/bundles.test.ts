import type { GatehouseClient } from '@gatehouse/api'
import type { MirrorChange } from '@gatehouse/application'
import { A_CATALOGUE, anOrganization, PROD, READ_ONLY, SANDBOX } from '@gatehouse/domain/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'

const BORIS = 'boris@acme.example'
const CLARA = 'clara@acme.example'
const IDS = `kind: role
version: v8
metadata: {name: reads-prod}
spec: {allow: {account_assignments: [{account: '${PROD.id}', permission_set: '${READ_ONLY.arn}'}]}}
---
kind: role
version: v8
metadata: {name: asks-for-prod}
spec: {allow: {request: {search_as_roles: [reads-prod]}}}
---
kind: user
version: v2
metadata: {name: ${BORIS}}
spec: {roles: [asks-for-prod]}
---
kind: user
version: v2
metadata: {name: ${CLARA}}
spec: {}
`
const bundle = (name: string, accounts: string): string => `kind: bundle
version: v1
metadata: {name: ${name}, description: Where to look, labels: {team: web}}
spec: {title: ${name.toUpperCase()}, accounts: [${accounts}], permission_sets: [ReadOnlyAccess]}
`
const PROD_ALONE = bundle('prod-alone', `{id: '${PROD.id}'}`)
const BOTH = bundle('both', `{id: '${PROD.id}'}, {name: sandbox}, {tags: {env: prod}}`)

let server: TestServer
let ana: GatehouseClient
let boris: GatehouseClient
let clara: GatehouseClient
beforeAll(async () => {
  server = await startTestServer()
  const organization = anOrganization()
  const mirror: readonly MirrorChange[] = [
    ...[...A_CATALOGUE.accounts.values()].map((account) => ({ put: 'account', account }) as const),
    ...[...A_CATALOGUE.permissionSets.values()].map((set) => ({ put: 'permission-set', permissionSet: set }) as const),
  ]
  const records = [{ put: 'organization', organization }] as const
  await server.ports.store.commit({ organization: organization.id, records, mirror }, new AbortController().signal)
  ana = await server.signIn()
  await ana.applyDocuments({ body: { text: IDS, mode: 'create' } })
  for (const user of [BORIS, CLARA]) await server.givePassword(user)
  boris = await server.signIn(BORIS)
  clara = await server.signIn(CLARA)
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

describe('bundles', () => {
  it('are written as documents, which warns of what they can not know', async () => {
    const { results, warnings } = await ana.applyDocuments({
      body: { text: `${PROD_ALONE}---\n${BOTH}`, mode: 'create' },
    })
    expect(results.map(({ kind, name, outcome }) => [kind, name, outcome])).toEqual([
      ['bundle', 'prod-alone', 'created'],
      ['bundle', 'both', 'created'],
    ])
    expect(warnings.map(({ message }) => message)).toEqual([
      'accounts[2] adds nothing for 4 accounts: tags can not be read from AWS.',
    ])
    const again = await ana.applyDocuments({ body: { text: BOTH, mode: 'replace' } })
    expect(again.results).toMatchObject([{ outcome: 'unchanged' }])
    const document = await ana.getDocument({ params: { kind: 'bundle', name: 'Both' } })
    expect(document).toMatchObject({ kind: 'bundle', metadata: { name: 'both', description: 'Where to look' } })
  })

  it('are listed page by page, whole for those whose rules say so', async () => {
    const first = await ana.listBundles({ query: { limit: 1 } })
    expect(first.items).toMatchObject([{ name: 'both', title: 'BOTH', rows: 2, requestable: 0, mayRequest: false }])
    expect(first.items[0]?.problems).toHaveLength(1)
    const { items, next } = await ana.listBundles({ query: { limit: 1, cursor: first.next } })
    expect(items).toMatchObject([{ name: 'prod-alone', rows: 1 }])
    expect(next).toBeUndefined()
  })

  it('are listed for everybody as far as he may ask for them, without what is not his business', async () => {
    expect((await boris.listBundles({ query: {} })).items).toMatchObject([
      { name: 'both', rows: 2, requestable: 1, mayRequest: false, problems: [] },
      { name: 'prod-alone', rows: 1, requestable: 1, mayRequest: true },
    ])
    const { items, bundle: about } = await boris.getBundle({ params: { name: 'both' }, query: {} })
    expect(about).toMatchObject({ name: 'both', rows: 2 })
    expect(items).toEqual([
      {
        account: PROD.id,
        accountName: PROD.name,
        permissionSet: READ_ONLY.name,
        resourceId: `/acme.example/aws_ic_account_assignment/${PROD.id}--readonlyaccess`,
        requestable: true,
        held: false,
      },
    ])
    expect((await clara.listBundles({ query: {} })).items).toEqual([])
    await expect(clara.getBundle({ params: { name: 'both' }, query: {} })).rejects.toMatchObject({ status: 404 })
    await expect(boris.getDocument({ params: { kind: 'bundle', name: 'both' } })).rejects.toMatchObject({ status: 404 })
  })

  it('show their rows page by page', async () => {
    const params = { name: 'both' }
    const first = await ana.getBundle({ params, query: { limit: 1 } })
    const second = await ana.getBundle({ params, query: { limit: 1, cursor: first.next } })
    expect([...first.items, ...second.items].map(({ account }) => account)).toEqual([PROD.id, SANDBOX.id])
    expect(second.next).toBeUndefined()
  })

  it('are changed and removed by those alone who have a rule for it, and each change is recorded', async () => {
    const text = BOTH.replace('BOTH', 'Both of them')
    await expect(boris.applyDocuments({ body: { text, mode: 'replace' } })).rejects.toMatchObject({ status: 403 })
    const removal = { params: { kind: 'bundle', name: 'both' }, query: {} } as const
    await expect(boris.deleteDocument(removal)).rejects.toMatchObject({ status: 403 })
    await ana.applyDocuments({ body: { text, mode: 'replace' } })
    await ana.deleteDocument(removal)
    const events = async (event: string) => (await ana.listAuditEvents({ query: { event } })).items
    expect(await events('bundle.create')).toHaveLength(2)
    expect(await events('bundle.update')).toMatchObject([{ code: 'GH041I' }])
    expect(await events('bundle.delete')).toMatchObject([{ code: 'GH042I' }])
    await expect(ana.getBundle({ params: { name: 'both' }, query: {} })).rejects.toMatchObject({ status: 404 })
  })

  it('belong to the files that write them, and go with them', async () => {
    const files = { mode: 'replace', managedBy: 'web', prune: true } as const
    await ana.applyDocuments({ body: { text: bundle('filed', '{name: prod}'), ...files } })
    const byHand = ana.applyDocuments({ body: { text: bundle('filed', '{name: sandbox}'), mode: 'replace' } })
    await expect(byHand).rejects.toMatchObject({ status: 409 })
    const { results } = await ana.applyDocuments({ body: { text: bundle('other', '{name: prod}'), ...files } })
    expect(results.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['other', 'created'],
      ['filed', 'removed'],
    ])
  })
})
