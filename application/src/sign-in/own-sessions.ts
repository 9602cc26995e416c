import { createHash } from 'node:crypto'
import { auditEvent, type AuditEvent, DomainError, type Duration, type Instant, plus } from '@gatehouse/domain'
import type { StoredSession } from '../ports/credentials.ts'
import type { DeviceCodes } from '../ports/device-codes.ts'
import type { Authenticated } from './authenticate.ts'
import type { SignInPorts } from './sign-in-ports.ts'

/** A session as its owner sees it. */
export interface OwnSession {
  /** Names it, and is no use for anything else. */
  readonly id: string
  readonly session: StoredSession
  /** The one that asks. */
  readonly isThis: boolean
  /** When it ends if nobody uses it. */
  readonly idleUntil: Instant
}

type Ports = Pick<SignInPorts, 'credentials' | 'clock'>

/** An id that people may see: neither the token nor the hash by which it is looked up can be told from it. */
const sessionIdOf = ({ tokenHash }: StoredSession): string =>
  createHash('sha256').update(`session id ${tokenHash}`).digest('base64url').slice(0, 22)

/** Where somebody is signed in: first the session that asks, then the one used last. */
export async function listOwnSessions(
  ports: Ports,
  { user, session: own, idleTimeout }: Authenticated & { readonly idleTimeout: Duration },
  signal: AbortSignal,
): Promise<readonly OwnSession[]> {
  const now = ports.clock.now()
  return (await ports.credentials.listSessionsOf(user.id, signal))
    .map((session) => ({
      id: sessionIdOf(session),
      session,
      isThis: session.tokenHash === own.tokenHash,
      idleUntil: plus(session.lastSeenAt, idleTimeout),
    }))
    .filter(({ session, idleUntil }) => session.expiresAt > now && idleUntil > now)
    .toSorted((a, b) => Number(b.isThis) - Number(a.isThis) || b.session.lastSeenAt - a.session.lastSeenAt)
}

/** @throws DomainError `not-found` unless this person has such a session. */
export async function endOwnSession(ports: Ports, who: Authenticated, id: string, signal: AbortSignal): Promise<void> {
  const sessions = await ports.credentials.listSessionsOf(who.user.id, signal)
  const wanted = sessions.find((session) => sessionIdOf(session) === id)
  const ended = wanted ? await end(ports, who, { sessions: [wanted], how: 'by its user' }, signal) : 0
  if (ended === 0) throw new DomainError({ code: 'not-found', kind: 'session', name: id })
}

/**
 * Ends every session of the person but the one that asks, and takes back what he has confirmed for command lines that
 * have not come back yet, also where there is no other session. @returns how many sessions there were
 */
export async function endOtherSessions(
  ports: Ports & { readonly deviceCodes: Pick<DeviceCodes, 'removeConfirmedBy'> },
  who: Authenticated,
  signal: AbortSignal,
): Promise<number> {
  await ports.deviceCodes.removeConfirmedBy(who.user.id, signal)
  const sessions = await ports.credentials.listSessionsOf(who.user.id, signal)
  const others = sessions.filter(({ tokenHash }) => tokenHash !== who.session.tokenHash)
  return others.length === 0 ? 0 : end(ports, who, { sessions: others, how: 'by its user' }, signal)
}

/** Nothing happens when it has ended meanwhile. */
export async function signOut(ports: Ports, who: Authenticated, signal: AbortSignal): Promise<void> {
  await end(ports, who, { sessions: [who.session], how: 'signed out' }, signal)
}

interface Ending {
  readonly sessions: readonly StoredSession[]
  readonly how: 'signed out' | 'by its user'
}

const end = (ports: Ports, who: Authenticated, ending: Ending, signal: AbortSignal): Promise<number> =>
  ports.credentials.endSessions(
    ending.sessions.map(({ tokenHash }) => tokenHash),
    [endEvent(ports.clock.now(), who, ending)],
    signal,
  )

/** A person with more sessions than this is named with as many. */
const MAX_NAMED = 100

const endEvent = (time: Instant, { user }: Authenticated, { sessions, how }: Ending): AuditEvent =>
  auditEvent('user.session.end', {
    time,
    user: user.name,
    subjects: [`user:${user.id}`],
    fields: {
      how,
      count: sessions.length,
      sessions: sessions.slice(0, MAX_NAMED).map((session) => ({
        id: sessionIdOf(session),
        client: session.kind,
        remote: session.address ?? '',
      })),
    },
  })
