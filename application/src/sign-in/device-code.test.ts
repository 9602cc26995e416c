import { hours, instant, type LockId, minutes, plus, seconds } from '@gatehouse/domain'
import { aLock, aUser } from '@gatehouse/domain/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { createRecordsCache } from '../governance/records-cache.ts'
import type { StoredSession } from '../ports/credentials.ts'
import { createInMemoryClock, createInMemoryIds } from '../testing/in-memory-clock.ts'
import { createInMemoryCredentials } from '../testing/in-memory-credentials.ts'
import { createInMemoryDeviceCodes } from '../testing/in-memory-device-codes.ts'
import { createInMemoryStore } from '../testing/in-memory-store.ts'
import { authenticate } from './authenticate.ts'
import {
  askForDeviceCode,
  decideDeviceCode,
  type NewDeviceCode,
  openDeviceCode,
  redeemDeviceCode,
} from './device-code.ts'
import { endOtherSessions, endOwnSession, listOwnSessions, signOut } from './own-sessions.ts'
import { hashOfSecret } from './sign-in-ports.ts'

const ANA = aUser('ana')
const { signal } = new AbortController()
const address = '192.0.2.7'

/** A command line that asked at nine o'clock, and Ana with a browser. */
async function aScene() {
  const clock = createInMemoryClock(instant('2027-03-01T09:00Z'))
  const store = createInMemoryStore()
  await store.commit({ records: [{ put: 'user', user: ANA }] }, signal)
  const credentials = createInMemoryCredentials(store)
  const deviceCodes = createInMemoryDeviceCodes(store, credentials)
  const session: StoredSession = {
    tokenHash: hashOfSecret('browser'),
    user: ANA.id,
    kind: 'web',
    createdAt: clock.now(),
    lastSeenAt: clock.now(),
    expiresAt: plus(clock.now(), hours(12)),
    assumed: [],
  }
  await credentials.createSession(session, [], signal)
  const records = createRecordsCache(store)
  const ports = { clock, store, records, ids: createInMemoryIds(), credentials, deviceCodes }
  const asked: NewDeviceCode = await askForDeviceCode(ports, { machine: 'laptop', address }, signal)
  const { deviceCode, userCode } = asked
  return {
    ports,
    clock,
    store,
    asked,
    redeem: (code = deviceCode) => redeemDeviceCode(ports, { deviceCode: code, lifetime: hours(12) }, signal),
    open: (typed = userCode) => openDeviceCode(ports, { user: ANA, typed, address }, signal),
    decide: (verdict: 'confirm' | 'refuse', user = ANA) =>
      decideDeviceCode(ports, { user, session, typed: userCode, address: '198.51.100.4', verdict }, signal),
    who: { user: ANA, session },
    authenticate: () => authenticate(ports, { token: 'browser', idleTimeout: hours(2) }, signal),
    events: async () => (await store.list({ limit: 10 }, signal)).map(({ event, code }) => `${event} ${code}`),
  }
}

let scene: Awaited<ReturnType<typeof aScene>>
beforeEach(async () => {
  scene = await aScene()
})

describe('a command line that asks for a browser', () => {
  it('waits until somebody confirms, and is then signed in as that one, once', async () => {
    expect(await scene.redeem()).toEqual({ state: 'pending', intervalSeconds: 5 })
    await scene.decide('confirm')
    scene.clock.advance(seconds(5))
    const granted = await scene.redeem()
    if (granted.state !== 'granted') throw new Error(granted.state)
    expect(granted.session).toMatchObject({
      kind: 'cli',
      machine: 'laptop',
      address,
      expiresAt: instant('2027-03-01T21:00:05Z'),
    })
    const who = await authenticate(scene.ports, { token: granted.token, idleTimeout: hours(2) }, signal)
    expect(who?.user.name).toBe(ANA.name)
    expect(await scene.redeem()).toEqual({ state: 'expired' })
    expect(await scene.events()).toEqual(['user.login T1000I', 'user.device_code.confirm GH003I'])
  })
  it('is told when it was refused, and then knows nothing more', async () => {
    await scene.decide('refuse')
    expect(await scene.redeem()).toEqual({ state: 'refused' })
    expect(await scene.redeem()).toEqual({ state: 'expired' })
    expect(await scene.events()).toEqual(['user.device_code.refuse GH004I'])
  })
  it('is slowed down when it asks too often, and a confirmed code is no exception', async () => {
    await scene.redeem()
    scene.clock.advance(seconds(3))
    expect(await scene.redeem()).toEqual({ state: 'slow-down', intervalSeconds: 10 })
    await scene.decide('confirm')
    scene.clock.advance(seconds(5))
    expect(await scene.redeem()).toEqual({ state: 'slow-down', intervalSeconds: 15 })
    for (let i = 0; i < 20; i++) expect((await scene.redeem()).state).toBe('slow-down')
    scene.clock.advance(seconds(60))
    expect((await scene.redeem()).state).toBe('granted')
  })
  it('comes too late after ten minutes, confirmed or not', async () => {
    await scene.decide('confirm')
    scene.clock.advance(minutes(10))
    expect(await scene.redeem()).toEqual({ state: 'expired' })
    expect(await scene.redeem('guess')).toEqual({ state: 'expired' })
  })
  it('gets nothing when whoever confirmed it is locked before it comes back', async () => {
    await scene.decide('confirm')
    const lock = {
      id: 'l' as LockId,
      target: { kind: 'user', user: ANA.id },
      message: '',
      createdAt: scene.clock.now(),
      createdBy: 'eva',
      revision: 1,
    } as const
    await scene.store.commit({ records: [{ put: 'lock', lock }] }, signal)
    expect(await scene.redeem()).toEqual({ state: 'refused' })
    expect(await scene.events()).toEqual(['user.device_code.confirm GH003I'])
  })
})

describe('what a person has confirmed', () => {
  it('is taken back when he signs out', async () => {
    await scene.decide('confirm')
    await signOut(scene.ports, scene.who, signal)
    expect(await scene.redeem()).toEqual({ state: 'expired' })
  })
  it('is taken back when the browser is signed out from the list', async () => {
    await scene.decide('confirm')
    const own = { ...scene.who, idleTimeout: hours(2) }
    const [browser] = await listOwnSessions(scene.ports, own, signal)
    await endOwnSession(scene.ports, scene.who, browser?.id ?? '', signal)
    expect(await scene.redeem()).toEqual({ state: 'expired' })
  })
  it('stays when another session of his is signed out from the list', async () => {
    const elsewhere = { ...scene.who.session, tokenHash: hashOfSecret('elsewhere') }
    await scene.ports.credentials.createSession(elsewhere, [], signal)
    await scene.decide('confirm')
    const own = { ...scene.who, idleTimeout: hours(2) }
    const other = (await listOwnSessions(scene.ports, own, signal)).find(({ isThis }) => !isThis)
    await endOwnSession(scene.ports, scene.who, other?.id ?? '', signal)
    expect((await scene.redeem()).state).toBe('granted')
  })
  it('is taken back with all others, also when it was confirmed in the session that stays', async () => {
    await scene.decide('confirm')
    expect(await endOtherSessions(scene.ports, scene.who, signal)).toBe(0)
    expect(await scene.redeem()).toEqual({ state: 'expired' })
  })
  it('does not come back after a lock that has ended his sessions', async () => {
    await scene.decide('confirm')
    await scene.store.commit({ records: [{ put: 'lock', lock: aLock({ kind: 'user', user: ANA.id }) }] }, signal)
    expect(await scene.authenticate()).toBeUndefined()
    await scene.store.commit({ records: [{ delete: 'lock', id: aLock({ kind: 'user', user: ANA.id }).id }] }, signal)
    expect(await scene.redeem()).toEqual({ state: 'expired' })
  })
  it('is confirmed by nobody whose session has ended meanwhile', async () => {
    await signOut(scene.ports, scene.who, signal)
    await expect(scene.decide('confirm')).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(await scene.redeem()).toMatchObject({ state: 'pending' })
  })
})

describe('whoever confirms', () => {
  it('sees what asks, from where and since when, and may type the code as it comes', async () => {
    const typed = scene.asked.userCode.toLowerCase().replace('-', ' ')
    expect(await scene.open(typed)).toMatchObject({
      machine: 'laptop',
      address,
      createdAt: instant('2027-03-01T09:00Z'),
    })
  })
  it('can’t decide twice, nor after somebody else', async () => {
    await scene.decide('refuse')
    await expect(scene.decide('confirm')).rejects.toMatchObject({ problem: { code: 'refused' } })
    await expect(scene.decide('confirm', aUser('eva'))).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(await scene.redeem()).toEqual({ state: 'refused' })
  })
  it('leaves a trace with every code that there is not', async () => {
    for (const typed of ['', 'BCDF-GHJK', scene.asked.deviceCode])
      await expect(scene.open(typed)).rejects.toMatchObject({ problem: { code: 'refused' } })
    expect(await scene.events()).toEqual(Array.from({ length: 3 }, () => 'user.device_code.confirm GH003W'))
  })
  it('finds nothing once the code has ended', async () => {
    scene.clock.advance(minutes(10))
    await expect(scene.open()).rejects.toMatchObject({ problem: { code: 'refused' } })
  })
})

it('keeps neither of the two codes', async () => {
  const { deviceCode, userCode } = scene.asked
  const kept = JSON.stringify(await scene.ports.deviceCodes.findByUserCode((await scene.open()).userCodeHash, signal))
  expect(kept).not.toContain(deviceCode)
  expect(kept).not.toContain(userCode)
})
