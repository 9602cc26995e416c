import type { MirrorChange } from '@gatehouse/application'
import { A_CATALOGUE, anOrganization } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { startTestServer } from '../testing/start-test-server.ts'
import { createSearchMemory } from './search-memory.ts'

it('looking for what may be asked for is recorded, with whatever cursor somebody begins, and once for all its pages', async () => {
  await using server = await startTestServer()
  const { signal } = new AbortController()
  const organization = anOrganization()
  const mirror: readonly MirrorChange[] = [
    ...[...A_CATALOGUE.accounts.values()].map((account) => ({ put: 'account', account }) as const),
    ...[...A_CATALOGUE.permissionSets.values()].map((set) => ({ put: 'permission-set', permissionSet: set }) as const),
  ]
  const records = [{ put: 'organization', organization }] as const
  await server.ports.store.commit({ organization: organization.id, records, mirror }, signal)
  const ana = await server.signIn()
  const name = 'boris@acme.example'
  const text = `{kind: user, version: v2, metadata: {name: ${name}}, spec: {roles: [requester]}}`
  await ana.applyDocuments({ body: { text, mode: 'create' } })
  await server.givePassword(name)
  const boris = await server.signIn(name)
  const events = async (): Promise<number> => {
    const { items } = await ana.listAuditEvents({ query: { limit: 1000 } })
    return items.filter(({ event }) => event === 'access_request.search').length
  }

  await expect(
    boris.listResources({ query: { requestable: true, search: 'prod', cursor: 'p0' } }),
  ).rejects.toMatchObject({
    field: 'query.cursor',
  })
  await boris.listResources({ query: { requestable: true, search: 'prod', cursor: 'p1' } })
  expect(await events()).toBeGreaterThanOrEqual(1)
  const known = await events()
  const first = await boris.listResources({ query: { requestable: true, search: 'a', limit: 1 } })
  await boris.listResources({ query: { requestable: true, search: 'a', limit: 1, cursor: first.next } })
  expect(first.next).toBeDefined()
  expect(await events()).toBe(known + 1)
  expect(server.faults).toEqual([])
})

it('a search is forgotten after a while', () => {
  let now = 0
  const memory = createSearchMemory(() => now)
  expect([memory.begins('a', undefined), memory.begins('a', 'p1'), memory.begins('b', 'p1')]).toEqual([
    true,
    false,
    true,
  ])
  now = 40 * 60_000
  memory.begins('c', undefined)
  now = 80 * 60_000
  expect(memory.begins('a', 'p1')).toBe(true)
})
