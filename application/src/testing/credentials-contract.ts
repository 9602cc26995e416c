import { DomainError, hours, minus, plus } from '@gatehouse/domain'
import { anEvent, aUser, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { AuditLog } from '../ports/audit-log.ts'
import type { Credentials, PasswordLink, StoredSession } from '../ports/credentials.ts'
import type { Store } from '../ports/store.ts'

/** Credentials without any rows, beside the store that holds their users and events. */
export interface CredentialsUnderTest {
  readonly credentials: Credentials
  readonly store: Store
  readonly auditLog: AuditLog
}

const signal = new AbortController().signal
const ANA = aUser('ana')
const EVA = aUser('eva')
const CHANGED = anEvent('user.password_change', { user: ANA.name, subjects: [`user:${ANA.id}`] })

const aSession = (tokenHash: string, partial: Partial<StoredSession> = {}): StoredSession => ({
  tokenHash,
  user: ANA.id,
  kind: 'web',
  createdAt: NOW,
  lastSeenAt: NOW,
  expiresAt: plus(NOW, hours(8)),
  assumed: [],
  address: '192.0.2.1',
  ...partial,
})
const aLink = (tokenHash: string): PasswordLink => ({
  tokenHash,
  user: ANA.id,
  createdBy: 'admin',
  expiresAt: plus(NOW, hours(24)),
})

/** What every adapter of `Credentials` must do. Call it inside a `describe`. */
export function credentialsContract(make: () => Promise<CredentialsUnderTest>): void {
  const makeWithUsers = async (): Promise<CredentialsUnderTest> => {
    const made = await make()
    await made.store.commit({ records: [ANA, EVA].map((user) => ({ put: 'user', user })) }, signal)
    return made
  }

  it('knows no password before one is set', async () => {
    const { credentials } = await makeWithUsers()
    expect(await credentials.findPassword(ANA.id, signal)).toBeUndefined()
    await credentials.recordFailure(ANA.id, { failures: 1 }, [], signal)
    expect(await credentials.findPassword(ANA.id, signal)).toBeUndefined()
  })

  it('counts failures until a password is set', async () => {
    const { credentials } = await makeWithUsers()
    await credentials.setPassword({ user: ANA.id, hash: '$argon2id$first' }, [], signal)
    await credentials.recordFailure(ANA.id, { failures: 5, lockedUntil: plus(NOW, hours(1)) }, [CHANGED], signal)
    const locked = { hash: '$argon2id$first', failures: 5, lockedUntil: plus(NOW, hours(1)) }
    expect(await credentials.findPassword(ANA.id, signal)).toEqual(locked)
    await credentials.recordFailure(ANA.id, { failures: 6 }, [], signal)
    expect(await credentials.findPassword(ANA.id, signal)).toEqual({ hash: '$argon2id$first', failures: 6 })
    await credentials.setPassword({ user: ANA.id, hash: '$argon2id$second' }, [], signal)
    expect(await credentials.findPassword(ANA.id, signal)).toEqual({ hash: '$argon2id$second', failures: 0 })
  })

  it('ends every session of a user whose password is set, and nobody else’s', async () => {
    const { credentials, auditLog } = await makeWithUsers()
    const others = aSession('c', { user: EVA.id, kind: 'cli' })
    for (const session of [aSession('a'), aSession('b'), others]) await credentials.createSession(session, [], signal)
    await credentials.setPassword({ user: ANA.id, hash: '$argon2id$new' }, [CHANGED], signal)
    expect(await credentials.findSession('a', signal)).toBeUndefined()
    expect(await credentials.findSession('b', signal)).toBeUndefined()
    expect(await credentials.findSession('c', signal)).toEqual(others)
    expect(await auditLog.list({ limit: 5 }, signal)).toMatchObject([CHANGED])
  })

  it('keeps the session in which the password is changed, and no link', async () => {
    const { credentials } = await makeWithUsers()
    expect(await credentials.hasPasswords(signal)).toBe(false)
    for (const session of [aSession('a'), aSession('b')]) await credentials.createSession(session, [], signal)
    await credentials.createPasswordLink(aLink('link'), [], signal)
    await credentials.setPassword({ user: ANA.id, hash: '$argon2id$new', keepingSession: 'a' }, [], signal)
    expect((await credentials.listSessionsOf(ANA.id, signal)).map(({ tokenHash }) => tokenHash)).toEqual(['a'])
    expect(await credentials.findPasswordLink('link', signal)).toBeUndefined()
    expect(await credentials.hasPasswords(signal)).toBe(true)
  })

  it('ends the sessions that are named, and records it once something ended', async () => {
    const { credentials, auditLog } = await makeWithUsers()
    const others = aSession('c', { user: EVA.id, kind: 'cli', machine: 'laptop' })
    for (const session of [aSession('a'), aSession('b'), others]) await credentials.createSession(session, [], signal)
    const ended = anEvent('user.session.end', { user: ANA.name })
    expect(await credentials.endSessions(['a', 'gone'], [ended], signal)).toBe(1)
    expect(await credentials.endSessions(['a', 'gone'], [ended], signal)).toBe(0)
    expect(await credentials.endSessions([], [ended], signal)).toBe(0)
    expect(await credentials.listSessionsOf(ANA.id, signal)).toEqual([aSession('b')])
    expect(await credentials.listSessionsOf(EVA.id, signal)).toEqual([others])
    expect(await auditLog.list({ limit: 5 }, signal)).toMatchObject([ended])
  })

  it('lets a link set one password, however many try at once', async () => {
    const { credentials, auditLog } = await makeWithUsers()
    await credentials.createPasswordLink(aLink('link'), [], signal)
    expect(await credentials.findPasswordLink('link', signal)).toEqual(aLink('link'))
    const attempts = await Promise.allSettled(
      ['1', '2', '3'].map((hash) =>
        credentials.setPassword({ user: ANA.id, hash: `$${hash}`, usingLinkHash: 'link' }, [CHANGED], signal),
      ),
    )
    const refused = attempts.filter((attempt) => attempt.status === 'rejected')
    expect(refused).toHaveLength(2)
    for (const { reason } of refused)
      expect(reason instanceof DomainError && reason.problem).toMatchObject({ code: 'not-found' })
    expect(await credentials.findPasswordLink('link', signal)).toBeUndefined()
    expect(await auditLog.list({ limit: 5 }, signal)).toHaveLength(1)
  })

  it('keeps what is known of a session until it ends', async () => {
    const { credentials } = await makeWithUsers()
    await credentials.createSession(aSession('a'), [CHANGED], signal)
    await credentials.createSession(aSession('b'), [], signal)
    await credentials.touchSession('a', plus(NOW, hours(1)), signal)
    await credentials.setAssumed('a', ['request-1'], signal)
    const touched = aSession('a', { lastSeenAt: plus(NOW, hours(1)), assumed: ['request-1'] })
    expect(await credentials.findSession('a', signal)).toEqual(touched)
    await credentials.endSession('a', signal)
    expect(await credentials.findSession('a', signal)).toBeUndefined()
    expect(await credentials.findSession('b', signal)).toEqual(aSession('b'))
    await credentials.endSessionsOf(ANA.id, signal)
    expect(await credentials.findSession('b', signal)).toBeUndefined()
  })

  it('keeps sessions that began before this one and still last', async () => {
    const { credentials } = await makeWithUsers()
    const earlier = aSession('a', { createdAt: minus(NOW, hours(1)), lastSeenAt: minus(NOW, hours(1)) })
    await credentials.createSession(earlier, [], signal)
    await credentials.createSession(aSession('b'), [], signal)
    expect(await credentials.findSession('a', signal)).toEqual(earlier)
  })
}
