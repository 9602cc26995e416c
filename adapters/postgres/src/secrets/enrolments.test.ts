import { randomBytes, randomUUID } from 'node:crypto'
import { MAX_ENROLMENTS } from '@gatehouse/application'
import { editDraft, startDraft } from '@gatehouse/domain'
import { anEvent, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { Tables } from '../stores/schema.ts'
import { onEachDatabase } from '../testing/index.ts'
import { createPostgresEnrolments } from './enrolments.ts'
import { rotateSecretKey } from './rotate-secret-key.ts'
import { createSecretBox } from './secret-box.ts'

const { signal } = new AbortController()
const KEY = randomBytes(32)
const ids = { uuid: randomUUID, secret: randomUUID }
const DRAFT = startDraft('acme', 'ana', NOW)
const edited = editDraft(DRAFT, { given: { region: 'eu-west-1' } }, { by: 'eva', now: NOW })

onEachDatabase<Tables>('enrolments that are not finished', (database) => {
  const enrolments = (key = KEY) => createPostgresEnrolments(database(), createSecretBox(key), ids)
  const code = (code: string) => ({ problem: { code } })

  it('are kept as they are given, in the order of their names', async () => {
    const other = startDraft('other', 'ana', NOW)
    await enrolments().save(other, { replacing: undefined }, signal)
    await enrolments().save(DRAFT, { replacing: undefined }, signal)
    await enrolments().save(edited, { replacing: 1 }, signal)
    expect(await enrolments().list(signal)).toEqual([edited, other])
    expect(await enrolments().find('acme', signal)).toEqual(edited)
    expect(await enrolments().find('nobody', signal)).toBeUndefined()
  })
  it('are begun once, and changed on what was read', async () => {
    await enrolments().save(DRAFT, { replacing: undefined }, signal)
    const again = enrolments().save(DRAFT, { replacing: undefined }, signal)
    await expect(again).rejects.toMatchObject(code('already-exists'))
    const changes = [1, 2, 3].map(() => enrolments().save(edited, { replacing: 1 }, signal))
    const results = await Promise.allSettled(changes)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(enrolments().save(edited, { replacing: 1, scimToken: 'x' }, signal)).rejects.toMatchObject(
      code('stale'),
    )
    expect(await enrolments().scimToken(edited, signal)).toBeUndefined()
  })
  it('are as many at a time as are kept, however many are begun at once', async () => {
    const drafts = Array.from({ length: MAX_ENROLMENTS + 5 }, (_, index) => startDraft(`o${index}`, 'ana', NOW))
    const begun = drafts.map((draft) => enrolments().save(draft, { replacing: undefined, scimToken: 't' }, signal))
    const results = await Promise.allSettled(begun)
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused).toMatchObject(Array.from({ length: 5 }, () => code('conflict')))
    const kept = await enrolments().list(signal)
    expect(kept).toHaveLength(MAX_ENROLMENTS)
    const [first = DRAFT] = kept
    const again = enrolments().save(first, { replacing: undefined }, signal)
    await expect(again).rejects.toMatchObject(code('already-exists'))
    const change = editDraft(first, { given: { region: 'eu-west-1' } }, { by: 'eva', now: NOW })
    await enrolments().save(change, { replacing: first.revision }, signal)
  })
  it('give their token with the draft that it came with, and with no other', async () => {
    await enrolments().save(DRAFT, { replacing: undefined, scimToken: 'the first' }, signal)
    await enrolments().save(edited, { replacing: 1, scimToken: 'the second' }, signal)
    await expect(enrolments().scimToken(DRAFT, signal)).rejects.toMatchObject(code('stale'))
    expect(await enrolments().scimToken(edited, signal)).toBe('the second')
  })
  it('have tokens that are encrypted, sealed again under a new key, taken away, and gone with them', async () => {
    await enrolments().save(DRAFT, { replacing: undefined, scimToken: 'a secret token' }, signal)
    expect(await enrolments().scimToken(DRAFT, signal)).toBe('a secret token')
    const rows = await database().kysely.selectFrom('secret').select('sealed').execute()
    expect(rows.some(({ sealed }) => sealed.includes('a secret token'))).toBe(false)
    const renewed = randomBytes(32)
    await rotateSecretKey(database(), createSecretBox(renewed, [KEY]), signal)
    expect(await enrolments(renewed).scimToken(DRAFT, signal)).toBe('a secret token')
    await enrolments(renewed).save(edited, { replacing: 1, scimToken: null }, signal)
    expect(await enrolments(renewed).scimToken(edited, signal)).toBeUndefined()
    await enrolments(renewed).save({ ...edited, revision: 3 }, { replacing: 2, scimToken: 'another' }, signal)
    expect(await enrolments(renewed).remove('acme', [anEvent('enrolment.delete')], signal)).toBe(true)
    expect(await enrolments(renewed).remove('acme', [anEvent('enrolment.delete')], signal)).toBe(false)
    const rest = database().kysely.selectFrom('secret').select('subject').where('kind', '=', 'enrolment-scim-token')
    expect(await rest.execute()).toEqual([])
    const events = await database().kysely.selectFrom('audit_event').select('event').execute()
    expect(events).toEqual([{ event: 'enrolment.delete' }])
  })
})
