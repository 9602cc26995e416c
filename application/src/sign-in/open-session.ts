import {
  auditEvent,
  type AuditEvent,
  type Duration,
  type Instant,
  invalidListsOf,
  plus,
  type User,
} from '@gatehouse/domain'
import { readView } from '../governance/read-view.ts'
import type { StoredSession } from '../ports/credentials.ts'
import { hashOfSecret, type SignInPorts } from './sign-in-ports.ts'

/** How somebody comes in. */
export interface Opening {
  readonly kind: StoredSession['kind']
  readonly method: 'local' | 'device'
  /** How long the session lasts at most. */
  readonly lifetime: Duration
  /** Where the attempt came from. */
  readonly address: string
  /** Which browser it is, or what the command line calls its machine. */
  readonly machine?: string
}

/** A session to be saved with its events; its token is given to the caller and to nobody else. */
export async function openSession(
  ports: Pick<SignInPorts, 'records' | 'clock' | 'ids'>,
  { opening, user, now }: { readonly opening: Opening; readonly user: User; readonly now: Instant },
  signal: AbortSignal,
): Promise<{ readonly token: string; readonly session: StoredSession; readonly events: readonly AuditEvent[] }> {
  const { kind, lifetime, address, machine } = opening
  const token = ports.ids.secret()
  const session: StoredSession = {
    tokenHash: hashOfSecret(token),
    user: user.id,
    kind,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: plus(now, lifetime),
    assumed: [],
    address,
    ...(machine === undefined || machine === '' ? {} : { machine }),
  }
  const events = [loginEvent(opening, { user, now }), ...(await invalidListEvents(ports, user, signal))]
  return { token, session, events }
}

export function loginEvent(
  { method, kind, address }: Pick<Opening, 'method' | 'kind' | 'address'>,
  {
    user,
    now,
    error,
  }: { readonly user: User | { readonly name: string }; readonly now: Instant; readonly error?: string },
): AuditEvent {
  return auditEvent('user.login', {
    time: now,
    user: user.name,
    success: error === undefined,
    subjects: 'id' in user ? [`user:${user.id}`] : [],
    fields: {
      method,
      success: error === undefined,
      attributes: {},
      client: kind,
      remote: address,
      ...(error === undefined ? {} : { error }),
    },
  })
}

/** Somebody in more broken lists than this has told his administrators enough. */
const MAX_INVALID_LISTS = 20

async function invalidListEvents(
  ports: Pick<SignInPorts, 'records' | 'clock'>,
  user: User,
  signal: AbortSignal,
): Promise<readonly AuditEvent[]> {
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
