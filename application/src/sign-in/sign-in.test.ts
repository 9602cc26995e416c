import { DomainError, hours, instant, minutes, seconds, type LockId, type User, type UserName } from '@gatehouse/domain'
import { aList, aMember, roleName } from '@gatehouse/domain/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRecordsCache } from '../governance/records-cache.ts'
import { createInMemoryClock, createInMemoryIds } from '../testing/in-memory-clock.ts'
import { createInMemoryCredentials } from '../testing/in-memory-credentials.ts'
import { createInMemoryStore } from '../testing/in-memory-store.ts'
import { authenticate } from './authenticate.ts'
import { createAttempts } from './attempts.ts'
import { bootstrapAdministrator, ensurePresets } from './bootstrap.ts'
import { createPasswordHasher } from './password-hash.ts'
import { createPasswordLink, openPasswordLink, setPassword } from './password-link.ts'
import { signIn } from './sign-in.ts'

const ANA = 'ana@acme.example'
const PASSWORD = 'correct horse battery'
const { signal } = new AbortController()
const idleTimeout = hours(2)

/** Ana, the first administrator, with a password. */
async function aWorld() {
  const clock = createInMemoryClock(instant('2027-03-01T09:00Z'))
  const store = createInMemoryStore()
  const ids = createInMemoryIds()
  const credentials = createInMemoryCredentials(store)
  const ports = {
    clock,
    store,
    records: createRecordsCache(store),
    ids,
    credentials,
    hasher: createPasswordHasher(),
    attempts: createAttempts(),
  }
  await ensurePresets(ports, signal)
  const link = await bootstrapAdministrator(ports, ANA, signal)
  if (!link) throw new Error('no link')
  await setPassword(ports, { token: link.token, password: PASSWORD }, signal)
  const { user } = link
  return {
    ports,
    clock,
    ana: user,
    signIn: (password = PASSWORD, name = ANA) =>
      signIn(ports, { user: name, password, kind: 'cli', lifetime: hours(12), address: '192.0.2.1' }, signal),
    whoIs: (token: string) => authenticate(ports, { token, idleTimeout }, signal),
    lock: (target: User) =>
      store.commit(
        {
          records: [
            {
              put: 'lock',
              lock: {
                id: 'lock-1' as LockId,
                target: { kind: 'user', user: target.id },
                message: 'left the company',
                createdAt: clock.now(),
                createdBy: 'boris',
                expires: instant('2027-03-01T09:30Z'),
                revision: 1,
              },
            },
          ],
          events: [],
        },
        signal,
      ),
  }
}

const problemOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DomainError)
  return error instanceof DomainError ? error.problem : undefined
}

let world: Awaited<ReturnType<typeof aWorld>>
const fresh = () =>
  beforeAll(async () => {
    world = await aWorld()
  })

describe('the first administrator', () => {
  fresh()
  it('is an editor, and the presets are there', async () => {
    const records = await world.ports.store.readRecords(signal)
    expect(records.users).toMatchObject([{ name: ANA, roles: [{ name: 'editor' }, { name: 'access' }] }])
    expect(records.roles.map(({ name }) => name)).toContain('editor')
  })
  it('is made once', async () => {
    expect(await bootstrapAdministrator(world.ports, 'eve@acme.example', signal)).toBeUndefined()
    expect(await bootstrapAdministrator(world.ports, ANA, signal)).toBeUndefined()
    expect(await ensurePresets(world.ports, signal)).toEqual([])
  })
  it('brings the roles that are built in up to date, and leaves those that somebody changed', async () => {
    const { roles } = await world.ports.records.read(signal)
    const changed = roles
      .filter(({ name }) => name === 'editor' || name === 'auditor')
      .map((role) => ({ put: 'role' as const, role: { ...role, allow: { ...role.allow, rules: [] }, revision: 2 } }))
    await world.ports.store.commit({ records: changed, events: [] }, signal)
    expect(await ensurePresets(world.ports, signal)).toEqual(['editor'])
    const after = await world.ports.records.read(signal)
    expect(after.roles.find(({ name }) => name === 'editor')?.allow.rules).not.toEqual([])
    expect(after.roles.find(({ name }) => name === 'auditor')?.allow.rules).toEqual([])
    expect(await ensurePresets(world.ports, signal)).toEqual([])
  })
})

describe('signing in', () => {
  fresh()
  it('opens a session whose token is nowhere in the store', async () => {
    const { token, session } = await world.signIn()
    expect(await world.whoIs(token)).toMatchObject({ user: { name: ANA }, session: { kind: 'cli' } })
    expect(session.tokenHash).not.toContain(token)
  })
  it('takes the name in any case', async () => {
    expect((await world.signIn(PASSWORD, 'ANA@Acme.example')).user.name).toBe(ANA)
  })
  it('takes composed and decomposed letters as the same password', async () => {
    const { ports } = await aWorld()
    const { token } = await createPasswordLink(ports, { user: ANA, by: 'ana' }, signal)
    await setPassword(ports, { token, password: 'cafe\u0301 au lait please' }, signal)
    const command = { user: ANA, kind: 'cli', lifetime: hours(1), address: '192.0.2.1' } as const
    await signIn(ports, { ...command, password: 'caf\u00e9 au lait please' }, signal)
  })
  it('says the same of a wrong password and of an unknown name', async () => {
    const [wrong, unknown] = [await problemOf(world.signIn('nope')), await problemOf(world.signIn('nope', 'eve'))]
    expect(wrong).toEqual({ code: 'wrong-credentials' })
    expect(unknown).toEqual(wrong)
  })
  it('gives a new token every time and ends the session it replaces (D7: rotation at login)', async () => {
    const first = await world.signIn()
    const command = { user: ANA, password: PASSWORD, kind: 'web', lifetime: hours(1), address: '192.0.2.1' } as const
    const second = await signIn(world.ports, { ...command, replacing: first.token }, signal)
    expect(second.token).not.toBe(first.token)
    expect(await world.whoIs(first.token)).toBeUndefined()
  })
})

describe('a session', () => {
  fresh()
  it('ends when its time is over, to the millisecond', async () => {
    const { ports, clock, signIn: enter } = await aWorld()
    const { token } = await enter()
    const active = { token, idleTimeout: hours(24) }
    clock.set(instant('2027-03-01T20:59:59.999Z'))
    expect(await authenticate(ports, active, signal)).toBeDefined()
    clock.set(instant('2027-03-01T21:00Z'))
    expect(await authenticate(ports, active, signal)).toBeUndefined()
  })
  it('is not kept alive by a page that only listens', async () => {
    const { ports, clock, signIn: enter, whoIs } = await aWorld()
    const { token } = await enter()
    clock.advance(minutes(119))
    expect(await authenticate(ports, { token, idleTimeout, isUse: false }, signal)).toBeDefined()
    clock.advance(minutes(1))
    expect(await whoIs(token)).toBeUndefined()
  })
  it('ends when nobody used it for long, and every use counts', async () => {
    const { clock, signIn: enter, whoIs } = await aWorld()
    const { token } = await enter()
    for (let i = 0; i < 3; i++) {
      clock.advance(minutes(119))
      expect(await whoIs(token)).toBeDefined()
    }
    clock.advance(minutes(120))
    expect(await whoIs(token)).toBeUndefined()
    clock.set(instant('2027-03-01T09:00Z'))
    expect(await whoIs(token)).toBeUndefined()
  })
  it('ends with a new password, wherever it was opened (D7: revoke all)', async () => {
    const { token } = await world.signIn()
    const link = await createPasswordLink(world.ports, { user: ANA, by: ANA }, signal)
    await setPassword(world.ports, { token: link.token, password: PASSWORD }, signal)
    expect(await world.whoIs(token)).toBeUndefined()
  })
  it('ends at the next call once its user is locked, and stays ended when the lock goes', async () => {
    const { ana, clock, lock, signIn: enter, whoIs, ports } = await aWorld()
    const { token } = await enter()
    await lock(ana)
    expect(await whoIs(token)).toBeUndefined()
    expect(await problemOf(enter())).toMatchObject({ code: 'refused' })
    const { token: link } = await createPasswordLink(ports, { user: ANA, by: 'boris' }, signal)
    expect(await problemOf(openPasswordLink(ports, link, signal))).toMatchObject({ code: 'refused' })
    clock.advance(minutes(30))
    expect(await whoIs(token)).toBeUndefined()
    expect(await enter()).toBeDefined()
  })
})

describe('guessing', () => {
  it.each([ANA, 'nobody@acme.example'])('is slowed down more and more for %s', async (name) => {
    const { clock, signIn: enter } = await aWorld()
    for (let i = 0; i < 5; i++)
      expect(await problemOf(enter('guess', name))).toMatchObject({ code: 'wrong-credentials' })
    expect(await problemOf(enter(PASSWORD, name))).toEqual({ code: 'too-many-attempts', retryAfterSeconds: 15 })
    clock.advance(seconds(15))
    expect(await problemOf(enter('guess', name))).toMatchObject({ code: 'wrong-credentials' })
    expect(await problemOf(enter('guess', name))).toEqual({ code: 'too-many-attempts', retryAfterSeconds: 30 })
  })
  it('counts guesses that are sent together', async () => {
    const { signIn: enter } = await aWorld()
    const problems = await Promise.all(Array.from({ length: 12 }, () => problemOf(enter('guess'))))
    expect(problems.filter((problem) => problem?.code === 'wrong-credentials')).toHaveLength(5)
  })
  it('starts anew after a right password', async () => {
    const { signIn: enter } = await aWorld()
    for (let i = 0; i < 4; i++) await problemOf(enter('guess'))
    await enter()
    for (let i = 0; i < 4; i++) expect(await problemOf(enter('guess'))).toMatchObject({ code: 'wrong-credentials' })
    await enter()
  })
})

describe('a one-time link', () => {
  fresh()
  it('works once', async () => {
    const { token } = await createPasswordLink(world.ports, { user: ANA, by: 'boris' }, signal)
    const twice = [setPassword(world.ports, { token, password: PASSWORD }, signal)]
    twice.push(setPassword(world.ports, { token, password: PASSWORD }, signal))
    const outcomes = await Promise.allSettled(twice)
    expect(outcomes.map(({ status }) => status).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'fulfilled',
      'rejected',
    ])
    expect(await problemOf(openPasswordLink(world.ports, token, signal))).toMatchObject({ code: 'refused' })
  })
  it('works for a day', async () => {
    const { ports, clock } = await aWorld()
    const { token } = await createPasswordLink(ports, { user: ANA, by: 'boris' }, signal)
    clock.advance(hours(24))
    expect(await problemOf(openPasswordLink(ports, token, signal))).toMatchObject({ code: 'refused' })
  })
  it.each(['short', '', 'x'.repeat(1025), ANA])(
    'refuses a password such as "%.20s" and stays usable',
    async (password) => {
      const { token } = await createPasswordLink(world.ports, { user: ANA, by: 'boris' }, signal)
      const problem = await problemOf(setPassword(world.ports, { token, password }, signal))
      expect(problem).toMatchObject({ code: 'invalid-value', field: 'password', text: '…' })
      expect(await openPasswordLink(world.ports, token, signal)).toMatchObject({ name: ANA })
    },
  )
  it('is for people that there are', async () => {
    const call = createPasswordLink(world.ports, { user: 'eve' as UserName, by: 'ana' }, signal)
    expect(await problemOf(call)).toMatchObject({ code: 'not-found', name: 'eve' })
  })
})

describe('a password hash', () => {
  it('is in PHC form, salted, and never made without a turn', async () => {
    const hasher = createPasswordHasher()
    const [one, two] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await hasher.verify(PASSWORD, one)).toBe(true)
    expect(await hasher.verify(`${PASSWORD} `, one)).toBe(false)
    expect(await hasher.verify(PASSWORD, undefined)).toBe(false)
  })
})

it('signing in is recorded with the lists that do not give what they say', async () => {
  const { ports, ana, signIn: enter } = await aWorld()
  const gone = aList('gone', {
    grants: ['ReadOnlyAccess-on-old-999999999999'],
    members: [{ ...aMember('x'), kind: 'user', user: ana.id }],
  })
  const strict = aList('strict', {
    members: [{ ...aMember('x'), kind: 'user', user: ana.id }],
    membershipRequires: { roles: [roleName('lead')], traits: {} },
  })
  await ports.store.commit({ records: [gone, strict].map((list) => ({ put: 'list', list }) as const) }, signal)
  await enter()
  expect(ports.store.events.filter(({ code }) => code === 'TAL009W')).toMatchObject([
    { user: ANA, fields: { access_list_name: 'strict', invalid_reason: 'requirements', missing_roles: ['lead'] } },
    {
      user: ANA,
      subjects: ['list:gone', `user:${ana.id}`],
      fields: { invalid_reason: 'missing_roles', missing_roles: ['ReadOnlyAccess-on-old-999999999999'] },
    },
  ])
})
