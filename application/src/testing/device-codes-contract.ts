import { hours, minutes, plus, seconds } from '@gatehouse/domain'
import { anEvent, aUser, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { AuditLog } from '../ports/audit-log.ts'
import type { Credentials, StoredSession } from '../ports/credentials.ts'
import type { DeviceCode, DeviceCodes } from '../ports/device-codes.ts'
import type { Store } from '../ports/store.ts'

/** Device codes without any rows, beside the stores that hold users, sessions and events. */
export interface DeviceCodesUnderTest {
  readonly deviceCodes: DeviceCodes
  readonly credentials: Credentials
  readonly store: Store
  readonly auditLog: AuditLog
}

const signal = new AbortController().signal
const ANA = aUser('ana')
const EVA = aUser('eva')
const CONFIRMED = anEvent('user.device_code.confirm', { user: ANA.name })
const SIGNED_IN = anEvent('user.login', { user: ANA.name })

const aCode = (codeHash: string, createdAt = NOW): DeviceCode => ({
  codeHash,
  userCodeHash: `user code of ${codeHash}`,
  machine: 'laptop',
  address: '192.0.2.7',
  createdAt,
  expiresAt: plus(createdAt, minutes(10)),
  intervalSeconds: 5,
  state: 'pending',
})
const aSession = (user = ANA): StoredSession => ({
  tokenHash: 'token',
  user: user.id,
  kind: 'cli',
  createdAt: NOW,
  lastSeenAt: NOW,
  expiresAt: plus(NOW, hours(8)),
  assumed: [],
  address: '192.0.2.7',
  machine: 'laptop',
})
const confirmed = { state: 'confirmed', user: ANA.id, session: 'browser of ana' } as const
const confirmedByEva = { state: 'confirmed', user: EVA.id, session: 'browser of eva' } as const

/** What every adapter of `DeviceCodes` must do. Call it inside a `describe`. */
export function deviceCodesContract(make: () => Promise<DeviceCodesUnderTest>): void {
  const makeWithUsers = async (): Promise<DeviceCodesUnderTest> => {
    const made = await make()
    await made.store.commit({ records: [ANA, EVA].map((user) => ({ put: 'user', user })) }, signal)
    for (const [user, { session: tokenHash }] of [
      [ANA, confirmed],
      [EVA, confirmedByEva],
    ] as const)
      await made.credentials.createSession(
        { ...aSession(user), tokenHash, kind: 'web', machine: 'browser' },
        [],
        signal,
      )
    return made
  }

  it('finds a code by what the command line has and by what the person types', async () => {
    const { deviceCodes } = await makeWithUsers()
    expect(await deviceCodes.create(aCode('a'), signal)).toBe('kept')
    expect(await deviceCodes.find('a', signal)).toEqual(aCode('a'))
    expect(await deviceCodes.findByUserCode('user code of a', signal)).toEqual(aCode('a'))
    expect(await deviceCodes.find('user code of a', signal)).toBeUndefined()
    expect(await deviceCodes.create({ ...aCode('b'), userCodeHash: 'user code of a' }, signal)).toBe('taken')
    await deviceCodes.recordPoll('a', { polledAt: plus(NOW, seconds(5)), intervalSeconds: 10 }, signal)
    expect(await deviceCodes.find('a', signal)).toMatchObject({ polledAt: plus(NOW, seconds(5)), intervalSeconds: 10 })
    await deviceCodes.remove('a', signal)
    expect(await deviceCodes.find('a', signal)).toBeUndefined()
  })

  it('sweeps up what has ended when another one is made', async () => {
    const { deviceCodes } = await makeWithUsers()
    await deviceCodes.create(aCode('old'), signal)
    await deviceCodes.create(aCode('young', plus(NOW, minutes(9))), signal)
    await deviceCodes.create(aCode('new', plus(NOW, minutes(10))), signal)
    expect(await deviceCodes.find('old', signal)).toBeUndefined()
    expect(await deviceCodes.find('young', signal)).toBeDefined()
  })

  it('is decided once, however many decide at once, and records that one', async () => {
    const { deviceCodes, auditLog } = await makeWithUsers()
    await deviceCodes.create(aCode('a'), signal)
    const decisions = [confirmed, { state: 'refused' }, confirmedByEva] as const
    const taken = await Promise.all(
      decisions.map((decision) => deviceCodes.decide('user code of a', decision, [CONFIRMED], signal)),
    )
    expect(taken.filter(Boolean)).toHaveLength(1)
    const { state } = decisions[taken.indexOf(true)] ?? {}
    expect(await deviceCodes.find('a', signal)).toMatchObject({ state })
    expect(await deviceCodes.decide('user code of nobody', confirmed, [CONFIRMED], signal)).toBe(false)
    expect(await auditLog.list({ limit: 5 }, signal)).toHaveLength(1)
  })

  it('is worth nothing once its user has another password, or takes back what was confirmed', async () => {
    const { deviceCodes, credentials } = await makeWithUsers()
    const confirm = async (codeHash: string, decision: typeof confirmed | typeof confirmedByEva): Promise<void> => {
      await deviceCodes.create(aCode(codeHash), signal)
      await deviceCodes.decide(`user code of ${codeHash}`, decision, [], signal)
    }
    await confirm('a', confirmed)
    await confirm('b', confirmedByEva)
    await deviceCodes.create(aCode('c'), signal)
    await credentials.setPassword({ user: ANA.id, hash: '$argon2id$new' }, [], signal)
    expect(await deviceCodes.redeem('a', aSession(), [SIGNED_IN], signal)).toBe(false)
    expect(await deviceCodes.find('b', signal)).toBeDefined()
    await deviceCodes.removeConfirmedBy(EVA.id, signal)
    expect(await deviceCodes.find('b', signal)).toBeUndefined()
    expect(await deviceCodes.find('c', signal)).toBeDefined()
  })

  it('is worth nothing once the session that confirmed it has ended, and no other code is touched', async () => {
    const { deviceCodes, credentials } = await makeWithUsers()
    await deviceCodes.create(aCode('b'), signal)
    await deviceCodes.decide('user code of b', confirmedByEva, [], signal)
    const ends = [
      () => credentials.endSession(confirmed.session, signal),
      () => credentials.endSessions([confirmed.session], [], signal),
      () => credentials.endSessionsOf(ANA.id, signal),
      () => credentials.setPassword({ user: ANA.id, hash: '$argon2id$new' }, [], signal),
    ]
    for (const end of ends) {
      await credentials.endSessionsOf(ANA.id, signal)
      await credentials.createSession({ ...aSession(), tokenHash: confirmed.session }, [], signal)
      await deviceCodes.create(aCode('a'), signal)
      expect(await deviceCodes.decide('user code of a', confirmed, [], signal)).toBe(true)
      await end()
      expect(await deviceCodes.redeem('a', aSession(), [SIGNED_IN], signal)).toBe(false)
      expect(await deviceCodes.find('a', signal)).toBeUndefined()
    }
    expect(await deviceCodes.find('b', signal)).toMatchObject(confirmedByEva)
  })

  it('outlives every other session of whoever confirmed it', async () => {
    const { deviceCodes, credentials } = await makeWithUsers()
    for (const tokenHash of ['other', 'another'])
      await credentials.createSession({ ...aSession(), tokenHash }, [], signal)
    await deviceCodes.create(aCode('a'), signal)
    await deviceCodes.decide('user code of a', confirmed, [], signal)
    await credentials.endSession('other', signal)
    await credentials.endSessions(['another'], [], signal)
    expect(await deviceCodes.find('a', signal)).toMatchObject(confirmed)
    expect(await deviceCodes.redeem('a', aSession(), [SIGNED_IN], signal)).toBe(true)
  })

  it('is worth nothing once the session that confirmed it has come to its time, swept up or not', async () => {
    const { deviceCodes, credentials } = await makeWithUsers()
    await credentials.createSession({ ...aSession(), tokenHash: 'old', expiresAt: plus(NOW, minutes(1)) }, [], signal)
    await deviceCodes.create(aCode('a'), signal)
    expect(await deviceCodes.decide('user code of a', { ...confirmed, session: 'old' }, [], signal)).toBe(true)
    const late = { ...aSession(), createdAt: plus(NOW, minutes(1)) }
    expect(await deviceCodes.redeem('a', late, [SIGNED_IN], signal)).toBe(false)
    await credentials.createSession({ ...late, tokenHash: 'sweeps' }, [], signal)
    expect(await deviceCodes.find('a', signal)).toBeUndefined()
  })

  it('is confirmed in a session that has not ended, or not at all', async () => {
    const { deviceCodes, credentials, auditLog } = await makeWithUsers()
    await deviceCodes.create(aCode('a'), signal)
    await credentials.endSession(confirmed.session, signal)
    expect(await deviceCodes.decide('user code of a', confirmed, [CONFIRMED], signal)).toBe(false)
    expect(await deviceCodes.find('a', signal)).toEqual(aCode('a'))
    expect(await auditLog.list({ limit: 5 }, signal)).toEqual([])
  })

  it('leaves nothing behind when it is confirmed while the session ends', async () => {
    const { deviceCodes, credentials } = await makeWithUsers()
    for (let i = 0; i < 20; i++) {
      const session = `browser ${i}`
      await credentials.createSession({ ...aSession(), tokenHash: session }, [], signal)
      await deviceCodes.create(aCode(`a${i}`), signal)
      await Promise.all([
        deviceCodes.decide(`user code of a${i}`, { ...confirmed, session }, [CONFIRMED], signal),
        credentials.endSessions([session], [], signal),
      ])
      expect(await deviceCodes.redeem(`a${i}`, aSession(), [SIGNED_IN], signal)).toBe(false)
    }
  })

  it('opens one session, however many ask at once, and only for whom it was confirmed', async () => {
    const { deviceCodes, credentials, auditLog } = await makeWithUsers()
    await deviceCodes.create(aCode('a'), signal)
    expect(await deviceCodes.redeem('a', aSession(), [SIGNED_IN], signal)).toBe(false)
    await deviceCodes.decide('user code of a', confirmed, [], signal)
    expect(await deviceCodes.redeem('a', aSession(EVA), [SIGNED_IN], signal)).toBe(false)
    const redeemed = await Promise.all(
      ['1', '2', '3'].map((tokenHash) => deviceCodes.redeem('a', { ...aSession(), tokenHash }, [SIGNED_IN], signal)),
    )
    expect(redeemed.filter(Boolean)).toHaveLength(1)
    const kinds = (await credentials.listSessionsOf(ANA.id, signal)).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual(['cli', 'web'])
    expect(await deviceCodes.find('a', signal)).toBeUndefined()
    expect(await auditLog.list({ limit: 5 }, signal)).toMatchObject([SIGNED_IN])
  })
}
