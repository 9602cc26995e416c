export interface AwsErrorOptions {
  /** HTTP status; 400 unless told. */
  readonly status?: number | undefined
  /** Further modelled members of the error: `Reason`, `ResourceType`, `ResourceId`… */
  readonly members?: Readonly<Record<string, string | number>> | undefined
  /** Query protocol only: whose fault it is. */
  readonly type?: 'Sender' | 'Receiver' | undefined
  readonly cause?: unknown
}

/** A refusal in AWS's words. Each protocol encodes it in its own way; see `json-protocol.ts`, `query-protocol.ts`. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number
  readonly members: Readonly<Record<string, string | number>>
  readonly type: 'Sender' | 'Receiver'

  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = code
    this.code = code
    this.status = options.status ?? 400
    this.members = options.members ?? {}
    this.type = options.type ?? (this.status >= 500 ? 'Receiver' : 'Sender')
  }
}
