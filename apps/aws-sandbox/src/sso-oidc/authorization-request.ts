import type { OidcClient } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { AUTHORIZATION_CODE } from './grant-types.ts'
import { isRegistered } from './loopback-uri.ts'

export type AuthorizationRequest =
  /** Whoever asks can't be told: neither the client nor where it listens is certain. */
  | { readonly kind: 'untrusted'; readonly because: string }
  /** The client is told (RFC 6749, 4.1.2.1). */
  | { readonly kind: 'error'; readonly error: string; readonly redirectUri: string; readonly state: string | undefined }
  | {
      readonly kind: 'request'
      readonly client: OidcClient
      readonly redirectUri: string
      readonly state: string | undefined
      readonly challenge: string
      /** As they came, to be read again when the user has answered. */
      readonly parameters: URLSearchParams
    }

const CHALLENGE = /^[\w-]{43}$/

/** A request for an authorization code with PKCE (RFC 7636); AWS's clients say `scopes` where OAuth says `scope`, and either is ignored. */
export function readAuthorization(world: World, parameters: URLSearchParams, now: number): AuthorizationRequest {
  const client = world.oidcClients.get(parameters.get('client_id') ?? '')
  if (client === undefined || client.expiresAt <= now) return untrusted('The client is not registered here.')
  if (client.region !== world.home().region) return untrusted('The client is registered in another Region.')
  const redirectUri = parameters.get('redirect_uri') ?? ''
  if (!isRegistered(redirectUri, client.redirectUris))
    return untrusted('The callback is not one that the client registered.')

  const state = parameters.get('state') ?? undefined
  const error = findError(client, parameters)
  if (error !== undefined) return { kind: 'error', error, redirectUri, state }
  const challenge = parameters.get('code_challenge') ?? ''
  return { kind: 'request', client, redirectUri, state, challenge, parameters }
}

function findError(client: OidcClient, parameters: URLSearchParams): string | undefined {
  if (parameters.get('response_type') !== 'code') return 'unsupported_response_type'
  if (!client.grantTypes.includes(AUTHORIZATION_CODE)) return 'unauthorized_client'
  if (parameters.get('code_challenge_method') !== 'S256') return 'invalid_request'
  return CHALLENGE.test(parameters.get('code_challenge') ?? '') ? undefined : 'invalid_request'
}

function untrusted(because: string): AuthorizationRequest {
  return { kind: 'untrusted', because }
}
