import type { AuditEvent, Instant, OrganizationId } from '@gatehouse/domain'

/** Secrets that must come back in clear, encrypted under a key that is not in the database. */
export interface Secrets {
  scimToken(organization: OrganizationId, signal: AbortSignal): Promise<string | undefined>
  /** When the present one was given to us; absent where that is not known. */
  scimTokenGivenAt(organization: OrganizationId, signal: AbortSignal): Promise<Instant | undefined>
  /** The first one comes with the organization; another together with its event. @throws DomainError `not-found` */
  rotateScimToken(
    organization: OrganizationId,
    token: string,
    events: readonly AuditEvent[],
    signal: AbortSignal,
  ): Promise<void>
}

/** Keys of the OIDC issuer. */
export interface SigningKeys {
  /** All published public keys as JWKs, the one that signs first. Made on first use. */
  publicKeys(signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** A compact RS256 JWS over these claims. */
  sign(claims: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<string>
}
