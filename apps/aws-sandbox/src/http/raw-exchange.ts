import type { FastifyReply } from 'fastify'

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string
  /** Path and query, as received. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
}

/** What happens to an answer on its way: it is lost, or the connection breaks before or inside it. */
export type Mishap = 'no-answer' | 'reset' | 'reset-mid-body'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly mishap?: Mishap | undefined
}

export function sendAnswer(reply: FastifyReply, answer: RawAnswer): FastifyReply {
  if (answer.mishap !== undefined) return sendBadly(reply, answer, answer.mishap)
  return reply.code(answer.status).headers(answer.headers).send(answer.body)
}

/** The caller never learns how its call ended. */
export function sendBadly(reply: FastifyReply, answer: RawAnswer, mishap: Mishap): FastifyReply {
  reply.hijack()
  const { raw } = reply
  switch (mishap) {
    case 'no-answer':
      // The socket stays open and silent until the caller gives up or the sandbox stops.
      return reply
    case 'reset':
      raw.socket?.resetAndDestroy()
      return reply
    case 'reset-mid-body': {
      const body = Buffer.from(answer.body)
      raw.writeHead(answer.status, { ...answer.headers, 'content-length': body.length })
      raw.write(body.subarray(0, Math.floor(body.length / 2)), () => raw.socket?.destroy())
      return reply
    }
  }
}
