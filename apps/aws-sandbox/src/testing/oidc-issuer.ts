import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

const DISCOVERY_LISTS = {
  claims_supported: ['sub', 'aud', 'iss'],
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
}

export interface TestIssuer extends AsyncDisposable {
  readonly issuer: string
  /** As IAM names it: without scheme. */
  readonly host: string
  /** A token of ten minutes, with other claims if told; `undefined` leaves one out. */
  token(claims: Readonly<Record<string, unknown>>, forged?: 'forged'): Promise<string>
}

/** An OIDC issuer with one key: discovery, keys, and tokens on request; forged ones have the id of its key, not the key. */
export async function startIssuer(): Promise<TestIssuer> {
  const [own, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }
  let issuer = ''
  const server = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration'
    response.setHeader('content-type', 'application/json')
    const discovery = { issuer, jwks_uri: `${issuer}/keys`, ...DISCOVERY_LISTS }
    response.end(JSON.stringify(isDiscovery ? discovery : { keys: [jwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // listening on TCP
  return {
    issuer,
    host: issuer.replace('http://', ''),
    token(claims, forged) {
      const now = Math.floor(Date.now() / 1_000)
      return new SignJWT({ iss: issuer, iat: now, exp: now + 600, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
        .sign(forged === undefined ? own.privateKey : other.privateKey)
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
