import { createPublicKey, type JsonWebKey, randomBytes, randomUUID, verify } from 'node:crypto'
import { days, hours, type Instant, plus, type OrganizationId } from '@gatehouse/domain'
import { anEvent, NOW } from '@gatehouse/domain/testing'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { Tables } from '../stores/schema.ts'
import { onEachDatabase } from '../testing/index.ts'
import { checkSecretKey } from './check-secret-key.ts'
import { rotateSecretKey } from './rotate-secret-key.ts'
import { createSecretBox } from './secret-box.ts'
import { createPostgresSecrets } from './secrets.ts'
import { createPostgresSigningKeys } from './signing-keys.ts'

const signal = new AbortController().signal
const ACME = 'acme' as OrganizationId
const OTHER = 'other' as OrganizationId
const KEY = randomBytes(32)

const ids = { uuid: randomUUID, secret: () => randomBytes(32).toString('base64url') }

onEachDatabase<Tables>('secrets', (database) => {
  const box = createSecretBox(KEY)
  const keysAt = (now: () => Instant) => createPostgresSigningKeys(database(), box, { now })

  it('keeps a token for each organization, encrypted', async () => {
    const secrets = createPostgresSecrets(database(), box, ids)
    expect(await secrets.scimToken(ACME, signal)).toBeUndefined()
    await secrets.setScimToken(ACME, 'first', signal)
    await secrets.setScimToken(ACME, 'second ü', signal)
    await secrets.setScimToken(OTHER, 'third', signal)
    expect(await secrets.scimToken(ACME, signal)).toBe('second ü')
    expect(await secrets.scimToken(OTHER, signal)).toBe('third')
    const rows = await database().kysely.selectFrom('secret').select('sealed').execute()
    for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toMatch(/second|third/)
  })

  it('puts a new token in the place of the former one together with its event, and forgets it when told to', async () => {
    const secrets = createPostgresSecrets(database(), box, ids)
    await secrets.setScimToken(ACME, 'first', signal)
    await secrets.rotateScimToken(ACME, 'second', [anEvent('plugin.update')], signal)
    expect(await secrets.scimToken(ACME, signal)).toBe('second')
    expect(await database().kysely.selectFrom('audit_event').selectAll().execute()).toHaveLength(1)
    await secrets.removeScimToken(ACME, signal)
    expect(await secrets.scimToken(ACME, signal)).toBeUndefined()
  })

  it('does not take another organization’s token for this one’s', async () => {
    const secrets = createPostgresSecrets(database(), box, ids)
    await secrets.setScimToken(OTHER, 'third', signal)
    await sql`update secret set subject = ${ACME}`.execute(database().kysely)
    await expect(secrets.scimToken(ACME, signal)).rejects.toThrow('moved from another row')
  })

  it('knows at start whether the key is the one of this database', async () => {
    await checkSecretKey(database(), box, signal)
    await checkSecretKey(database(), createSecretBox(KEY), signal)
    const other = checkSecretKey(database(), createSecretBox(randomBytes(32)), signal)
    await expect(other).rejects.toMatchObject({ problem: { code: 'refused' } })
  })

  it('seals everything again under a new key', async () => {
    await checkSecretKey(database(), box, signal)
    await createPostgresSecrets(database(), box, ids).setScimToken(ACME, 'token', signal)
    const [published] = await keysAt(() => NOW).publicKeys(signal)
    const newKey = randomBytes(32)
    expect(await rotateSecretKey(database(), createSecretBox(newKey, [KEY]), signal)).toBe(3)
    expect(await rotateSecretKey(database(), createSecretBox(newKey, [KEY]), signal)).toBe(0)
    const renewed = createSecretBox(newKey)
    await checkSecretKey(database(), renewed, signal)
    expect(await createPostgresSecrets(database(), renewed, ids).scimToken(ACME, signal)).toBe('token')
    const keys = createPostgresSigningKeys(database(), renewed, { now: () => NOW })
    expect(isSignedBy(published, await keys.sign({ a: 1 }, signal))).toBe(true)
  })

  it('signs with a key that is made once, however many start at the same time', async () => {
    const replicas = [1, 2, 3].map(() => keysAt(() => NOW))
    const tokens = await Promise.all(replicas.map((keys) => keys.sign({ iss: 'us' }, signal)))
    const published = await keysAt(() => NOW).publicKeys(signal)
    expect(published).toHaveLength(1)
    expect(published[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' })
    expect(Object.keys(published[0] ?? {}).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    for (const token of tokens) {
      expect(isSignedBy(published[0], token)).toBe(true)
      const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString())
      expect(JSON.parse(header ?? '')).toEqual({ alg: 'RS256', typ: 'JWT', kid: published[0]?.['kid'] })
      expect(JSON.parse(claims ?? '')).toEqual({ iss: 'us' })
    }
  })

  it('publishes a key for a day after another has taken its place', async () => {
    let now = NOW
    const keys = keysAt(() => now)
    const before = await keys.sign({}, signal)
    const [first] = await keys.publicKeys(signal)
    await keys.rotate(signal)
    const [second, ...others] = await keys.publicKeys(signal)
    expect(others).toEqual([first])
    expect(isSignedBy(second, await keys.sign({}, signal))).toBe(true)
    expect(isSignedBy(first, before)).toBe(true)
    now = plus(NOW, hours(23))
    expect(await keys.publicKeys(signal)).toEqual([second, first])
    now = plus(NOW, days(1))
    expect(await keys.publicKeys(signal)).toEqual([second])
    await keys.rotate(signal)
    expect(await database().kysely.selectFrom('signing_key').select('kid').execute()).toHaveLength(2)
  })
})

function isSignedBy(jwk: Readonly<Record<string, unknown>> | undefined, token: string): boolean {
  const [header, claims, signature = ''] = token.split('.')
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  return verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))
}
