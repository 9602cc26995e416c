import {
  ApiProblem,
  CHANGE_TOPICS,
  CHANGES_PATH,
  changesSchema,
  createClient,
  type GatehouseClient,
} from '@gatehouse/api'
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

interface Asked {
  readonly user?: string
  readonly since?: string | undefined
  readonly lastEventId?: string | undefined
}

/** The events of one person's stream, one after another. */
async function listen({ user = ANA, since, lastEventId }: Asked = {}) {
  const { token } = await server.client().signIn({ body: { user, password: PASSWORD } })
  const stop = new AbortController()
  const query = since === undefined ? '' : `?since=${encodeURIComponent(since)}`
  const response = await fetch(server.url + CHANGES_PATH + query, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: stop.signal,
  })
  async function* read() {
    let text = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const [, position = '', kind = '', data] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(event) ?? []
        if (data !== undefined) yield { kind, position, topics: changesSchema.parse(JSON.parse(data)).topics }
      }
    }
  }
  return { response, events: read(), stop: () => stop.abort() }
}

interface Heard {
  readonly kind: string
  readonly position: string
  readonly topics: readonly string[]
}

/** Reads on until something has changed that it is about. */
async function hear(events: AsyncGenerator<Heard, void>, topic: string): Promise<Heard | undefined> {
  for (;;) {
    const { value } = await events.next()
    if (!value || (value.kind === 'changed' && value.topics.includes(topic))) return value ?? undefined
  }
}

/** The first look takes a moment. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 300))

it('says what kind of thing has changed, and nothing of what it is now', async () => {
  const { response, events, stop } = await listen()
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  await settled()
  await apply(ROLE)
  expect((await hear(events, 'roles'))?.topics).toEqual(['roles', 'audit-events'])
  stop()
})

it('says first what was missed since a page was opened or the line broke, and everything when that is not known', async () => {
  const [keeper, opened] = [await listen(), await listen()]
  const first = (await opened.events.next()).value
  expect(first?.kind).toBe('missed')
  expect(first?.topics.toSorted()).toEqual(CHANGE_TOPICS.toSorted())
  await apply(ROLE.replace('reader', 'missed'))
  const changed = await hear(opened.events, 'roles')
  opened.stop()
  const missed = async (asked: Parameters<typeof listen>[0]): Promise<readonly string[] | undefined> => {
    const { events, stop } = await listen(asked)
    const { value } = await events.next()
    stop()
    return value?.topics
  }
  expect(await missed({ since: first?.position })).toEqual(expect.arrayContaining(['roles', 'audit-events']))
  expect(await missed({ since: first?.position })).not.toContain('locks')
  // What is in the address is older than what the browser has heard.
  expect(await missed({ since: first?.position, lastEventId: changed?.position })).not.toContain('roles')
  expect((await missed({ since: 'of another life' }))?.toSorted()).toEqual(CHANGE_TOPICS.toSorted())
  keeper.stop()
})

it('goes on for others when one hangs up, and for one who comes later', async () => {
  const [one, two] = [await listen(), await listen()]
  await settled()
  one.stop()
  await apply(ROLE.replace('reader', 'writer'))
  expect(await hear(two.events, 'roles')).toBeDefined()
  two.stop()
  await settled()
  const three = await listen()
  await settled()
  await apply(ROLE.replace('reader', 'author'))
  expect(await hear(three.events, 'roles')).toBeDefined()
  three.stop()
})

it('ends as soon as its person is locked', async () => {
  await apply(`kind: user\nmetadata: {name: ${ZOE}}\nspec: {roles: []}`)
  await server.givePassword(ZOE)
  const { events } = await listen({ user: ZOE })
  await settled()
  await apply(`kind: lock\nversion: v2\nmetadata: {name: l}\nspec: {target: {user: ${ZOE}}}`)
  const heard: Heard[] = []
  for await (const news of events) heard.push(news)
  expect(heard.some(({ kind, topics }) => kind === 'changed' && topics.includes('locks'))).toBe(true)
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
