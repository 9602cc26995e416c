import { randomUUID } from 'node:crypto'
import { type AuditEvent, type RecordedAuditEvent, START_OF_CHAIN, toCanonicalJson } from '@gatehouse/domain'
import { anEvent, generate, NOW } from '@gatehouse/domain/testing'
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { onEachDatabase } from '../testing/index.ts'
import { chainEvents, hashEvent } from './audit-chain.ts'
import { createPostgresAuditLog } from './audit-log.ts'
import type { Tables } from './schema.ts'
import { createPostgresStore } from './store.ts'

const signal = new AbortController().signal
const ids = { uuid: randomUUID, secret: randomUUID }
const anUpdate = (fields: Record<string, unknown>): AuditEvent => anEvent('user.update', { fields })

it('writes the same JSON for the same value, whatever the order of its keys', () => {
  expect(toCanonicalJson({ b: [1, { d: 'x', c: null }], a: undefined, ä: 1e21 })).toBe(
    '{"b":[1,{"c":null,"d":"x"}],"ä":1e+21}',
  )
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(toCanonicalJson(JSON.parse(toCanonicalJson(value)))).toBe(toCanonicalJson(value))
    }),
  )
})

it('chains every part of an event', () => {
  const head = { seq: 0, hash: START_OF_CHAIN }
  const [event] = chainEvents(head, [{ ...anUpdate({ a: 1 }), uid: 'u', user: 'ana', subjects: ['user:1'] }])
  if (!event) throw new Error('It chained nothing.')
  const changes: Partial<RecordedAuditEvent>[] = [
    { seq: 2 },
    { uid: 'v' },
    { event: 'user.create' },
    { code: 'X' },
    { user: 'eva' },
    { subjects: [] },
    { fields: { a: 2 } },
    { previousHash: '1'.repeat(64) },
  ]
  const hashes = changes.map((change) => hashEvent({ ...event, ...change }))
  expect(new Set([event.hash, ...hashes]).size).toBe(changes.length + 1)
})

onEachDatabase<Tables>('the audit log', (database) => {
  const commit = (...events: AuditEvent[]) => createPostgresStore(database(), ids).commit({ events }, signal)
  /** What somebody with the database's own password can do. */
  const tamper = async (change: ReturnType<typeof sql>) => {
    const { kysely } = database()
    await sql`alter table audit_event disable trigger append_only`.execute(kysely)
    await change.execute(kysely)
    await sql`alter table audit_event enable trigger append_only`.execute(kysely)
  }

  it('reads whatever fields an event can have as they were hashed', async () => {
    const auditLog = createPostgresAuditLog(database())
    let count = 0
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        generate.instants(),
        async (fields, time) => {
          await commit({ ...anUpdate(fields), time })
          count++
          const [event] = await auditLog.list({ limit: 1 }, signal)
          expect(toCanonicalJson(event?.fields)).toBe(toCanonicalJson(fields))
          expect(event?.time).toBe(time)
        },
      ),
      { numRuns: 30, examples: [[{ nul: '\0', half: '\ud800', __proto__x: -0, big: 1e308 }, NOW]] },
    )
    expect(await auditLog.verify(signal)).toEqual({ events: count })
  })

  it('verifies a chain of several pages and finds the event that was changed', async () => {
    const auditLog = createPostgresAuditLog(database())
    await commit(...Array.from({ length: 2500 }, (_, index) => anUpdate({ index })))
    expect(await auditLog.verify(signal)).toEqual({ events: 2500 })
    await tamper(sql`update audit_event set fields = '{"index":0}' where seq = 1703`)
    expect(await auditLog.verify(signal)).toEqual({ events: 1702, firstBroken: 1703 })
  })

  it('finds an event that was taken out, in the middle and at the end', async () => {
    const auditLog = createPostgresAuditLog(database())
    await commit(...Array.from({ length: 5 }, (_, index) => anUpdate({ index })))
    await tamper(sql`delete from audit_event where seq = 5`)
    expect(await auditLog.verify(signal)).toEqual({ events: 4, firstBroken: 5 })
    await tamper(sql`delete from audit_event where seq = 2`)
    expect(await auditLog.verify(signal)).toEqual({ events: 1, firstBroken: 2 })
  })

  it('looks for a sign-in to an application only among what came since it looked last', async () => {
    const auditLog = createPostgresAuditLog(database())
    const fields = { success: true, service_provider_entity_id: 'aws', sid: '' }
    const asked = () => auditLog.hasSignedInTo('aws', NOW, signal)
    await commit(anEvent('saml.idp.auth', { fields: { ...fields, service_provider_entity_id: 'wiki' } }))
    expect(await asked()).toBe(false)
    // What was walked then is not walked again, and so nothing is seen of what events never do.
    await tamper(sql`update audit_event set fields = ${JSON.stringify(fields)} where event = 'saml.idp.auth'`)
    expect(await asked()).toBe(false)
    await commit(anEvent('saml.idp.auth', { fields }))
    expect(await asked()).toBe(true)
    await commit(anUpdate({}))
    expect(await asked()).toBe(true)
  })

  it('refuses to change or delete what happened', async () => {
    await commit(anUpdate({}))
    const { kysely } = database()
    await expect(sql`update audit_event set code = 'x'`.execute(kysely)).rejects.toThrow('append-only')
    await expect(sql`delete from audit_event`.execute(kysely)).rejects.toThrow('append-only')
    await expect(sql`truncate audit_event`.execute(kysely)).rejects.toThrow('append-only')
  })
})
