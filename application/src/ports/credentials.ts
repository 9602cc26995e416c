import type { AuditEvent, Instant, UserId } from '@gatehouse/domain'

/** Passwords, sessions and one-time links. Only hashes of secrets are kept; events are saved with the change. */
export interface Credentials {
  /** The password's hash in PHC form, if one was set, and failed attempts in a row. */
  findPassword(
    user: UserId,
    signal: AbortSignal,
  ): Promise<{ hash: string; failures: number; lockedUntil?: Instant } | undefined>
  recordFailure(
    user: UserId,
    state: { failures: number; lockedUntil?: Instant },
    events: readonly AuditEvent[],
    signal: AbortSignal,
  ): Promise<void>
  /** Also ends every session of the user and uses up the link, if one is given. @throws DomainError `not-found` when the link was used meanwhile. */
  setPassword(
    user: UserId,
    hash: string,
    usingLinkHash: string | undefined,
    events: readonly AuditEvent[],
    signal: AbortSignal,
  ): Promise<void>

  createSession(session: StoredSession, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
  findSession(tokenHash: string, signal: AbortSignal): Promise<StoredSession | undefined>
  touchSession(tokenHash: string, lastSeenAt: Instant, signal: AbortSignal): Promise<void>
  setAssumed(tokenHash: string, assumed: readonly string[], signal: AbortSignal): Promise<void>
  endSession(tokenHash: string, signal: AbortSignal): Promise<void>
  endSessionsOf(user: UserId, signal: AbortSignal): Promise<void>

  createPasswordLink(link: PasswordLink, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
  findPasswordLink(tokenHash: string, signal: AbortSignal): Promise<PasswordLink | undefined>
}

export interface StoredSession {
  readonly tokenHash: string
  readonly user: UserId
  readonly kind: 'web' | 'cli'
  readonly createdAt: Instant
  readonly lastSeenAt: Instant
  readonly expiresAt: Instant
  /** Approved requests whose roles the session has assumed. */
  readonly assumed: readonly string[]
}

export interface PasswordLink {
  readonly tokenHash: string
  readonly user: UserId
  readonly createdBy: string
  readonly expiresAt: Instant
}
