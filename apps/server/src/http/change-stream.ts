import { PassThrough } from 'node:stream'
import { CHANGES_PATH, changesQuerySchema, type changesSchema } from '@gatehouse/api'
import type { ChangeFeed, ChangeNews } from '@gatehouse/application'
import { DomainError, type UserId } from '@gatehouse/domain'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Sessions } from './sessions.ts'

interface ChangeStreamPorts {
  readonly changes: ChangeFeed
  readonly sessions: Sessions
  readonly signalOf: (request: FastifyRequest) => AbortSignal
}

/** Proxies close what is silent for a minute; and whose session was ended elsewhere listens no longer than this. */
const BEAT_MS = 20_000
const SPREAD_MS = 1_000
/** One for each browser that somebody uses: a browser shares one among its windows. */
const MOST_OF_ONE = 20
/** A reader that is this far behind is gone, or wants the server's memory. */
const MOST_WAITING_BYTES = 64 * 1024

/** `CHANGES_PATH`: says to whoever is signed in what kinds of things have changed, as it happens. */
export function changeStream(app: FastifyInstance, { changes, sessions, signalOf }: ChangeStreamPorts): void {
  const open = new Map<UserId, Set<PassThrough>>()
  app.addHook('preClose', async () => {
    for (const streams of open.values()) for (const stream of streams) stream.end()
  })
  app.get(CHANGES_PATH, async (request, reply) => {
    const { user } = await sessions.require(request, signalOf(request))
    const own = open.get(user.id) ?? new Set()
    if (own.size >= MOST_OF_ONE) throw new DomainError({ code: 'too-many-attempts', retryAfterSeconds: 30 })
    open.set(user.id, own)
    const stream = new PassThrough()
    own.add(stream)
    const write = (text: string): void => {
      if (stream.writableLength > MOST_WAITING_BYTES) stream.destroy()
      else if (stream.writable) stream.write(text)
    }
    const endWithSession = async (): Promise<void> => {
      // A database that does not answer now says nothing about the session.
      const goesOn = await sessions.goesOn(request, AbortSignal.timeout(BEAT_MS)).catch(() => true)
      if (!goesOn) stream.end()
    }
    const say = (event: 'changed' | 'missed', { topics, position }: ChangeNews): void => {
      const data: z.input<typeof changesSchema> = { topics: [...topics] }
      write(`id: ${position}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    }
    const subscribed = changes.subscribe((news) => {
      const { topics } = news
      say('changed', news)
      // Not all at the same instant: each asks the database.
      if (topics.includes('locks') || topics.includes('users'))
        setTimeout(() => void endWithSession(), Math.random() * SPREAD_MS)
    })
    const beat = setInterval(() => {
      write(': still here\n\n')
      void endWithSession()
    }, BEAT_MS)
    stream.once('close', () => {
      clearInterval(beat)
      void subscribed.then((subscription) => subscription.end())
      own.delete(stream)
      if (own.size === 0) open.delete(user.id)
    })
    reply.raw.once('close', () => stream.destroy())
    const subscription = await subscribed
    // Browsers try again this soon; a proxy must not gather what is sent.
    write('retry: 2000\n\n')
    say('missed', subscription.since(heardOf(request)))
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream)
  })
}

/** What the browser heard last, or what it was told when it opened the page. */
function heardOf({ headers, query }: FastifyRequest): string | undefined {
  const last = headers['last-event-id']
  if (typeof last === 'string' && last !== '') return last
  const read = changesQuerySchema.safeParse(query)
  return read.success ? read.data.since : undefined
}
