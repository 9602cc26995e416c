import type { LookupFunction } from 'node:net'
import { expect, it } from 'vitest'
import { createDirectory } from './directory.ts'
import { createPublicFetch } from './public-fetch.ts'
import { testScim } from './test-scim.ts'
import { startScriptedScim } from './testing/scripted-scim.ts'

const { signal } = new AbortController()
const PUBLIC = '203.0.113.7'
const LOOPBACK = '127.0.0.1'

/** Answers with the next address at each question, as whoever rebinds a name does; the last one repeats. */
function rebinding(...addresses: string[]): LookupFunction & { readonly asked: string[] } {
  const asked: string[] = []
  const lookup: LookupFunction = (host, options, done) => {
    asked.push(host)
    const address = (addresses.length > 1 ? addresses.shift() : addresses[0]) ?? ''
    done(null, options.all ? [{ address, family: 4 }] : address, 4)
  }
  return Object.assign(lookup, { asked })
}

const named = (url: string): string => url.replace(LOOPBACK, 'scim.example')
const init = { headers: {}, redirect: 'manual', signal } as const

it('a name that leads into a private network when it is connected to is sent nothing', async () => {
  await using scim = await startScriptedScim()
  const lookup = rebinding(PUBLIC, LOOPBACK)
  lookup('scim.example', { all: true }, (_, found) => expect(found).toEqual([{ address: PUBLIC, family: 4 }]))
  await expect(createPublicFetch({ lookup })(named(scim.url), init)).rejects.toThrow('is in a private network')
  expect(scim.requests).toEqual([])
})

it('the address that was looked at is the one that is asked, and it is looked up once', async () => {
  await using scim = await startScriptedScim()
  scim.on('*', { status: 201, json: { id: 'a' }, headers: { 'retry-after': '7' } })
  const lookup = rebinding(LOOPBACK, '127.0.0.2')
  const ask = createPublicFetch({ lookup, isPrivate: (address) => address !== LOOPBACK })
  const headers = { authorization: 'Bearer t' }
  const answer = await ask(`${named(scim.url)}Users`, { ...init, method: 'POST', headers, body: '{"a":1}' })
  expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([201, '7', { id: 'a' }])
  expect(scim.requests).toMatchObject([{ route: 'POST Users', authorization: 'Bearer t', body: { a: 1 } }])
  expect(lookup.asked).toEqual(['scim.example'])
})

it('one private address among several is enough, and a written one needs no name', async () => {
  await using scim = await startScriptedScim()
  const both: LookupFunction = (_, __, done) =>
    done(
      null,
      [PUBLIC, LOOPBACK].map((address) => ({ address, family: 4 })),
    )
  await expect(createPublicFetch({ lookup: both })(named(scim.url), init)).rejects.toThrow('is in a private network')
  await expect(createPublicFetch()(scim.url, init)).rejects.toThrow('is in a private network')
  await expect(createPublicFetch()(scim.url.replace(LOOPBACK, '[::1]'), init)).rejects.toThrow(
    'is in a private network',
  )
  expect(scim.requests).toEqual([])
})

it('answers without a body, redirects, silence and broken connections are what they are with fetch', async () => {
  await using scim = await startScriptedScim()
  const ask = createPublicFetch({ lookup: rebinding(LOOPBACK), isPrivate: () => false })
  scim.on(
    '*',
    { status: 204, text: '' },
    { status: 307, json: {}, headers: { location: scim.url } },
    'reset',
    'silence',
  )
  expect((await ask(named(scim.url), init)).status).toBe(204)
  expect((await ask(named(scim.url), init)).status).toBe(307)
  await expect(ask(named(scim.url), init)).rejects.toThrow(/socket hang up|ECONNRESET/)
  const controller = new AbortController()
  const silent = ask(named(scim.url), { ...init, signal: controller.signal })
  await scim.requested(4)
  controller.abort()
  await expect(silent).rejects.toThrow('aborted')
})

it('a connection stays for the next request, unless there is none', async () => {
  await using scim = await startScriptedScim()
  scim.on('*', { status: 204, text: '' }, { status: 204, text: '' })
  for (const keepAlive of [true, false])
    await createPublicFetch({ lookup: rebinding(LOOPBACK), isPrivate: () => false, keepAlive })(named(scim.url), init)
  expect(scim.requests.map(({ connection }) => connection)).toEqual(['keep-alive', 'close'])
})

it('neither the test of a connection nor provisioning reaches this machine, however it is called', async () => {
  await using scim = await startScriptedScim()
  const address = scim.url.replace('http:', 'https:').replace(LOOPBACK, 'localhost')
  const tested = await testScim(address, 't', { allowHttp: false, allowPrivate: false, signal })
  expect(tested).toEqual({ outcome: 'unreachable', message: '"localhost" is in a private network' })
  const directory = createDirectory({
    baseUrl: address,
    token: async () => 't',
    gate: { take: async () => undefined, report() {} },
    pause: async () => undefined,
  })
  await expect(directory.check({ lane: 'just-in-time', signal })).rejects.toThrow('"localhost" is in a private network')
})
