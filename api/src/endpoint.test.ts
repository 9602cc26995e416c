import { expect, it } from 'vitest'
import { z } from 'zod'
import { type Client, contract, type Endpoint, type Handlers } from './index.ts'

const endpoints = Object.entries(contract) as [string, Endpoint][]

it.each(endpoints)('%s: every parameter in the path has a schema, and the other way round', (_, { path, params }) => {
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name)
  expect(params instanceof z.ZodObject ? Object.keys(params.shape) : []).toEqual(named)
})

it.each(endpoints)('%s: has an answer unless its status says it has none', (_, { status, response }) => {
  expect(response === undefined).toBe(status === 204)
})

it.each(endpoints)('%s: refuses keys it does not know', (_, { params, query, body }) => {
  for (const schema of [params, query, body]) {
    if (!schema) continue
    const issues = schema.safeParse({ surprise: 1 }).error?.issues ?? []
    expect(issues.map(({ code }) => code)).toContain('unrecognized_keys')
  }
})

it('no two endpoints share a method and path', () => {
  const addresses = endpoints.map(([, { method, path }]) => `${method} ${path.replaceAll(/:\w+/g, ':x')}`)
  expect(new Set(addresses).size).toBe(addresses.length)
})

it('a client and handlers that do not fit the contract do not compile', () => {
  const use = (client: Client<typeof contract>) => {
    void client.getMe()
    void client.getUser({ params: { name: 'ana' } })
    void client.listUsers({ query: { limit: 5 } })
    // @ts-expect-error -- the name is missing
    void client.getUser({})
    // @ts-expect-error -- not a known key
    void client.listUsers({ query: { limits: 5 } })
    // @ts-expect-error -- a body that the endpoint does not take
    void client.getMe({ body: {} })
  }
  const answer = (
    handlers: Handlers<Pick<typeof contract, 'getMe' | 'signOut'>, Record<'public' | 'session' | 'rule', unknown>>,
  ) => handlers
  // @ts-expect-error -- a handler is missing
  answer({ signOut: async () => {} })
  // @ts-expect-error -- a handler that answers something else
  answer({ signOut: async () => {}, getMe: async () => ({ user: 'ana' }) })
  expect(use).toBeTypeOf('function')
})
