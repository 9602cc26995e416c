import { setTimeout as sleep } from 'node:timers/promises'
import type { OrganizationId } from '@gatehouse/domain'
import { anOrganization } from '@gatehouse/domain/testing'
import { expect, it, vi } from 'vitest'
import { startTestServer } from '../testing/start-test-server.ts'

const { signal } = new AbortController()

it('says how an organization is although its engine starts a moment later, and plans nothing before AWS was read', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9') // nobody is there
  await using server = await startTestServer()
  const ana = await server.signIn()
  const organization = anOrganization({ mode: 'shadow', scimUrl: 'http://127.0.0.1:9/scim/v2' })
  await server.ports.store.commit({ records: [{ put: 'organization', organization }] }, signal)

  const asked = ana.getOrganizationStatus({ params: { name: organization.name } })
  const stop = new AbortController()
  const running = sleep(200).then(() => server.ports.engine.run(stop.signal))
  expect(await asked).toMatchObject({ mode: 'shadow', adopted: false })
  const params = { name: organization.name }
  const noPlan = { status: 502, code: 'upstream' }
  await expect(ana.getPlan({ params })).rejects.toMatchObject(noPlan)
  await expect(ana.startOrganization({ params, body: { planHash: 'x' } })).rejects.toMatchObject(noPlan)
  stop.abort()
  await running
})

it('counts what it called of AWS and how long that took, and tells whoever may read it', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9') // nobody is there
  await using server = await startTestServer()
  const ana = await server.signIn()
  const organization = anOrganization({ mode: 'shadow', scimUrl: 'http://127.0.0.1:9/scim/v2' })
  await server.ports.store.commit({ records: [{ put: 'organization', organization }] }, signal)
  const stop = new AbortController()
  const running = server.ports.engine.run(stop.signal)
  const read = () => ana.getOrganizationMetrics({ params: { name: organization.name } })
  const called = async () =>
    (await read()).calls.services.some(({ service, points }) => service === 'sso-admin' && points.length > 0)
  await vi.waitUntil(called, { timeout: 5_000, interval: 50 })
  const { calls, inFlight, latency, from, to, since } = await read()
  expect(calls.services.map(({ service, limit }) => [service, limit])).toEqual([
    ['sso-admin', 20],
    ['identitystore', 20],
    ['organizations', 8],
    ['scim', 25],
  ])
  expect(inFlight).toEqual({ everySeconds: 10, limit: 10, points: [] })
  expect(latency).toEqual({ granted: [], removed: [] })
  expect(Date.parse(to) - Date.parse(from)).toBe(3_600_000)
  expect(Date.parse(to) - Date.parse(since)).toBeLessThan(60_000)
  stop.abort()
  await running
})

it('lists organizations page by page', async () => {
  await using server = await startTestServer()
  const ana = await server.signIn()
  const names = ['one', 'three', 'two']
  const records = names.map((name) => ({
    put: 'organization' as const,
    organization: {
      ...anOrganization(),
      id: name as OrganizationId, // any text is an id
      name,
      instanceArn: `arn:aws:sso:::instance/${name}`,
    },
  }))
  await server.ports.store.commit({ records }, signal)
  const first = await ana.listOrganizations({ query: { limit: 2 } })
  const second = await ana.listOrganizations({ query: { limit: 2, cursor: first.next } })
  expect([...first.items, ...second.items].map(({ name }) => name).toSorted()).toEqual(names)
  expect(second.next).toBeUndefined()
})
