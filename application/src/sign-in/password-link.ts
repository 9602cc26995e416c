import { auditEvent, DomainError, hours, type Instant, plus, type User } from '@gatehouse/domain'
import { findLockOn, getUserByName, hashOfSecret, refusalOfLocked, type SignInPorts } from './sign-in-ports.ts'

/** Long enough to reach somebody in another time zone, short enough for a chat message that is never deleted. */
const LINK_LIFETIME = hours(24)
const SHORTEST_PASSWORD = 12
const LONGEST_PASSWORD = 1024

export interface NewPasswordLink {
  readonly user: User
  readonly token: string
  readonly expiresAt: Instant
}

/** Makes the one-time link with which somebody sets a password. @throws DomainError `not-found` for an unknown user. */
export async function createPasswordLink(
  ports: Pick<SignInPorts, 'records' | 'credentials' | 'clock' | 'ids'>,
  { user: name, by }: { readonly user: string; readonly by: string },
  signal: AbortSignal,
): Promise<NewPasswordLink> {
  const user = getUserByName(await ports.records.read(signal), name)
  const now = ports.clock.now()
  const token = ports.ids.secret()
  const expiresAt = plus(now, LINK_LIFETIME)
  const event = auditEvent('user.password_link.create', {
    time: now,
    user: by,
    subjects: [`user:${user.id}`],
    fields: { name: user.name },
  })
  const link = { tokenHash: hashOfSecret(token), user: user.id, createdBy: by, expiresAt }
  await ports.credentials.createPasswordLink(link, [event], signal)
  return { user, token, expiresAt }
}

/** For whom a link is. @throws DomainError `not-found` when it was used, has ended or never was. */
export async function openPasswordLink(
  ports: Pick<SignInPorts, 'records' | 'credentials' | 'clock'>,
  token: string,
  signal: AbortSignal,
): Promise<User> {
  const link = await ports.credentials.findPasswordLink(hashOfSecret(token), signal)
  const now = ports.clock.now()
  if (!link || link.expiresAt <= now) throw noSuchLink()
  const records = await ports.records.read(signal)
  const user = records.users.find(({ id }) => id === link.user)
  if (!user) throw noSuchLink()
  const lock = findLockOn(user, records, now)
  if (lock) throw refusalOfLocked(lock)
  return user
}

/** Sets a password, uses up the link and signs the user out everywhere, all at once. @throws DomainError */
export async function setPassword(
  ports: Pick<SignInPorts, 'records' | 'credentials' | 'clock' | 'hasher'>,
  { token, password }: { readonly token: string; readonly password: string },
  signal: AbortSignal,
): Promise<User> {
  const user = await openPasswordLink(ports, token, signal)
  refuseWeak(password, user)
  const hash = await ports.hasher.hash(password)
  const event = auditEvent('user.password_change', {
    time: ports.clock.now(),
    user: user.name,
    subjects: [`user:${user.id}`],
    fields: { by: 'one-time link' },
  })
  await ports.credentials.setPassword({ user: user.id, hash, usingLinkHash: hashOfSecret(token) }, [event], signal)
  return user
}

/** Length is what counts (NIST SP 800-63B, 5.1.1.2); no rules about kinds of characters. */
export function refuseWeak(password: string, user: User): void {
  const { length } = password
  const expected =
    length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD
      ? `a password of ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`
      : password.toLowerCase() === user.name.toLowerCase()
        ? 'a password that is not the user name'
        : undefined
  // The password itself is never quoted.
  if (expected !== undefined) throw new DomainError({ code: 'invalid-value', field: 'password', text: '…', expected })
}

const noSuchLink = (): DomainError =>
  new DomainError({
    code: 'refused',
    message: 'This link has been used or has ended.',
    remedy: 'Ask an administrator for a new one.',
  })
