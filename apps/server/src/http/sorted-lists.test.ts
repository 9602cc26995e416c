import type { GatehouseClient } from '@gatehouse/api'
import { minutes } from '@gatehouse/domain'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANA, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const SCENE = `
kind: user
version: v2
metadata: {name: zoe@acme.example}
spec: {roles: []}
---
kind: access_list
version: v1
metadata: {name: large}
spec: {title: Large, owners: [{name: ${ANA}}], audit: {next_audit_date: 2099-01-01T00:00:00Z}}
---
kind: access_list
version: v1
metadata: {name: small}
spec: {title: Small, owners: [{name: ${ANA}}], audit: {next_audit_date: 2098-01-01T00:00:00Z}}
`

describe('what comes in pages is ordered before it is cut', () => {
  let server: TestServer
  let ana: GatehouseClient
  beforeAll(async () => {
    server = await startTestServer()
    ana = await server.signIn()
    server.clock.advance(minutes(1))
    await ana.applyDocuments({ body: { text: SCENE, mode: 'create' } })
    const params = { id: 'large' }
    await ana.addMember({ params, body: { name: 'zoe@acme.example', expires: '2097-01-01T00:00:00Z' } })
    server.clock.advance(minutes(1))
    await ana.addMember({ params, body: { kind: 'list', name: 'small' } })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('users by name or age', async () => {
    const namesBy = async (sort: 'name' | '-name' | 'created' | '-created') => {
      const first = await ana.listUsers({ query: { sort, limit: 1 } })
      const { items } = await ana.listUsers({ query: { sort, limit: 1, cursor: first.next } })
      return [...first.items, ...items].map(({ name }) => name)
    }
    expect(await namesBy('name')).toEqual([ANA, 'zoe@acme.example'])
    expect(await namesBy('-name')).toEqual(['zoe@acme.example', ANA])
    expect(await namesBy('-created')).toEqual(['zoe@acme.example', ANA])
  })

  it('lists by title, size or next review', async () => {
    const titlesBy = async (sort: '-title' | 'members' | '-members' | 'review') =>
      (await ana.listAccessLists({ query: { sort } })).items.map(({ title }) => title)
    expect(await titlesBy('-title')).toEqual(['Small', 'Large'])
    expect(await titlesBy('members')).toEqual(['Small', 'Large'])
    expect(await titlesBy('-members')).toEqual(['Large', 'Small'])
    expect(await titlesBy('review')).toEqual(['Small', 'Large'])
  })

  it('members by name, by when they came, and by when they go, with who stays last', async () => {
    const membersBy = async (sort: '-name' | 'joined' | '-joined' | 'expires' | '-expires') =>
      (await ana.listMembers({ params: { id: 'large' }, query: { sort } })).items.map(({ name }) => name)
    expect(await membersBy('-name')).toEqual(['zoe@acme.example', 'small'])
    expect(await membersBy('joined')).toEqual(['zoe@acme.example', 'small'])
    expect(await membersBy('-joined')).toEqual(['small', 'zoe@acme.example'])
    for (const sort of ['expires', '-expires'] as const)
      expect(await membersBy(sort), sort).toEqual(['zoe@acme.example', 'small'])
  })

  it('and refuses an order that it does not have', async () => {
    const sort = 'size' as 'name' // what a client of another version might ask for
    await expect(ana.listUsers({ query: { sort } })).rejects.toThrow(/sort/)
  })
})
