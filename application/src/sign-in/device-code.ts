import {
  auditEvent,
  DomainError,
  type Duration,
  type Instant,
  minutes,
  plus,
  seconds,
  type User,
} from '@gatehouse/domain'
import type { StoredSession } from '../ports/credentials.ts'
import type { DeviceCode, DeviceCodes } from '../ports/device-codes.ts'
import { openSession } from './open-session.ts'
import { findLockOn, hashOfSecret, type SignInPorts } from './sign-in-ports.ts'
import { parseUserCode, userCodeFrom } from './user-code.ts'

// The device authorization grant (RFC 8628), with a session in place of OAuth's tokens.

export interface DeviceCodePorts extends Pick<SignInPorts, 'store' | 'records' | 'clock' | 'ids'> {
  readonly deviceCodes: DeviceCodes
}

/** Long enough to find the browser and sign in there, short enough that a code in a chat is soon worth nothing. */
const LIFETIME = minutes(10)
const FIRST_INTERVAL_SECONDS = 5
/** What a command line that asks too often has to wait longer (RFC 8628, 3.5). */
const SLOW_DOWN_SECONDS = 5
const LONGEST_INTERVAL_SECONDS = 60
/** The line is not equally fast each time. */
const TOLERANCE = seconds(1)
/** Of 25 billion codes ten thousand wait at most: a second try is rare, a fourth never comes. */
const TRIES = 4

export interface NewDeviceCode {
  /** Given to the command line and to nobody else; only its hash is kept. */
  readonly deviceCode: string
  /** For the person to type in a browser. */
  readonly userCode: string
  readonly lifetime: Duration
  readonly intervalSeconds: number
}

/** @throws DomainError `too-many-attempts` while as many wait as are kept. */
export async function askForDeviceCode(
  ports: Pick<DeviceCodePorts, 'deviceCodes' | 'clock' | 'ids'>,
  asking: { readonly machine: string; readonly address: string },
  signal: AbortSignal,
): Promise<NewDeviceCode> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const deviceCode = ports.ids.secret()
    const userCode = userCodeFrom(ports.ids.secret())
    const createdAt = ports.clock.now()
    const kept = await ports.deviceCodes.create(
      {
        ...asking,
        codeHash: hashOfSecret(deviceCode),
        userCodeHash: hashOfSecret(userCode),
        createdAt,
        expiresAt: plus(createdAt, LIFETIME),
        intervalSeconds: FIRST_INTERVAL_SECONDS,
        state: 'pending',
      },
      signal,
    )
    if (kept === 'kept') return { deviceCode, userCode, lifetime: LIFETIME, intervalSeconds: FIRST_INTERVAL_SECONDS }
    if (kept === 'full') break
  }
  throw new DomainError({ code: 'too-many-attempts', retryAfterSeconds: LIFETIME / 1000 })
}

/** Who decides in a browser, what was typed there, and from where. */
interface Deciding {
  readonly user: User
  readonly typed: string
  readonly address: string
}

/**
 * The command line that waits under a code; looking changes nothing.
 * @throws DomainError `refused` when none does, which is recorded: it may be a guess
 */
export async function openDeviceCode(
  ports: Pick<DeviceCodePorts, 'deviceCodes' | 'clock' | 'store'>,
  { user, typed, address }: Deciding,
  signal: AbortSignal,
): Promise<DeviceCode & { readonly userCode: string }> {
  const userCode = parseUserCode(typed)
  const found = userCode && (await ports.deviceCodes.findByUserCode(hashOfSecret(userCode), signal))
  const now = ports.clock.now()
  if (userCode && found && found.state === 'pending' && found.expiresAt > now) return { ...found, userCode }
  const fields = { machine: '', remote: '', browser: address, success: false, error: 'no such code' } as const
  const details = { time: now, user: user.name, success: false, subjects: [`user:${user.id}`] as const, fields }
  await ports.store.commit({ events: [auditEvent('user.device_code.confirm', details)] }, signal)
  throw noSuchCode()
}

/** Lets the command line sign in as this person, or not; either only once. @throws DomainError as `openDeviceCode` */
export async function decideDeviceCode(
  ports: Pick<DeviceCodePorts, 'deviceCodes' | 'clock' | 'store'>,
  deciding: Deciding & { readonly session: StoredSession; readonly verdict: 'confirm' | 'refuse' },
  signal: AbortSignal,
): Promise<void> {
  const { user, session, verdict, address } = deciding
  const { userCodeHash, machine, address: remote } = await openDeviceCode(ports, deciding, signal)
  const event = auditEvent(`user.device_code.${verdict}`, {
    time: ports.clock.now(),
    user: user.name,
    subjects: [`user:${user.id}`],
    fields: { machine, remote, browser: address },
  })
  const decision =
    verdict === 'confirm'
      ? ({ state: 'confirmed', user: user.id, session: session.tokenHash } as const)
      : ({ state: 'refused' } as const)
  if (!(await ports.deviceCodes.decide(userCodeHash, decision, [event], signal))) throw noSuchCode()
}

export type Redeemed =
  | { readonly state: 'pending' | 'slow-down'; readonly intervalSeconds: number }
  | { readonly state: 'refused' | 'expired' }
  | { readonly state: 'granted'; readonly token: string; readonly session: StoredSession; readonly user: User }

/** What has become of a code; once it is confirmed, a session, once. A user who is locked meanwhile gets none. */
export async function redeemDeviceCode(
  ports: DeviceCodePorts,
  { deviceCode, lifetime }: { readonly deviceCode: string; readonly lifetime: Duration },
  signal: AbortSignal,
): Promise<Redeemed> {
  const code = await ports.deviceCodes.find(hashOfSecret(deviceCode), signal)
  const now = ports.clock.now()
  if (!code || code.expiresAt <= now) return { state: 'expired' }
  if (isTooSoon(code, now)) {
    const intervalSeconds = Math.min(code.intervalSeconds + SLOW_DOWN_SECONDS, LONGEST_INTERVAL_SECONDS)
    await ports.deviceCodes.recordPoll(code.codeHash, { polledAt: now, intervalSeconds }, signal)
    return { state: 'slow-down', intervalSeconds }
  }
  if (code.state === 'confirmed') return redeem(ports, { code, confirmedBy: code.user, lifetime, now }, signal)
  if (code.state === 'refused') {
    await ports.deviceCodes.remove(code.codeHash, signal)
    return { state: 'refused' }
  }
  const { intervalSeconds } = code
  await ports.deviceCodes.recordPoll(code.codeHash, { polledAt: now, intervalSeconds }, signal)
  return { state: 'pending', intervalSeconds }
}

const isTooSoon = ({ polledAt, intervalSeconds }: DeviceCode, now: Instant): boolean =>
  polledAt !== undefined && now < plus(polledAt, seconds(intervalSeconds)) - TOLERANCE

async function redeem(
  ports: DeviceCodePorts,
  given: {
    readonly code: DeviceCode
    readonly confirmedBy: User['id']
    readonly lifetime: Duration
    readonly now: Instant
  },
  signal: AbortSignal,
): Promise<Redeemed> {
  const { code, confirmedBy, lifetime, now } = given
  const records = await ports.records.read(signal)
  const user = records.users.find(({ id }) => id === confirmedBy)
  if (!user || findLockOn(user, records, now)) {
    await ports.deviceCodes.remove(code.codeHash, signal)
    return { state: 'refused' }
  }
  const opening = { kind: 'cli', method: 'device', lifetime, address: code.address, machine: code.machine } as const
  const { token, session, events } = await openSession(ports, { opening, user, now }, signal)
  const isFirst = await ports.deviceCodes.redeem(code.codeHash, session, events, signal)
  return isFirst ? { state: 'granted', token, session, user } : { state: 'expired' }
}

const noSuchCode = (): DomainError =>
  new DomainError({
    code: 'refused',
    message: 'No command line waits under this code.',
    remedy: 'Compare it with the terminal. After ten minutes it has ended: run "tsh login --browser" again.',
  })
