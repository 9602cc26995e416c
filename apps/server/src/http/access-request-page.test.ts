import type { MirrorChange, PermissionSetReader } from '@gatehouse/application'
import { A_CATALOGUE, ADMIN, anOrganization, PROD, READ_ONLY, SANDBOX } from '@gatehouse/domain/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'

const [REQUESTER, REVIEWER, ONLOOKER] = ['boris@acme.example', 'clara@acme.example', 'olga@acme.example']
const lent = (rules: string): string => `kind: role
version: v8
metadata: {name: lent}
spec: {allow: {${rules} account_assignments: [{account: '${PROD.id}', permission_set: '${READ_ONLY.arn}'}]}}
`
const HARMLESS = lent('')
const MIGHTY = lent(`rules: [{resources: ['*'], verbs: ['*']}],`)
const OTHERS = `kind: role
version: v8
metadata: {name: asks}
spec: {allow: {request: {roles: [lent]}}}
---
kind: role
version: v8
metadata: {name: looks}
spec: {allow: {review_requests: {roles: [lent]}}}
---
kind: user
version: v2
metadata: {name: ${REQUESTER}}
spec: {roles: [asks]}
---
kind: user
version: v2
metadata: {name: ${REVIEWER}}
spec: {roles: [looks]}
`

let server: TestServer
let duringReading: (() => Promise<unknown>) | undefined
beforeAll(async () => {
  server = await startTestServer()
  const organization = anOrganization()
  const mirror: readonly MirrorChange[] = [
    ...[...A_CATALOGUE.accounts.values()].map((account) => ({ put: 'account', account }) as const),
    ...[...A_CATALOGUE.permissionSets.values()].map((set) => ({ put: 'permission-set', permissionSet: set }) as const),
  ]
  const records = [{ put: 'organization', organization }] as const
  await server.ports.store.commit({ organization: organization.id, records, mirror }, new AbortController().signal)
  const read: PermissionSetReader['read'] = async (_organization, sets) => {
    const act = duringReading
    duringReading = undefined
    await act?.()
    return new Map(sets.map((arn) => [arn, { arn, name: 'ReadOnlyAccess', description: '', sessionDuration: 'PT1H' }]))
  }
  server.ports.permissionSets.read = read
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

describe('the page of a request', () => {
  it('shows what its hash is of, also when a role is changed while AWS is read', async () => {
    const ana = await server.signIn()
    const save = (text: string) => ana.applyDocuments({ body: { text, mode: 'replace' } })
    await save(`${MIGHTY}---\n${OTHERS}`)
    for (const user of [REQUESTER, REVIEWER]) await server.givePassword(user)
    const [boris, clara] = [await server.signIn(REQUESTER), await server.signIn(REVIEWER)]
    const { id } = await boris.createAccessRequest({ body: { roles: ['lent'], reason: 'INC-7' } })
    duringReading = () => save(HARMLESS)
    const { shown } = await clara.getAccessRequest({ params: { id } })
    await save(MIGHTY)
    expect(shown?.roles.map(({ text }) => text)).toEqual([expect.stringContaining('rules')])
  })
})

it('shows what the person has already in the accounts asked for, to who reviews and to the person alone', async () => {
  const ana = await server.signIn()
  const standing = `kind: role
version: v8
metadata: {name: deploys}
spec: {allow: {account_assignments: [{account: '${PROD.id}', permission_set: '${ADMIN.arn}'}, {account: '${SANDBOX.id}', permission_set: '${ADMIN.arn}'}]}}
---
kind: user
version: v2
metadata: {name: ${REQUESTER}}
spec: {roles: [asks, deploys]}
---
kind: role
version: v8
metadata: {name: onlooker}
spec: {allow: {rules: [{resources: [access_request], verbs: [list, read]}]}}
---
kind: user
version: v2
metadata: {name: ${ONLOOKER}}
spec: {roles: [onlooker]}
`
  await ana.applyDocuments({ body: { text: standing, mode: 'replace' } })
  await server.givePassword(ONLOOKER)
  const [boris, clara, olga] = [
    await server.signIn(REQUESTER),
    await server.signIn(REVIEWER),
    await server.signIn(ONLOOKER),
  ]
  const { id } = await boris.createAccessRequest({ body: { roles: ['lent'], reason: 'INC-7' } })
  const hasFor = async (client: typeof ana) => (await client.getAccessRequest({ params: { id } })).has
  const expected = {
    items: [expect.objectContaining({ account: PROD.id, accountName: PROD.name, permissionSet: ADMIN.name })],
    total: 1,
  }
  expect(await hasFor(clara)).toEqual(expected)
  expect(await hasFor(boris)).toEqual(expected)
  expect(await hasFor(olga)).toBeUndefined()
  await boris.deleteAccessRequest({ params: { id } })
})

it('requests that are filed and withdrawn again and again are refused for a while, and others are not', async () => {
  const [boris, ana] = [await server.signIn(REQUESTER), await server.signIn()]
  const file = (dryRun = false) => boris.createAccessRequest({ body: { roles: ['lent'], reason: 'INC-7', dryRun } })
  const fileOften = async (): Promise<number> => {
    for (let count = 0; count < 40; count++) {
      try {
        const { id } = await file()
        await boris.deleteAccessRequest({ params: { id } })
      } catch (error) {
        expect(error).toMatchObject({ status: 429, code: 'too-many-attempts' })
        return count
      }
    }
    return Infinity
  }
  expect(await fileOften()).toBeLessThanOrEqual(30)
  expect(await file(true)).toMatchObject({ state: 'pending' })
  await expect(ana.createAccessRequest({ body: { roles: ['lent'] } })).rejects.not.toMatchObject({ status: 429 })
})
