// What the sandbox holds of the identity source, of sign-ins and of tokens.

/** Where people sign in, and who writes to the Identity Store. */
export interface IdentitySource {
  readonly kind: 'directory' | 'external' | 'active-directory'
  /** Names the assertion consumer service; every new source gets a new one. */
  readonly acsId: string
  /** Of an external source, once its metadata is known. */
  readonly provider?: IdentityProvider | undefined
}
export interface IdentityProvider {
  readonly entityId: string
  readonly signInUrl: string
  /** How the AuthnRequest travels. */
  readonly binding: 'redirect' | 'post'
  /** All of them are trusted; there is always one. */
  readonly certificates: readonly SigningCertificate[]
}
export interface SigningCertificate {
  /** SHA-256 of the certificate, hex. */
  readonly id: string
  readonly pem: string
  readonly notBefore: number
  readonly notAfter: number
}

/** A question to the identity provider that it has not answered yet. */
export interface AuthnRequest {
  readonly id: string
  /** Comes back with the answer. */
  readonly relayState: string
  /** The page that was asked for. */
  readonly returnTo: string
  readonly expiresAt: number
}
export interface UsedAssertion {
  readonly id: string
  /** From then on it would be refused anyway. */
  readonly expiresAt: number
}

/** What RegisterClient gave out. */
export interface OidcClient {
  readonly id: string
  readonly secret: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly grantTypes: readonly string[]
  readonly redirectUris: readonly string[]
  /** Where it registered: a client of another Region can't sign anybody in. */
  readonly region: string
  readonly issuedAt: number
  readonly expiresAt: number
}
export interface DeviceAuthorization {
  readonly deviceCode: string
  readonly userCode: string
  readonly clientId: string
  readonly state: 'pending' | 'approved' | 'denied' | 'spent'
  /** Who confirmed it. */
  readonly sessionId?: string | undefined
  /** Seconds; grows whenever the device polls too fast. */
  readonly interval: number
  /** How many polls may come at once, as of when. */
  readonly polls: { readonly left: number; readonly at: number }
  readonly expiresAt: number
}
export interface AuthorizationCode {
  readonly code: string
  readonly clientId: string
  readonly redirectUri: string
  /** SHA-256 of the verifier, base64url (RFC 7636). */
  readonly challenge: string
  readonly sessionId: string
  readonly expiresAt: number
}
/** Of a user of the directory; AWS's API has none. */
export interface Password {
  readonly userId: string
  readonly salt: string
  readonly hash: string
}
/** Somebody signed in at the access portal. */
export interface PortalSession {
  readonly id: string
  /** The cookie's value. */
  readonly secret: string
  readonly userId: string
  /** What the identity source asserted for access control; become session tags. */
  readonly tags: Readonly<Record<string, string>>
  readonly startedAt: number
  readonly expiresAt: number
}
/** An access or a refresh token. */
export interface OidcToken {
  readonly token: string
  readonly clientId: string
  readonly sessionId: string
  readonly userId: string
  /** Of the sign-in, which may end before the token does. */
  readonly tags: Readonly<Record<string, string>>
  readonly scopes: readonly string[]
  readonly issuedAt: number
  readonly expiresAt: number
}
