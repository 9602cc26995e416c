import {
  auditEvent,
  type AuditEvent,
  DomainError,
  type Duration,
  earliest,
  type Instant,
  invalidListsOf,
  plus,
  shorten,
  type User,
} from '@gatehouse/domain'
import { readView } from '../governance/read-view.ts'
import type { StoredSession } from '../ports/credentials.ts'
import { afterFailure, type AttemptState } from './attempts.ts'
import { findLockOn, findUserByName, hashOfSecret, refusalOfLocked, type SignInPorts } from './sign-in-ports.ts'

export interface SignInCommand {
  readonly user: string
  readonly password: string
  readonly kind: StoredSession['kind']
  /** How long the session lasts at most. */
  readonly lifetime: Duration
  /** Where the attempt came from, for the audit log. */
  readonly address: string
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
      const event = loginEvent(command, { user, now, error: 'the user is locked' })
      await ports.credentials.recordFailure(user.id, { failures: 0 }, [event], signal)
      throw refusalOfLocked(lock)
    }
    if (password.failures > 0) await ports.credentials.recordFailure(user.id, { failures: 0 }, [], signal)
    return openSession(ports, { command, user, now }, signal)
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
  const event = loginEvent(command, { user, now, error: user ? 'wrong password' : 'no such user' })
  const after = afterFailure(before, now)
  if (user && attempt.hasPassword) return ports.credentials.recordFailure(user.id, after, [event], signal)
  ports.attempts.setOfNobody(command.user.toLowerCase(), after)
  await ports.store.commit({ events: [event] }, signal)
}

async function openSession(
  ports: SignInPorts,
  { command, user, now }: { command: SignInCommand; user: User; now: Instant },
  signal: AbortSignal,
): Promise<SignedIn> {
  const token = ports.ids.secret()
  const session: StoredSession = {
    tokenHash: hashOfSecret(token),
    user: user.id,
    kind: command.kind,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: plus(now, command.lifetime),
    assumed: [],
    address: command.address,
  }
  const events = [loginEvent(command, { user, now }), ...(await invalidListEvents(ports, user, signal))]
  await ports.credentials.createSession(session, events, signal)
  if (command.replacing !== undefined) await ports.credentials.endSession(hashOfSecret(command.replacing), signal)
  return { token, session, user }
}

/** Somebody in more broken lists than this has told his administrators enough. */
const MAX_INVALID_LISTS = 20

async function invalidListEvents(ports: SignInPorts, user: User, signal: AbortSignal): Promise<readonly AuditEvent[]> {
  const { view, now } = await readView(ports, signal)
  return invalidListsOf(user, view, now)
    .slice(0, MAX_INVALID_LISTS)
    .map(({ list, reason, missingRoles }) =>
      auditEvent('user_login.invalid_access_list', {
        time: now,
        user: user.name,
        subjects: [`list:${list.id}`, `user:${user.id}`],
        fields: {
          access_list_name: list.id,
          access_list_title: list.title,
          invalid_reason: reason,
          missing_roles: missingRoles,
        },
      }),
    )
}

function loginEvent(
  command: SignInCommand,
  { user, now, error }: { user: User | undefined; now: Instant; error?: string },
) {
  return auditEvent('user.login', {
    time: now,
    user: user?.name ?? shorten(command.user),
    success: error === undefined,
    subjects: user ? [`user:${user.id}`] : [],
    fields: {
      method: 'local',
      success: error === undefined,
      attributes: {},
      client: command.kind,
      remote: command.address,
      ...(error === undefined ? {} : { error }),
    },
  })
}

/** The earlier of the server's own limit and what the caller asked for. */
export const sessionLifetime = (limit: Duration, asked: Duration | undefined, now: Instant): Duration =>
  asked === undefined ? limit : ((earliest(plus(now, limit), plus(now, asked)) - now) as Duration)
