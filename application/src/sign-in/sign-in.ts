import { DomainError, type Duration, earliest, type Instant, plus, shorten, type User } from '@gatehouse/domain'
import type { StoredSession } from '../ports/credentials.ts'
import { afterFailure, type AttemptState } from './attempts.ts'
import { loginEvent, openSession } from './open-session.ts'
import { findLockOn, findUserByName, hashOfSecret, refusalOfLocked, type SignInPorts } from './sign-in-ports.ts'

export interface SignInCommand {
  readonly user: string
  readonly password: string
  readonly kind: StoredSession['kind']
  /** How long the session lasts at most. */
  readonly lifetime: Duration
  /** Where the attempt came from, for the audit log. */
  readonly address: string
  /** Which browser it is, for the list of sessions. */
  readonly machine?: string
  /** The session that the same browser had before: it ends, so that nobody can plant one. */
  readonly replacing?: string
}

export interface SignedIn {
  /** Given to the caller and to nobody else; only its hash is kept. */
  readonly token: string
  readonly session: StoredSession
  readonly user: User
}

/**
 * Checks a password and opens a session. Takes as long, and locks out, whether there is such a user or not.
 * @throws DomainError `wrong-credentials`, `too-many-attempts`, `refused` when the user is locked.
 */
export async function signIn(ports: SignInPorts, command: SignInCommand, signal: AbortSignal): Promise<SignedIn> {
  const name = command.user.toLowerCase()
  return ports.attempts.inTurn(name, async () => {
    const records = await ports.records.read(signal)
    const now = ports.clock.now()
    const user = findUserByName(records, command.user)
    const password = user && (await ports.credentials.findPassword(user.id, signal))
    const before = password ?? ports.attempts.ofNobody(name)
    refuseWhileLockedOut(before, now)
    const right = await ports.hasher.verify(command.password, password?.hash)
    if (!user || !password || !right) {
      await recordFailure(ports, { command, user, hasPassword: password !== undefined, before, now }, signal)
      throw new DomainError({ code: 'wrong-credentials' })
    }
    const lock = findLockOn(user, records, now)
    if (lock) {
      const event = loginEvent({ ...command, method: 'local' }, { user, now, error: 'the user is locked' })
      await ports.credentials.recordFailure(user.id, { failures: 0 }, [event], signal)
      throw refusalOfLocked(lock)
    }
    if (password.failures > 0) await ports.credentials.recordFailure(user.id, { failures: 0 }, [], signal)
    return enter(ports, { command, user, now }, signal)
  })
}

/** @throws DomainError `too-many-attempts` */
export function refuseWhileLockedOut(state: AttemptState | undefined, now: Instant): void {
  if (state?.lockedUntil === undefined || state.lockedUntil <= now) return
  const retryAfterSeconds = Math.ceil((state.lockedUntil - now) / 1000)
  throw new DomainError({ code: 'too-many-attempts', retryAfterSeconds })
}

async function recordFailure(
  ports: SignInPorts,
  attempt: {
    readonly command: SignInCommand
    readonly user: User | undefined
    readonly hasPassword: boolean
    readonly before: AttemptState | undefined
    readonly now: Instant
  },
  signal: AbortSignal,
): Promise<void> {
  const { command, user, before, now } = attempt
  const who = user ?? { name: shorten(command.user) }
  const event = loginEvent(
    { ...command, method: 'local' },
    { user: who, now, error: user ? 'wrong password' : 'no such user' },
  )
  const after = afterFailure(before, now)
  if (user && attempt.hasPassword) return ports.credentials.recordFailure(user.id, after, [event], signal)
  ports.attempts.setOfNobody(command.user.toLowerCase(), after)
  await ports.store.commit({ events: [event] }, signal)
}

async function enter(
  ports: SignInPorts,
  { command, user, now }: { command: SignInCommand; user: User; now: Instant },
  signal: AbortSignal,
): Promise<SignedIn> {
  const { token, session, events } = await openSession(
    ports,
    { opening: { ...command, method: 'local' }, user, now },
    signal,
  )
  await ports.credentials.createSession(session, events, signal)
  if (command.replacing !== undefined) await ports.credentials.endSession(hashOfSecret(command.replacing), signal)
  return { token, session, user }
}

/** The earlier of the server's own limit and what the caller asked for. */
export const sessionLifetime = (limit: Duration, asked: Duration | undefined, now: Instant): Duration =>
  asked === undefined ? limit : ((earliest(plus(now, limit), plus(now, asked)) - now) as Duration)
