import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { parseCall } from '../http/spoken-call.ts'
import type { RawRequest } from '../http/raw-exchange.ts'
import { createOwners, findBacks, shareClient, type Back } from './backs.ts'
import { findClue } from './find-clue.ts'

export interface FrontOptions {
  /** Control URLs of the sandboxes behind it. */
  readonly controlUrls: readonly string[]
  readonly host?: string | undefined
  /** 0: any free one. */
  readonly port?: number | undefined
}

export interface Front extends AsyncDisposable {
  readonly endpointUrl: string
  readonly stop: () => Promise<void>
}

/**
 * One endpoint before several sandboxes, as AWS is one for all organizations: each call goes to the sandbox that knows
 * its key, token, account or start URL. What none knows goes to the first, which refuses it in AWS's words.
 */
export async function startFront({ controlUrls, host = '127.0.0.1', port = 0 }: FrontOptions): Promise<Front> {
  const backs = await findBacks(controlUrls)
  const [first] = backs
  if (!first) throw new Error('A front needs a sandbox behind it. Give its controlUrl.')
  const ownerOf = createOwners(backs)

  const lead = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const gone = new AbortController()
    outgoing.once('close', () => gone.abort())
    const { method = 'GET', url = '/', headers } = incoming
    const request: RawRequest = { method, url, headers, body: await buffer(incoming) }
    const page = findConsentPage(request)
    const clue = page ?? findClue(request)
    const back = (clue && (await ownerOf(clue))) ?? first
    if (page) {
      // Its forms and cookies are the sandbox's own.
      outgoing.writeHead(302, { location: back.endpointUrl + url }).end()
      return
    }
    const answer = await pass(back, request, { headers: incoming.rawHeaders, signal: gone.signal })
    if (clue === undefined && answer.statusCode === 200 && isRegistration(request)) {
      const body = await buffer(answer)
      await shareClient(
        clientIdIn(body),
        back,
        backs.filter((other) => other !== back),
      )
      outgoing.writeHead(200, answer.headers).end(body)
      return
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    await pipeline(answer, outgoing)
  }

  const server = createServer((incoming, outgoing) => {
    // Whatever breaks behind it breaks before it, too: a caller must not mistake it for an answer of AWS.
    lead(incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  // A listener on a TCP port has an AddressInfo; only pipes have a text.
  const address = server.address() as AddressInfo
  return { endpointUrl: `http://${host}:${address.port}`, stop, [Symbol.asyncDispose]: stop }
}

/** As it came, its Host included, or the signature would not hold. */
function pass(
  { endpointUrl }: Back,
  { method, url, body }: RawRequest,
  { headers, signal }: { readonly headers: readonly string[]; readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(endpointUrl)
  return new Promise((resolve, reject) => {
    const passed = send({ hostname, port, method, path: url, headers: [...headers], setHost: false, signal }, resolve)
    passed.on('error', reject)
    passed.end(body)
  })
}

/** Where clients send their user's browser for an authorization code: the one page that has the address of an API. */
function findConsentPage({ method, url }: RawRequest) {
  const { pathname, searchParams } = new URL(url, 'http://front')
  const value = searchParams.get('client_id')
  return method === 'GET' && pathname === '/authorize' && value !== null ? ({ kind: 'clientId', value } as const) : null
}

const isRegistration = (request: RawRequest): boolean => parseCall(request)?.operation === 'RegisterClient'

function clientIdIn(body: Buffer): string {
  const { clientId } = JSON.parse(body.toString()) as { clientId: string } // RegisterClient's answer
  return clientId
}
