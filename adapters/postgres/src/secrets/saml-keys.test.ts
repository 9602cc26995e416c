import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { KeptRequest, MadeCertificate } from '@gatehouse/application'
import { days, minutes, plus } from '@gatehouse/domain'
import { anEvent, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { createPostgresSamlRequests } from '../stores/saml-requests.ts'
import type { Tables } from '../stores/schema.ts'
import { onEachDatabase } from '../testing/index.ts'
import { rotateSecretKey } from './rotate-secret-key.ts'
import { createPostgresSamlKeys } from './saml-keys.ts'
import { createSecretBox } from './secret-box.ts'

const { signal } = new AbortController()
const KEY = randomBytes(32)
const ids = { uuid: randomUUID, secret: () => randomBytes(32).toString('base64url') }
const TIMES = { createdAt: NOW, expiresAt: plus(NOW, days(1)) }
const EVENT = anEvent('saml.idp.certificate.create')

/** Its certificate is never looked into here. */
function made(name: string): MadeCertificate {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    fingerprint: createHash('sha256').update(name).digest('hex'),
    pem: CERTIFICATE,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }),
  }
}

onEachDatabase<Tables>('keys for SAML', (database) => {
  const keysWith = (box = createSecretBox(KEY)) => createPostgresSamlKeys(database(), box, ids)
  const events = async (): Promise<number> =>
    (await database().kysely.selectFrom('audit_event').selectAll().execute()).length

  it('are one at first, however many make it at the same time', async () => {
    expect(await keysWith().signingKey(signal)).toBeUndefined()
    const replicas = ['a', 'b', 'c'].map((name) => keysWith().addFirst(made(name), TIMES, [EVENT], signal))
    await Promise.all(replicas)
    expect(await keysWith().certificates(signal)).toMatchObject([{ isActive: true, ...TIMES }])
    expect(await events()).toBe(1)
  })
  it('are published together, and one signs: the one that was activated last', async () => {
    const keys = keysWith()
    const [first, second] = [made('a'), made('b')]
    await keys.addFirst(first, TIMES, [], signal)
    await keys.add(second, { ...TIMES, createdAt: plus(NOW, minutes(1)) }, [], signal)
    const before = await keys.signingKey(signal)
    await keys.activate(second.fingerprint, [EVENT], signal)
    expect((await keys.certificates(signal)).map(({ fingerprint }) => fingerprint)).toEqual([
      second.fingerprint,
      first.fingerprint,
    ])
    const after = await keys.signingKey(signal)
    expect(after?.privateKey.equals(before?.privateKey as never)).toBe(false)
    const conflict = { problem: { code: 'conflict' } }
    await expect(keys.remove(second.fingerprint, [EVENT], signal)).rejects.toMatchObject(conflict)
    expect(await keys.certificates(signal)).toHaveLength(2)
    await keys.remove(first.fingerprint, [], signal)
    expect(await keys.certificates(signal)).toHaveLength(1)
    expect(await events()).toBe(1)
  })
  it('never leaves nothing that signs, when a certificate is activated that is gone', async () => {
    const keys = keysWith()
    await keys.addFirst(made('a'), TIMES, [], signal)
    await expect(keys.activate('0'.repeat(64), [EVENT], signal)).rejects.toMatchObject({
      problem: { code: 'not-found' },
    })
    expect(await keys.certificates(signal)).toMatchObject([{ isActive: true }])
    expect(await events()).toBe(0)
  })
  it('are removed once, and activated once, however many do it at the same time', async () => {
    const keys = keysWith()
    const [first, second] = [made('a'), made('b')]
    await keys.addFirst(first, TIMES, [], signal)
    await keys.add(second, TIMES, [], signal)
    const replicas = [1, 2, 3].map(() => keysWith())
    await Promise.all(replicas.map((replica) => replica.activate(second.fingerprint, [EVENT], signal)))
    expect(await events()).toBe(1)
    const removals = await Promise.allSettled(
      replicas.map((replica) => replica.remove(first.fingerprint, [EVENT], signal)),
    )
    expect(removals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await events()).toBe(2)
  })
  it('are encrypted, and sealed again under a new key', async () => {
    const key = made('a')
    await keysWith().addFirst(key, TIMES, [], signal)
    const [row] = await database().kysely.selectFrom('saml_key').select('sealed').execute()
    expect(row?.sealed.includes(key.privateKey.subarray(40, 80))).toBe(false)
    const renewed = randomBytes(32)
    expect(await rotateSecretKey(database(), createSecretBox(renewed, [KEY]), signal)).toBe(1)
    expect(await keysWith(createSecretBox(renewed)).signingKey(signal)).toBeDefined()
    await expect(keysWith().signingKey(signal)).rejects.toThrow('key')
  })
})

onEachDatabase<Tables>('requests of service providers', (database) => {
  const requests = () => createPostgresSamlRequests(database(), ids)
  const kept = (id: string, receivedAt = NOW): KeptRequest => ({
    request: { id, issuer: 'urn:sp', issuedAt: NOW, forceAuthn: false, isPassive: false, contextClasses: [] },
    assertionConsumerUrl: 'https://sp.example/acs',
    relayState: 'a\u0001"ü',
    receivedAt,
    browserHash: 'b',
  })
  const UNTIL = plus(NOW, minutes(15))

  it('are found under their id until they end or are answered', async () => {
    await requests().keep('hash', kept('1'), UNTIL, signal)
    expect(await requests().find('hash', NOW, signal)).toEqual(kept('1'))
    expect(await requests().find('other', NOW, signal)).toBeUndefined()
    expect(await requests().find('hash', UNTIL, signal)).toBeUndefined()
    await requests().markAnswered('hash', [EVENT], signal)
    expect(await requests().find('hash', NOW, signal)).toBeUndefined()
  })
  it('D1-21 are answered once, also when many answer at the same time, each with its event or none', async () => {
    await requests().keep('hash', kept('1'), UNTIL, signal)
    const results = await Promise.allSettled([1, 2, 3].map(() => requests().markAnswered('hash', [EVENT], signal)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await database().kysely.selectFrom('audit_event').selectAll().execute()).toHaveLength(1)
    await expect(requests().keep('new', kept('1'), UNTIL, signal)).rejects.toMatchObject({
      problem: { code: 'refused' },
    })
  })
  it('take the place of one that was not answered yet, and go when they have ended', async () => {
    await requests().keep('first', kept('1'), UNTIL, signal)
    await requests().keep('second', kept('1'), UNTIL, signal)
    expect(await requests().find('first', NOW, signal)).toBeUndefined()
    expect(await requests().find('second', NOW, signal)).toBeDefined()
    await requests().keep('third', kept('2', UNTIL), plus(UNTIL, minutes(15)), signal)
    expect(await database().kysely.selectFrom('saml_request').selectAll().execute()).toHaveLength(1)
  })
})

/** Self-signed for this test, with a key that signs nothing else. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIC/zCCAeegAwIBAgIUbc/WIPrpRm++Ljy1GlgRbwvgzqIwDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjEwODU4NTJaFw0zNjExMTgwODU4
NTJaMA8xDTALBgNVBAMMBHRlc3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
AoIBAQCduNAR1JdXbW5N2UOgTHz5aScB7LAZY50yWN/vU606ut8nQ9td/J5gEe1W
mdpW4oYt7t5JpaZ8k96chjvFx6oAYij8K++LYocSC5X28rJrrVBItQl6AFmbFAK4
4KuuxF26a8sa6pl01iaiY9Vu89pEDxP2Lmj7f0wFeLIAjRkVFstPafZ6Zom7LROO
NCScfbwb14lbqkTGTgyie7Jh0jb0OMQ/xYlhEt0qZKi37PDrKbjrs8fHcIBC6fhC
tJcacLXI4dryTlLKz2ArizVRKgNgRZ3FBcreQGkzAJPUypJ2k3f3HulRlXx9+Tpd
Bwz4B8C+K11zM6d2SotXvNZaS6E3AgMBAAGjUzBRMB0GA1UdDgQWBBQ3NllsFhQ7
LDicYTOZ2InuDlUIiDAfBgNVHSMEGDAWgBQ3NllsFhQ7LDicYTOZ2InuDlUIiDAP
BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQASor70pzWvvy9nxH5y
gda03yby382fgJ763vZVyiSAqsBy8GcnTh0qVRAkzL3mcJzigWEDaAEbYC04EMML
ifoj5TOgCTVFiZw4fpDCFFmjNuZ9vlFKcN37XNDYFhRZd2bOSIRcRnWcLWFeHR/1
4ka+6D4WjuRep87zZPk8i4JR2dDyhTiUHIyUPtl+UrSd8VKADcFMSMvS+On11PwQ
BO5kE27B6bAhQFf73kjXfr6qqp3Bvl7gb2NlwkQ9U3BWtyglPDW/WejgnpCp5OMM
AiIKrtLS4QjMKbFRZXKe/yOyb9dr+ffuW5vJAHSrSjs4Q54RYQ16fZVKwJhu76N+
+9a5
-----END CERTIFICATE-----
`
