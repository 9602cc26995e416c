import type { Problem } from '@gatehouse/domain'
import { z } from 'zod'

/** `internal` is a bug on our side, `unavailable` a server that is starting, stopping or without its database. */
export type ProblemCode = Problem['code'] | 'internal' | 'unavailable'

/** Problem details (RFC 9457): `title` and `remedy` are for people, `code` is for programs and never changes. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    code: z.string(),
    /** What the reader can do about it. */
    remedy: z.string(),
    /** The field of the request that is meant, such as `body.roles[0]`. */
    field: z.string().optional(),
    /** Of names that were asked for together, those that are not there; at most a hundred. */
    missing: z.array(z.string()).optional(),
    line: z.number().int().optional(),
    /** For a refusal that can be confirmed: the number to confirm. */
    confirm: z.number().int().optional(),
    retryAfterSeconds: z.number().int().optional(),
    /** Quote it to whoever runs the server. */
    requestId: z.string(),
  })
  .meta({ id: 'Problem' })
export type ProblemDetails = z.infer<typeof problemSchema>

/** The server refused or failed; everything it said is in `details`. */
export class ApiProblem extends Error {
  readonly details: ProblemDetails
  constructor(details: ProblemDetails) {
    super(details.detail ?? details.title)
    this.name = 'ApiProblem'
    this.details = details
  }

  get code(): string {
    return this.details.code
  }
  get status(): number {
    return this.details.status
  }
  get remedy(): string {
    return this.details.remedy
  }
  get field(): string | undefined {
    return this.details.field
  }
  get requestId(): string {
    return this.details.requestId
  }
}

/** No answer that can be used: nobody listens, the line broke, or it is not a Gatehouse server that answered. */
export class ApiUnreachable extends Error {
  /** `timeout`: it took too long; `connection`: no answer at all; `unexpected`: an answer, though not one of ours. */
  readonly reason: 'timeout' | 'connection' | 'unexpected'
  readonly remedy: string
  constructor(
    reason: ApiUnreachable['reason'],
    message: string,
    options: { readonly remedy: string; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.name = 'ApiUnreachable'
    this.reason = reason
    this.remedy = options.remedy
  }
}
