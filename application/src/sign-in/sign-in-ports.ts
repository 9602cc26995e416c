import { createHash } from 'node:crypto'
import { DomainError, type Instant, isLockInForce, type Lock, type User } from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { Ids } from '../ports/ids.ts'
import type { RecordsCache } from '../governance/records-cache.ts'
import type { Records, Store } from '../ports/store.ts'
import type { Attempts } from './attempts.ts'
import type { PasswordHasher } from './password-hash.ts'

export interface SignInPorts {
  readonly store: Pick<Store, 'commit'>
  readonly records: RecordsCache
  readonly credentials: Credentials
  readonly clock: Clock
  readonly ids: Ids
  readonly hasher: PasswordHasher
  readonly attempts: Attempts
}

/** Only this is stored of a secret of 256 random bits: whoever reads the database can't sign in with it. */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Names are unique ignoring case. */
export function findUserByName(records: Records, name: string): User | undefined {
  const wanted = name.toLowerCase()
  return records.users.find((user) => user.name.toLowerCase() === wanted)
}

export function getUserByName(records: Records, name: string): User {
  const user = findUserByName(records, name)
  if (!user) throw new DomainError({ code: 'not-found', kind: 'user', name })
  return user
}

/** The lock that keeps a user out now, if there is one. */
export function findLockOn(user: User, records: Records, now: Instant): Lock | undefined {
  return records.locks.find(
    ({ target, ...lock }) =>
      target.kind === 'user' && target.user === user.id && isLockInForce({ ...lock, target }, now),
  )
}

export function refusalOfLocked(lock: Lock): DomainError {
  return new DomainError({
    code: 'refused',
    message: `This user is locked${lock.message === '' ? '' : `: ${lock.message}`}.`,
    remedy: 'Ask an administrator.',
  })
}
