import { contract, type Endpoint } from '@gatehouse/api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SAMPLE_CALLS } from '../testing/sample-calls.ts'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

type Part = 'params' | 'query' | 'body'
type Path = readonly (string | number)[]
type Call = { readonly [P in Part]?: unknown }
const PARTS: readonly Part[] = ['params', 'query', 'body']
const endpoints = Object.entries(contract) as [keyof typeof contract, Endpoint][]
const signal = AbortSignal.timeout(120_000)

let server: TestServer
let token: string
beforeAll(async () => {
  server = await startTestServer()
  token = (await server.client().signIn({ body: { user: ANA, password: PASSWORD } })).token
})
afterAll(() => server[Symbol.asyncDispose]())

/** Values of every kind, and texts that databases, terminals and parsers stumble over. */
const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  ' ',
  [],
  [[]],
  {},
  { a: { b: 1 } },
  'x'.repeat(5_000),
  'nul \u0000',
  'half a pair \ud83d',
  'esc \u001b[2J',
  'rtl \u202e',
  '../../etc/passwd',
  "'; drop table audit_event; --",
  '${jndi:ldap://x}',
  '9999-99-99T99:99:99Z',
  '1e9999h',
]

async function send(endpoint: Endpoint, call: Call): Promise<Response> {
  const params = (call.params ?? {}) as Record<string, unknown>
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries((call.query ?? {}) as object)) query.set(key, textOf(value))
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(textOf(params[name])))
  const address = query.size > 0 ? `${path}?${query.toString()}` : path
  return fetch(server.url + address, {
    method: endpoint.method,
    headers: { authorization: `Bearer ${token}`, ...(endpoint.body ? { 'content-type': 'application/json' } : {}) },
    ...(endpoint.body ? { body: JSON.stringify(call.body) } : {}),
  })
}

/** As an address carries it, which has no half surrogate pairs. */
const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed()

/** Sends it and checks what holds for every call; with a field, that the answer is a refusal that names it. */
async function check(name: string, endpoint: Endpoint, call: Call, field?: string): Promise<void> {
  const before = await server.ports.store.recordsVersion(signal)
  const response = await send(endpoint, call)
  const shown = `${name} ${JSON.stringify(call).slice(0, 300)}`
  expect(response.status, shown).toBeLessThan(500)
  if (response.ok) {
    await response.arrayBuffer()
    expect(field, `${shown} was accepted`).toBeUndefined()
    return
  }
  const problem = (await response.json()) as Record<string, unknown>
  expect(problem, shown).toMatchObject({ status: response.status, requestId: expect.any(String) as string })
  expect(problem['remedy'], shown).toMatch(/\S/)
  if (field !== undefined) expect(problem, shown).toMatchObject({ status: 400, field })
  expect(await server.ports.store.recordsVersion(signal), `${shown} saved something`).toBe(before)
}

/** Every place in a value, leaves and branches. */
function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => placesIn(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]))
  return path.length === 0 ? inner : [path, ...inner]
}

function withValue(root: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(root)) return root.map((item, index) => (index === key ? withValue(item, rest, value) : item))
  const object = root as Record<string, unknown>
  return { ...object, [key]: withValue(object[key], rest, value) }
}

const fieldOf = (part: Part, path: Path): string =>
  path.reduce<string>((field, key) => (typeof key === 'number' ? `${field}[${key}]` : `${field}.${key}`), part)

describe.each(endpoints)('%s', (name, endpoint) => {
  const sample: Call = SAMPLE_CALLS[name]

  it('refuses every wrong value by the name of its field, and saves nothing (D7: property-level checks)', async () => {
    for (const part of PARTS) {
      const schema = endpoint[part]
      if (!schema) continue
      for (const path of placesIn(sample[part])) {
        for (const odd of ODD) {
          // In an address everything is text.
          const value = part === 'body' ? odd : textOf(odd)
          const changed = withValue(sample[part], path, value)
          const issue = schema.safeParse(changed).error?.issues[0]
          const isDots = part === 'params' && (value === '' || value === '.' || value === '..')
          const at = issue && !isDots ? fieldOf(part, issue.path as Path) : undefined
          if (name === 'signOut') continue
          await check(
            name,
            endpoint,
            { ...sample, [part]: changed },
            issue?.code === 'unrecognized_keys' ? undefined : at,
          )
        }
      }
    }
  })

  it('refuses keys that it does not know, at every depth', async () => {
    await check(name, endpoint, { ...sample, query: { ...(sample.query as object), surprise: '1' } }, 'query.surprise')
    if (!endpoint.body) return
    const objects = [[], ...placesIn(sample.body)].filter((path) => {
      const value = path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], sample.body)
      return typeof value === 'object' && !Array.isArray(value)
    })
    for (const path of objects) {
      // Traits, labels and filters have keys of the user's own.
      if (path.includes('traits') || path.includes('userFilter')) continue
      const changed = withValue(sample.body, [...path, 'surprise'], 1)
      await check(name, endpoint, { ...sample, body: changed }, fieldOf('body', [...path, 'surprise']))
    }
  })

  it('never fails on generated values', async () => {
    const parts = PARTS.filter((part) => endpoint[part] !== undefined && name !== 'signOut')
    if (parts.length === 0) return
    const change = fc.record({
      part: fc.constantFrom(...parts),
      pick: fc.nat(),
      value: fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary', maxLength: 40 })),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ part, pick, value }) => {
        const places = placesIn(sample[part])
        const path = places[pick % places.length] ?? []
        await check(name, endpoint, { ...sample, [part]: withValue(sample[part], path, value) })
      }),
      { numRuns: 8 },
    )
  })
})

it('has met no fault', () => {
  expect(server.faults).toEqual([])
})
