import { type Duration, minutes, plus, type User } from '@gatehouse/domain'
import type { StoredSession } from '../ports/credentials.ts'
import { findLockOn, hashOfSecret, type SignInPorts } from './sign-in-ports.ts'

export interface Authenticated {
  readonly session: StoredSession
  readonly user: User
}

/** Writing at every call would cost more than the answer; a minute is exact enough for an idle time-out. */
const TOUCH_INTERVAL = minutes(1)

/**
 * Whose token it is; `undefined` when the session has ended, was idle too long, or its user is gone or locked. Every
 * call asks anew, so a lock or a deletion works at the next one.
 */
export async function authenticate(
  ports: Pick<SignInPorts, 'records' | 'credentials' | 'clock'>,
  {
    token,
    idleTimeout,
    isUse = true,
  }: {
    readonly token: string
    readonly idleTimeout: Duration
    /** Whether somebody does something by it; an open page that only listens keeps no session alive. */
    readonly isUse?: boolean
  },
  signal: AbortSignal,
): Promise<Authenticated | undefined> {
  const tokenHash = hashOfSecret(token)
  const session = await ports.credentials.findSession(tokenHash, signal)
  if (!session) return undefined
  const now = ports.clock.now()
  if (session.expiresAt <= now || plus(session.lastSeenAt, idleTimeout) <= now) {
    await ports.credentials.endSession(tokenHash, signal)
    return undefined
  }
  const records = await ports.records.read(signal)
  const user = records.users.find(({ id }) => id === session.user)
  if (!user || findLockOn(user, records, now)) {
    await ports.credentials.endSessionsOf(session.user, signal)
    return undefined
  }
  if (isUse && plus(session.lastSeenAt, TOUCH_INTERVAL) <= now)
    await ports.credentials.touchSession(tokenHash, now, signal)
  return { session, user }
}
