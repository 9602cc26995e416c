import type { AuditEvent, Instant, UserId } from '@gatehouse/domain'
import type { StoredSession } from './credentials.ts'

/** Command lines that wait for somebody to confirm them in a browser. Of both codes only hashes are kept. */
export interface DeviceCodes {
  /** Sweeps up what has ended, too. `full` when there are so many that no more are kept, `taken` when the user code is. */
  create(code: DeviceCode, signal: AbortSignal): Promise<'kept' | 'full' | 'taken'>
  /** By the secret that the command line has; also one that has ended. */
  find(codeHash: string, signal: AbortSignal): Promise<DeviceCode | undefined>
  /** By what the person reads and types; also one that has ended. */
  findByUserCode(userCodeHash: string, signal: AbortSignal): Promise<DeviceCode | undefined>
  /**
   * Whether it was still undecided, which is true once, and whoever confirms it still signed in. Events are saved only
   * then.
   */
  decide(
    userCodeHash: string,
    decision: DeviceDecision,
    events: readonly AuditEvent[],
    signal: AbortSignal,
  ): Promise<boolean>
  recordPoll(
    codeHash: string,
    poll: { readonly polledAt: Instant; readonly intervalSeconds: number },
    signal: AbortSignal,
  ): Promise<void>
  /**
   * Opens the session and uses up the code, which was confirmed for the session's user; `false` when it is gone, or the
   * session that confirmed it has ended by then.
   */
  redeem(codeHash: string, session: StoredSession, events: readonly AuditEvent[], signal: AbortSignal): Promise<boolean>
  remove(codeHash: string, signal: AbortSignal): Promise<void>
  /** What somebody has confirmed, in whichever session, and no command line has come back for. A new password does the same. */
  removeConfirmedBy(user: UserId, signal: AbortSignal): Promise<void>
}

export type DeviceCode = {
  readonly codeHash: string
  readonly userCodeHash: string
  /** What the command line calls its machine; nobody has checked it. */
  readonly machine: string
  /** Where it asked from, as far as trusted proxies say. */
  readonly address: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  /** How long it has to wait between two questions. */
  readonly intervalSeconds: number
  readonly polledAt?: Instant
} & ({ readonly state: 'pending' } | DeviceDecision)

/** `session` is the one it was confirmed in, by the hash of its token: the code goes with it. */
export type DeviceDecision =
  | { readonly state: 'confirmed'; readonly user: UserId; readonly session: string }
  | { readonly state: 'refused' }

/** More than wait for a browser anywhere at a time; whoever asks for more fills nothing but this. */
export const MAX_DEVICE_CODES = 10_000
