import { createPublicKey, type JsonWebKey, randomBytes, randomUUID, verify } from 'node:crypto'
import { days, hours, type Instant, plus, type OrganizationId, startDraft } from '@gatehouse/domain'
import { anEvent, anOrganization, NOW } from '@gatehouse/domain/testing'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { Tables } from '../stores/schema.ts'
import { createPostgresStore } from '../stores/store.ts'
import { onEachDatabase } from '../testing/index.ts'
import { checkSecretKey } from './check-secret-key.ts'
import { createPostgresEnrolments } from './enrolments.ts'
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

  const store = () => createPostgresStore(database(), ids, box)
  const put = (id: OrganizationId, scimToken: string) =>
    ({
      put: 'organization',
      organization: anOrganization({ id, name: id, instanceArn: `arn:aws:sso:::instance/ssoins-${id}` }),
      scimToken,
    }) as const
  const enrol = (id: OrganizationId, scimToken: string) => store().commit({ records: [put(id, scimToken)] }, signal)

  it('keeps a token with the organization that comes with it, or neither', async () => {
    const secrets = createPostgresSecrets(database(), box, ids)
    const late = store().commit({ expecting: 1_000, records: [put(ACME, 'never')] }, signal)
    await expect(late).rejects.toMatchObject({ problem: { code: 'stale' } })
    expect(await secrets.scimToken(ACME, signal)).toBeUndefined()
    expect(await secrets.scimTokenGivenAt(ACME, signal)).toBeUndefined()
    await enrol(ACME, 'first')
    expect(await secrets.scimToken(ACME, signal)).toBe('first')
    expect(Math.abs(Number(await secrets.scimTokenGivenAt(ACME, signal)) - Date.now())).toBeLessThan(600_000)
    await store().commit({ records: [{ put: 'organization', organization: put(ACME, '').organization }] }, signal)
    expect(await secrets.scimToken(ACME, signal)).toBe('first')
  })

  it('forgets token and enrolment with the organization: the next of its name begins without', async () => {
    const secrets = createPostgresSecrets(database(), box, ids)
    const enrolments = createPostgresEnrolments(database(), box, ids)
    await enrol(ACME, 'old')
    await enrol(OTHER, 'stays')
    const drafts = [startDraft('acme', 'ana', NOW), startDraft('next', 'ana', NOW)]
    for (const draft of drafts) await enrolments.save(draft, { replacing: undefined, scimToken: 'sealed' }, signal)
    await store().commit({ records: [{ delete: 'organization', id: ACME, released: [] }] }, signal)
    expect(await secrets.scimToken(ACME, signal)).toBeUndefined()
    expect(await secrets.scimToken(OTHER, signal)).toBe('stays')
    expect((await enrolments.list(signal)).map(({ name }) => name)).toEqual(['next'])
    const kept = await database().kysely.selectFrom('secret').select('subject').orderBy('subject').execute()
    expect(kept.map(({ subject }) => subject)).toEqual(['next', 'other'])
    const late = secrets.rotateScimToken(ACME, 'of nobody', [anEvent('plugin.update')], signal)
    await expect(late).rejects.toMatchObject({ problem: { code: 'not-found' } })
    expect(await secrets.scimToken(ACME, signal)).toBeUndefined()
  })

  it('keeps a token for each organization, encrypted', async () => {
    const secrets = createPostgresSecrets(database(), box, ids)
    expect(await secrets.scimToken(ACME, signal)).toBeUndefined()
    await enrol(ACME, 'second ü')
    await enrol(OTHER, 'third')
    expect(await secrets.scimToken(ACME, signal)).toBe('second ü')
    expect(await secrets.scimToken(OTHER, signal)).toBe('third')
    const rows = await database().kysely.selectFrom('secret').select('sealed').execute()
    for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toMatch(/second|third/)
  })

  it('puts a new token in the place of the former one together with its event', async () => {
    const secrets = createPostgresSecrets(database(), box, ids)
    await enrol(ACME, 'first')
    await secrets.rotateScimToken(ACME, 'second', [anEvent('plugin.update')], signal)
    expect(await secrets.scimToken(ACME, signal)).toBe('second')
    expect(await database().kysely.selectFrom('audit_event').selectAll().execute()).toHaveLength(1)
  })

  it('does not take another organization’s token for this one’s', async () => {
    const secrets = createPostgresSecrets(database(), box, ids)
    await enrol(OTHER, 'third')
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
    await enrol(ACME, 'token')
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
