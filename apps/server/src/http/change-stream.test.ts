import { ApiProblem, CHANGES_PATH, changesSchema, createClient, type GatehouseClient } from '@gatehouse/api'
import { minutes } from '@gatehouse/domain'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ANA, PASSWORD, startTestServer, type TestServer } from '../testing/start-test-server.ts'

const ZOE = 'zoe@acme.example'

let server: TestServer
let ana: GatehouseClient
beforeAll(async () => {
  server = await startTestServer()
  ana = await server.signIn()
})
afterAll(async () => {
  expect(server.faults).toEqual([])
  await server[Symbol.asyncDispose]()
})

const apply = (text: string) => ana.applyDocuments({ body: { text, mode: 'create' } })
const ROLE = 'kind: role\nversion: v8\nmetadata: {name: reader}\nspec: {allow: {}}'

/** The events of one person's stream, one after another. */
async function listen(user = ANA) {
  const { token } = await server.client().signIn({ body: { user, password: PASSWORD } })
  const stop = new AbortController()
  const response = await fetch(server.url + CHANGES_PATH, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  })
  async function* read() {
    let text = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1]
        if (data !== undefined) yield changesSchema.parse(JSON.parse(data)).topics
      }
    }
  }
  return { response, events: read(), stop: () => stop.abort() }
}

/** Reads on until an event is about it. */
async function hears(events: AsyncGenerator<readonly string[]>, topic: string): Promise<boolean> {
  for (;;) {
    const { value, done = false } = await events.next()
    if (done) return false
    if (value.includes(topic)) return true
  }
}

/** Whoever begins to listen is told nothing of what was before; the first look takes a moment. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 300))

it('says what kind of thing has changed, and nothing of what it is now', async () => {
  const { response, events, stop } = await listen()
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  await settled()
  await apply(ROLE)
  const { value } = await events.next()
  expect(value).toEqual(['roles', 'audit-events'])
  stop()
})

it('goes on for others when one hangs up, and for one who comes later', async () => {
  const [one, two] = [await listen(), await listen()]
  await settled()
  one.stop()
  await apply(ROLE.replace('reader', 'writer'))
  expect(await hears(two.events, 'roles')).toBe(true)
  two.stop()
  await settled()
  const three = await listen()
  await settled()
  await apply(ROLE.replace('reader', 'author'))
  expect(await hears(three.events, 'roles')).toBe(true)
  three.stop()
})

it('ends as soon as its person is locked', async () => {
  await apply(`kind: user\nmetadata: {name: ${ZOE}}\nspec: {roles: []}`)
  await server.givePassword(ZOE)
  const { events } = await listen(ZOE)
  await settled()
  await apply(`kind: lock\nversion: v2\nmetadata: {name: l}\nspec: {target: {user: ${ZOE}}}`)
  const heard: (readonly string[])[] = []
  for await (const topics of events) heard.push(topics)
  expect(heard.flat()).toContain('locks')
})

it('is for people who are signed in, and for so many browsers of each', async () => {
  const url = server.url + CHANGES_PATH
  expect((await fetch(url)).status).toBe(401)
  const streams = await Promise.all(Array.from({ length: 20 }, () => listen()))
  expect(streams.map(({ response }) => response.status)).toEqual(Array.from({ length: 20 }, () => 200))
  expect((await listen()).response.status).toBe(429)
  streams[0]?.stop()
  await settled()
  const again = await listen()
  expect(again.response.status).toBe(200)
  for (const { stop } of [...streams, again]) stop()
})

it('does not end the idle time of a session, nor does what a page reads while nobody is there', async () => {
  const { token } = await server.client().signIn({ body: { user: ANA, password: PASSWORD } })
  const read = async (isAttended: boolean) =>
    createClient({ url: server.url, token, isAttended: () => isAttended })
      .getMe({})
      .then(
        () => 'signed in',
        (error: unknown) => (error instanceof ApiProblem ? error.code : error),
      )
  server.clock.advance(minutes(119))
  expect(await read(false)).toBe('signed in')
  server.clock.advance(minutes(2))
  expect(await read(true)).toBe('not-signed-in')
})
