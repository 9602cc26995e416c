import { timingSafeEqual } from 'node:crypto'
import type { OidcClient } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { oidcError } from './oidc-error.ts'

/** @throws AwsError InvalidClientException: unknown in this Region, a wrong secret, or a registration that has expired */
export function getClient(
  world: World,
  {
    clientId,
    clientSecret,
    region,
  }: { readonly clientId: string; readonly clientSecret: string; readonly region?: string | undefined },
  now: number,
): OidcClient {
  const client = world.oidcClients.get(clientId)
  if (client === undefined || !areEqual(client.secret, clientSecret) || client.expiresAt <= now) {
    throw oidcError('InvalidClientException')
  }
  if (region !== undefined && region !== client.region) throw oidcError('InvalidClientException')
  return client
}

/** @throws AwsError UnauthorizedClientException */
export function demandGrantType(client: OidcClient, grantType: string): void {
  if (!client.grantTypes.includes(grantType)) throw oidcError('UnauthorizedClientException')
}

function areEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)]
  return first.length === second.length && timingSafeEqual(first, second)
}
