import type { KeyObject } from 'node:crypto'
import type { AuditEvent, AuthnRequest, Instant, NameId, ReadServiceProvider, SamlAttribute } from '@gatehouse/domain'

/** Reads and writes SAML's messages; no XML leaves it. */
export interface SamlProtocol {
  readonly readServiceProvider: ReadServiceProvider
  /** @throws DomainError `refused` */
  readRequest(message: SamlMessage): AuthnRequest
  /** Is content when one of the certificates has signed the message. @throws DomainError `refused` */
  verifyRequest(message: SamlMessage, certificates: readonly string[]): void
  /** A signed message that signs somebody in, as XML. @throws DomainError `invalid-value` when XML can't hold a value */
  signResponse(signIn: SamlSignIn, key: SamlKey): string
  /** A signed message that signs nobody in, as XML. */
  signRefusal(refusal: SamlRefusal, key: SamlKey): string
  makeCertificate(name: string, from: Instant, until: Instant): Promise<MadeCertificate>
  /** What service providers are told of us. */
  writeMetadata(metadata: IdentityProviderMetadata): string
}

/** As it arrives: the raw query with `SAMLRequest`, or the field of a form (SAML 2.0 Bindings, 3.4 and 3.5). */
export type SamlMessage =
  | { readonly binding: 'redirect'; readonly query: string }
  | { readonly binding: 'post'; readonly samlRequest: string }

/** Everything that varies in an answer which signs somebody in. */
export interface SamlSignIn {
  /** Unguessable. */
  readonly sessionIndex: string
  /** Entity id of this identity provider. */
  readonly issuer: string
  /** Entity id of the service provider. */
  readonly audience: string
  readonly assertionConsumerUrl: string
  /** Absent when the user starts from our side. */
  readonly requestId?: string
  readonly nameId: NameId
  readonly now: Instant
  /** When the user has signed in here, and when that ends. */
  readonly signedInAt: Instant
  readonly sessionEndsAt: Instant
  /** How the user has signed in: an authentication context class of SAML. */
  readonly contextClass: string
  readonly attributes: readonly SamlAttribute[]
}

export type SamlRefusal = Pick<SamlSignIn, 'issuer' | 'assertionConsumerUrl' | 'requestId' | 'now'> & {
  /** SAML 2.0 Core, 3.2.2.2 */
  readonly reason: 'NoPassive' | 'NoAuthnContext' | 'InvalidNameIDPolicy' | 'RequestDenied'
}

export interface IdentityProviderMetadata {
  readonly entityId: string
  readonly singleSignOnUrl: string
  /** DER in base64; all that may sign now or soon. */
  readonly certificates: readonly string[]
  readonly nameIdFormats: readonly string[]
}

/** What signs, and the certificate by which others check it. */
export interface SamlKey {
  readonly privateKey: KeyObject
  /** DER in base64. */
  readonly certificate: string
}

export interface SamlCertificate {
  /** SHA-256 of the certificate, in hex. */
  readonly fingerprint: string
  readonly pem: string
  /** All are published; one signs at a time. */
  readonly isActive: boolean
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** A new key with its certificate. */
export interface MadeCertificate {
  readonly fingerprint: string
  readonly pem: string
  /** PKCS #8, DER. */
  readonly privateKey: Buffer
}

/** The keys that sign for SAML. Service providers keep the certificates, so each change of them is somebody's decision. */
export interface SamlKeys {
  /** The one that signs first, then the newest. */
  certificates(signal: AbortSignal): Promise<readonly SamlCertificate[]>
  signingKey(signal: AbortSignal): Promise<SamlKey | undefined>
  /** The first one signs at once; if another replica was faster, its own stays and this one is thrown away. */
  addFirst(
    made: MadeCertificate,
    times: CertificateTimes,
    events: readonly AuditEvent[],
    signal: AbortSignal,
  ): Promise<void>
  /** Publishes another one beside. */
  add(made: MadeCertificate, times: CertificateTimes, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
  /** From now on this one signs; the one before stays published until it is removed. @throws DomainError `not-found` */
  activate(fingerprint: string, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
  /** @throws DomainError `not-found`, `conflict` for the one that signs */
  remove(fingerprint: string, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
}

export type CertificateTimes = Pick<SamlCertificate, 'createdAt' | 'expiresAt'>

/** A request that was found right, kept while its user signs in. */
export interface KeptRequest {
  readonly request: AuthnRequest
  /** Where its answer goes. */
  readonly assertionConsumerUrl: string
  /** Given back as it came. */
  readonly relayState?: string
  readonly receivedAt: Instant
  /** Hash of what the browser that brought it was given: no other one may go on with it. */
  readonly browserHash: string
}

export interface SamlRequests {
  /**
   * Keeps a request under an id; one that is not answered yet and comes again takes its place.
   * @throws DomainError `refused` when it was answered already: AuthnRequests are used once.
   */
  keep(idHash: string, kept: KeptRequest, until: Instant, signal: AbortSignal): Promise<void>
  find(idHash: string, now: Instant, signal: AbortSignal): Promise<KeptRequest | undefined>
  /** @throws DomainError `refused` when it was answered already: of two that come at once, one gets an answer. */
  markAnswered(idHash: string, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
}
