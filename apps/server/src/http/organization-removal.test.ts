import { assignmentKey, grantKey, hours, plus } from '@gatehouse/domain'
import { anOrganization, awsUserId, NOW, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'

const ORGANIZATION = anOrganization()
const params = { name: ORGANIZATION.name }
const { signal } = new AbortController()

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.[Symbol.asyncDispose]())

it('an organization can be removed however many rows of access are released', async () => {
  const grant = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
  const keys = Array.from({ length: 3_000 }, (_, i) => {
    const principal = { type: 'USER', id: awsUserId(`${i}`.padStart(36, '0')) } as const
    return assignmentKey(principal, grant)
  })
  const remembered = { confirmed: true, subjects: [], until: plus(NOW, hours(1)) }
  const organization = ORGANIZATION.id
  const records = [{ put: 'organization', organization: ORGANIZATION } as const]
  const memory = keys.map((key) => ({ put: 'assignment', key, remembered }) as const)
  await server.ports.store.commit({ organization, records, memory }, signal)
  const ana = await server.signIn()
  const before = await ana.previewRemoval({ params, query: { limit: 1000 } })
  expect(before).toMatchObject({ counts: { leaving: 3_000 }, blockers: [{}] })
  expect(before.leaving).toHaveLength(1000)
  expect((await ana.previewRemoval({ params, body: { release: keys } })).blockers).toEqual([])
  await expect(ana.removeOrganization({ params })).rejects.toMatchObject({ status: 409 })
  await ana.removeOrganization({ params, body: { release: keys } })
  expect((await ana.listOrganizations({})).items).toEqual([])
  const [event] = (await ana.listAuditEvents({ query: { event: 'plugin.delete' } })).items
  expect(event?.fields).toMatchObject({ released_count: 3_000 })
})
