/** A request as it came over the wire: nothing decoded, nothing normalised. */
export interface SignedRequest {
  readonly method: string
  /** Path and query string, exactly as sent, the path of a base URL included. */
  readonly url: string
  /** Names in lower case. A header sent twice is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

export function findHeader(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'object' ? value.join(',') : value
}
