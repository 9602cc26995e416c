import type { AuditEvent, Instant, UserId } from '@gatehouse/domain'

/**
 * Passwords, sessions and one-time links. Only hashes of secrets are kept; events are saved with the change. With a
 * session that ends go the device codes that were confirmed in it and that nobody has redeemed, with a new password all
 * of the user's: a stranger at his browser may have confirmed them.
 */
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
  /**
   * Also ends every session of the user but the one to keep, and uses up all links. @throws DomainError `not-found` when
   * the link was used meanwhile.
   */
  setPassword(password: NewPassword, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
  /** Whether anybody at all has a password. */
  hasPasswords(signal: AbortSignal): Promise<boolean>

  createSession(session: StoredSession, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
  findSession(tokenHash: string, signal: AbortSignal): Promise<StoredSession | undefined>
  /** Also those that have ended by themselves and that nobody has swept up yet. */
  listSessionsOf(user: UserId, signal: AbortSignal): Promise<readonly StoredSession[]>
  touchSession(tokenHash: string, lastSeenAt: Instant, signal: AbortSignal): Promise<void>
  setAssumed(tokenHash: string, assumed: readonly string[], signal: AbortSignal): Promise<void>
  endSession(tokenHash: string, signal: AbortSignal): Promise<void>
  /** How many of them were there to end; without any, nothing is recorded. */
  endSessions(tokenHashes: readonly string[], events: readonly AuditEvent[], signal: AbortSignal): Promise<number>
  endSessionsOf(user: UserId, signal: AbortSignal): Promise<void>

  createPasswordLink(link: PasswordLink, events: readonly AuditEvent[], signal: AbortSignal): Promise<void>
  findPasswordLink(tokenHash: string, signal: AbortSignal): Promise<PasswordLink | undefined>
}

export interface NewPassword {
  readonly user: UserId
  /** In PHC form. */
  readonly hash: string
  /** The link with which it is set; it works once. */
  readonly usingLinkHash?: string
  /** The session in which it is changed. */
  readonly keepingSession?: string
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
  /** Where it was opened from, if that is known. */
  readonly address?: string
  /** Which browser it is, or what the command line calls its machine, where that was said. */
  readonly machine?: string
}

export interface PasswordLink {
  readonly tokenHash: string
  readonly user: UserId
  readonly createdBy: string
  readonly expiresAt: Instant
}
