import { type ApiProblem, type GatehouseClient, readWholeExplanation } from '@gatehouse/api'
import type { MirrorChange } from '@gatehouse/application'
import { A_CATALOGUE, anOrganization, on, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'

const BORIS = 'boris@acme.example'
const CLARA = 'clara@acme.example'
const EMIL = 'emil@acme.example'
const READ_PROD = on(READ_ONLY, PROD)
const LIST = `
kind: access_list
version: v1
metadata: {name: platform}
spec: {title: Platform engineers, owners: [{name: ${CLARA}}], members: [{name: ${BORIS}, expires: "2027-06-01T00:00:00Z"}], grants: {roles: ['${READ_PROD}']}}
`
const user = (name: string, roles: string): string => `
kind: user
version: v2
metadata: {name: ${name}}
spec: {roles: [${roles}]}
`

let server: TestServer
let ana: GatehouseClient
let boris: GatehouseClient
let clara: GatehouseClient
let emil: GatehouseClient
beforeAll(async () => {
  server = await startTestServer()
  const { signal } = new AbortController()
  const organization = anOrganization()
  const mirror: readonly MirrorChange[] = [
    ...[...A_CATALOGUE.accounts.values()].map((account) => ({ put: 'account', account }) as const),
    ...[...A_CATALOGUE.permissionSets.values()].map((set) => ({ put: 'permission-set', permissionSet: set }) as const),
  ]
  const records = [{ put: 'organization', organization }] as const
  await server.ports.store.commit({ organization: organization.id, records, mirror }, signal)
  ana = await server.signIn()
  const text = [user(BORIS, `'${READ_PROD}'`), user(CLARA, ''), user(EMIL, 'requester'), LIST].join('---')
  await ana.applyDocuments({ body: { text, mode: 'create' } })
  for (const name of [BORIS, CLARA, EMIL]) await server.givePassword(name)
  ;[boris, clara, emil] = await Promise.all([server.signIn(BORIS), server.signIn(CLARA), server.signIn(EMIL)])
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

describe('asking why', () => {
  it('is answered with every way, by names of accounts and sets or by their ids', async () => {
    const byName = await ana.explainAccess({ query: { user: BORIS, account: 'PROD', permissionSet: READ_ONLY.name } })
    const place = {
      account: PROD.id,
      accountName: PROD.name,
      permissionSet: READ_ONLY.arn,
      permissionSetName: 'ReadOnlyAccess',
    }
    expect(byName).toEqual({
      user: BORIS,
      paths: [
        { ...place, kind: 'role', role: READ_PROD },
        {
          ...place,
          kind: 'list',
          role: READ_PROD,
          lists: [{ name: 'platform', title: 'Platform engineers' }],
          as: 'members',
          until: '2027-06-01T00:00:00Z',
        },
      ],
      withheld: [],
      undecided: [],
      totals: { paths: 2, withheld: 0, undecided: 0 },
    })
    const byId = { user: BORIS, account: PROD.id, permissionSet: READ_ONLY.arn }
    expect(await ana.explainAccess({ query: byId })).toEqual(byName)
  })
  it('D4-36 is answered to anybody about himself, and about others to administrators only', async () => {
    expect((await boris.explainAccess({ query: { user: BORIS } })).paths).toHaveLength(2)
    await expect(boris.explainAccess({ query: { user: CLARA } })).rejects.toMatchObject({ code: 'not-found' })
    await expect(boris.listWhoCan({ query: { account: 'prod' } })).rejects.toMatchObject({ status: 403 })
    await expect(boris.explainChange({ body: { text: user(BORIS, 'editor') } })).rejects.toMatchObject({
      code: 'refused',
    })
  })
  it('D4-36 names no place to anybody that he has nothing to do with, whether it is there or not', async () => {
    const refusal = (account: string): Promise<unknown> =>
      clara
        .explainAccess({ query: { user: CLARA, account } })
        .catch(({ message, remedy }: ApiProblem) => `${message} ${remedy}`.replaceAll(account, 'it'))
    const nothing = await refusal('999999999999')
    expect(nothing).toContain('it')
    for (const account of [PROD.id, 'prod', 'prodd']) expect(await refusal(account)).toBe(nothing)
    await expect(
      boris.explainAccess({ query: { user: BORIS, account: 'prod', permissionSet: 'AdministratorAccess' } }),
    ).rejects.toMatchObject({ code: 'not-found', remedy: expect.not.stringContaining('Administrator') as string })
    const asker = { user: EMIL, account: 'prod', permissionSet: READ_ONLY.name }
    expect(await emil.explainAccess({ query: asker })).toMatchObject({ paths: [] })
  })
  it('is answered page by page', async () => {
    const query = { user: BORIS, limit: 1 }
    const first = await ana.explainAccess({ query })
    const second = await ana.explainAccess({ query: { ...query, cursor: first.next } })
    expect([...first.paths, ...second.paths].map(({ kind }) => kind)).toEqual(['role', 'list'])
    expect(second.next).toBeUndefined()
    expect(await readWholeExplanation(ana, { user: BORIS })).toMatchObject({ totals: { paths: 2 } })
  })
  it('names what there is not, and what may be meant', async () => {
    await expect(ana.explainAccess({ query: { user: BORIS, account: 'prodd' } })).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining('prod') as string,
    })
  })
})

it('who can is listed by name, page by page', async () => {
  const { items } = await ana.listWhoCan({ query: { account: 'prod' } })
  expect(items.map((explanation) => explanation.user)).toEqual([BORIS])
  expect((await ana.listWhoCan({ query: { account: 'staging' } })).items).toEqual([])
})

it('what if shows who gains and loses, and saves nothing', async () => {
  const before = await server.ports.store.recordsVersion(AbortSignal.timeout(5_000))
  const text = `${user(BORIS, '')}---${user(CLARA, `'${READ_PROD}'`)}---${LIST.replace(/members: \[[^\]]*\]/, 'members: []')}`
  const difference = await ana.explainChange({ body: { text } })
  expect(difference).toMatchObject({
    gained: [{ user: CLARA, accountName: 'prod' }],
    lost: [{ user: BORIS, accountName: 'prod' }],
    gainedTotal: 1,
    lostTotal: 1,
  })
  expect(await ana.explainChange({ body: { text: user(BORIS, '') } })).toMatchObject({ gainedTotal: 0, lostTotal: 0 })
  expect(await server.ports.store.recordsVersion(AbortSignal.timeout(5_000))).toBe(before)
})
