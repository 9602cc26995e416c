import { findLiveSession } from '../sign-in/sessions.ts'
import type { OidcClient, OidcToken, PortalSession } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { forgetExpired } from './forget-expired.ts'
import { ACCOUNT_ACCESS, REFRESH_TOKEN } from './grant-types.ts'
import { newSecret } from './new-secret.ts'
import { oidcError } from './oidc-error.ts'

/**
 * An access token of somebody's sign-in, and a refresh token when the client may renew it and asked for the accounts. No
 * token outlives the sign-in.
 */
export function issueTokens(world: World, client: OidcClient, session: PortalSession, now: number): object {
  forgetExpired(world, now)
  const isRenewable = client.scopes.includes(ACCOUNT_ACCESS) && client.grantTypes.includes(REFRESH_TOKEN)
  if (!isRenewable) return present(issueAccessToken(world, { client, session, isRenewable, now }), now)
  const refreshToken = toToken({ client, session, now, expiresAt: session.expiresAt })
  world.refreshTokens.set(refreshToken.token, refreshToken)
  return present(issueAccessToken(world, { client, session, isRenewable, now }), now, refreshToken.token)
}

/**
 * Works until the sign-in ends; the refresh token stays the same.
 * @throws AwsError ExpiredTokenException; InvalidGrantException when the user has signed out
 */
export function renewToken(world: World, client: OidcClient, refreshToken: string, now: number): object {
  const token = world.refreshTokens.get(refreshToken)
  if (token?.clientId !== client.id) throw oidcError('InvalidGrantException')
  if (token.expiresAt <= now) throw oidcError('ExpiredTokenException')
  const session = findLiveSession(world, token.sessionId, now)
  if (session === undefined) throw oidcError('InvalidGrantException')
  return present(issueAccessToken(world, { client, session, isRenewable: true, now }), now, refreshToken)
}

function issueAccessToken(
  world: World,
  issue: {
    readonly client: OidcClient
    readonly session: PortalSession
    readonly isRenewable: boolean
    readonly now: number
  },
): OidcToken {
  const { accessTokenLifetime, soleAccessTokenLifetime } = world.knobs
  const lifetime = issue.isRenewable ? accessTokenLifetime : soleAccessTokenLifetime
  const token = toToken({ ...issue, expiresAt: Math.min(issue.now + lifetime, issue.session.expiresAt) })
  world.accessTokens.set(token.token, token)
  return token
}

function toToken(issue: {
  readonly client: OidcClient
  readonly session: PortalSession
  readonly now: number
  readonly expiresAt: number
}): OidcToken {
  return {
    token: `aoa${newSecret(180)}`,
    clientId: issue.client.id,
    sessionId: issue.session.id,
    userId: issue.session.userId,
    scopes: issue.client.scopes,
    tags: issue.session.tags,
    issuedAt: issue.now,
    expiresAt: issue.expiresAt,
  }
}

function present(token: OidcToken, now: number, refreshToken?: string): object {
  const expiresIn = Math.floor((token.expiresAt - now) / 1_000)
  return { accessToken: token.token, tokenType: 'Bearer', expiresIn, refreshToken }
}
