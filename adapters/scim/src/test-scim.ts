import { type ScimTest, withDeadline } from '@gatehouse/application'
import { parseBaseUrl } from './parse-base-url.ts'
import { fetchFor } from './public-fetch.ts'
import { readBody } from './read-body.ts'
import { parseErrorDetail, parseServiceProviderConfig } from './scim-resources.ts'

const TIMEOUT = 15_000

/**
 * Asks once for the endpoint's description, which every token may read, and says how it went.
 * @throws DomainError `invalid-value` for an address that is not https
 */
export async function testScim(
  address: string,
  token: string,
  options: { readonly allowHttp: boolean; readonly allowPrivate: boolean; readonly signal: AbortSignal },
): Promise<ScimTest> {
  const baseUrl = parseBaseUrl(address, options.allowHttp)
  if (!/^[\x21-\x7e]+$/.test(token))
    return { outcome: 'unauthorized', message: 'The token holds characters that no token has.' }
  try {
    return await withDeadline(options.signal, TIMEOUT, async (signal) => {
      const headers = { authorization: `Bearer ${token}`, accept: 'application/scim+json, application/json' }
      // The token is for this address alone.
      const ask = fetchFor(baseUrl, { ...options, keepAlive: false })
      const response = await ask(`${baseUrl}/ServiceProviderConfig`, { headers, redirect: 'manual', signal })
      return judge(response.status, await readBody(response))
    })
  } catch (error) {
    options.signal.throwIfAborted()
    return { outcome: 'unreachable', message: reasonOf(error) }
  }
}

function judge(status: number, text: string): ScimTest {
  const body = parseJson(text)
  // A sentence of theirs within one of ours.
  const detail = parseErrorDetail(body)?.replace(/\.$/, '')
  const message = `The server answered ${status}${detail ? `: ${detail}` : ''}.`
  if (status === 200)
    return isDescription(body)
      ? { outcome: 'ok', message: 'Address and token are right.' }
      : { outcome: 'not-an-endpoint', message: 'The answer is not that of a SCIM endpoint.' }
  if (status === 401 || status === 403) return { outcome: 'unauthorized', message }
  if (status === 429 || status >= 500) return { outcome: 'server-error', message }
  return { outcome: 'not-an-endpoint', message }
}

function isDescription(body: unknown): boolean {
  try {
    parseServiceProviderConfig('ServiceProviderConfig', body)
    return true
  } catch {
    return false
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `fetch` hides what happened in the cause; the token is in neither. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && cause.message ? cause.message.slice(0, 300) : 'No answer.'
}
