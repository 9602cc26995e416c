import { createHash } from 'node:crypto'
import { z } from 'zod'
import { findLiveSession } from '../sign-in/sessions.ts'
import { text } from '../world/input.ts'
import { defineOperation } from '../world/operation.ts'
import type { OidcClient } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { demandGrantType, getClient } from './clients.ts'
import { AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN } from './grant-types.ts'
import { issueTokens, renewToken } from './issue-tokens.ts'
import { oidcError } from './oidc-error.ts'
import { pollDevice } from './poll-device.ts'

const input = z.object({
  clientId: text(1, 1_024),
  clientSecret: text(1, 4_096),
  grantType: text(1, 256),
  deviceCode: z.string().optional(),
  code: z.string().optional(),
  redirectUri: z.string().optional(),
  codeVerifier: z.string().optional(),
  refreshToken: z.string().optional(),
  /** Read and ignored, as AWS does: a token has the scopes of the registration. */
  scope: z.array(z.string()).optional(),
  /** Where it was called, if the address says. */
  region: z.string().optional(),
})
type Input = z.infer<typeof input>

export const createToken = defineOperation({
  service: 'sso-oidc',
  name: 'CreateToken',
  unsigned: true,
  input,
  run(world, request, { now }) {
    const client = getClient(world, request, now)
    switch (request.grantType) {
      case DEVICE_CODE:
        demandGrantType(client, DEVICE_CODE)
        return exchangeDeviceCode(world, client, request, now)
      case AUTHORIZATION_CODE:
        demandGrantType(client, AUTHORIZATION_CODE)
        return exchangeAuthorizationCode(world, client, request, now)
      case REFRESH_TOKEN:
        demandGrantType(client, REFRESH_TOKEN)
        return renewToken(world, client, demand(request.refreshToken), now)
      default:
        throw oidcError('UnsupportedGrantTypeException')
    }
  },
})

function exchangeDeviceCode(world: World, client: OidcClient, request: Input, now: number): object {
  const poll = pollDevice(world, client, demand(request.deviceCode), now)
  if ('refusal' in poll) throw poll.refusal
  return issueTokens(world, client, poll.session, now)
}

function exchangeAuthorizationCode(world: World, client: OidcClient, request: Input, now: number): object {
  const code = demand(request.code)
  const redirectUri = demand(request.redirectUri)
  const verifier = demand(request.codeVerifier)
  const authorization = world.authorizationCodes.get(code)
  if (authorization?.clientId !== client.id || authorization.expiresAt <= now) throw oidcError('InvalidGrantException')
  // One try: what came with the wrong verifier may have been stolen.
  world.authorizationCodes.delete(code)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const session = findLiveSession(world, authorization.sessionId, now)
  if (authorization.redirectUri !== redirectUri || authorization.challenge !== challenge || session === undefined) {
    throw oidcError('InvalidGrantException')
  }
  return issueTokens(world, client, session, now)
}

function demand(member: string | undefined): string {
  if (member === undefined || member === '') throw oidcError('InvalidRequestException')
  return member
}
