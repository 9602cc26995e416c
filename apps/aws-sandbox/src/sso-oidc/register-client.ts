import { z } from 'zod'
import { randomHex } from '../world/ids.ts'
import { listOf, text } from '../world/input.ts'
import { defineOperation } from '../world/operation.ts'
import type { OidcClient } from '../world/sign-in-records.ts'
import { newSecret } from './new-secret.ts'
import { forgetExpired } from './forget-expired.ts'
import { AUTHORIZATION_CODE, DEVICE_CODE, GRANT_TYPES, REFRESH_TOKEN } from './grant-types.ts'
import { isLoopback } from './loopback-uri.ts'
import { oidcError } from './oidc-error.ts'

/** Reported by users: registrations last 90 days. */
const REGISTRATION_LIFETIME_MS = 90 * 86_400_000
const SCOPE = /^[a-z][\w.-]*(?::[\w.*-]+)*$/i

/** A public client makes itself known. The grants of one that names none are those of a device. */
export const registerClient = defineOperation({
  service: 'sso-oidc',
  name: 'RegisterClient',
  unsigned: true,
  input: z.object({
    clientName: text(1, 256),
    clientType: text(1, 64),
    scopes: listOf(z.string(), 0, 20).default([]),
    redirectUris: listOf(z.string(), 0, 10).default([]),
    grantTypes: listOf(z.string(), 0, 10).default([]),
    issuerUrl: z.string().max(2_048).optional(),
    entitledApplicationArn: z.string().max(1_224).optional(),
    region: z.string().optional(),
  }),
  run(world, input, { now }) {
    const { clientName, clientType, scopes, redirectUris } = input
    const grantTypes = input.grantTypes.length === 0 ? [DEVICE_CODE, REFRESH_TOKEN] : input.grantTypes
    if (clientType !== 'public') throw oidcError('InvalidClientMetadataException')
    if (!grantTypes.every((type) => GRANT_TYPES.includes(type))) throw oidcError('UnsupportedGrantTypeException')
    if (!scopes.every((scope) => SCOPE.test(scope))) throw oidcError('InvalidScopeException')
    if (!redirectUris.every(isLoopback)) throw oidcError('InvalidRedirectUriException')
    if (grantTypes.includes(AUTHORIZATION_CODE) && redirectUris.length === 0) {
      throw oidcError('InvalidRedirectUriException')
    }
    forgetExpired(world, now)
    const client: OidcClient = {
      id: `${randomHex(22)}${Buffer.from(`-${world.home().region}`).toString('base64url')}`,
      secret: newSecret(96),
      name: clientName,
      scopes,
      grantTypes,
      redirectUris,
      region: input.region ?? world.home().region,
      issuedAt: now,
      expiresAt: now + REGISTRATION_LIFETIME_MS,
    }
    world.oidcClients.set(client.id, client)
    return {
      clientId: client.id,
      clientSecret: client.secret,
      clientIdIssuedAt: Math.floor(client.issuedAt / 1_000),
      clientSecretExpiresAt: Math.floor(client.expiresAt / 1_000),
    }
  },
})
