import { randomUUID } from 'node:crypto'
import { deviceCodesContract } from '@gatehouse/application/testing'
import { minutes, plus } from '@gatehouse/domain'
import { aUser, NOW } from '@gatehouse/domain/testing'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { onEachDatabase } from '../testing/index.ts'
import { createPostgresAuditLog } from './audit-log.ts'
import { createPostgresCredentials } from './credentials.ts'
import { createPostgresDeviceCodes } from './device-codes.ts'
import type { Tables } from './schema.ts'
import { createPostgresStore } from './store.ts'

const signal = new AbortController().signal
const ids = { uuid: randomUUID, secret: randomUUID }

onEachDatabase<Tables>('device codes', (database) => {
  const make = async () => ({
    deviceCodes: createPostgresDeviceCodes(database(), ids),
    credentials: createPostgresCredentials(database(), ids),
    store: createPostgresStore(database(), ids),
    auditLog: createPostgresAuditLog(database()),
  })
  deviceCodesContract(make)

  const code = {
    codeHash: 'a',
    userCodeHash: 'b',
    machine: '',
    address: '',
    createdAt: NOW,
    expiresAt: plus(NOW, minutes(10)),
    intervalSeconds: 5,
    state: 'pending',
  } as const

  it('ends with the user who confirmed it', async () => {
    const { deviceCodes, credentials, store } = await make()
    const ana = aUser('ana')
    await store.commit({ records: [{ put: 'user', user: ana }] }, signal)
    await deviceCodes.create(code, signal)
    const session = { tokenHash: 'browser', user: ana.id, kind: 'web', assumed: [] } as const
    const times = { createdAt: NOW, lastSeenAt: NOW, expiresAt: plus(NOW, minutes(10)) }
    await credentials.createSession({ ...session, ...times }, [], signal)
    expect(await deviceCodes.decide('b', { state: 'confirmed', user: ana.id, session: 'browser' }, [], signal)).toBe(
      true,
    )
    await store.commit({ records: [{ delete: 'user', id: ana.id }] }, signal)
    expect(await deviceCodes.find('a', signal)).toBeUndefined()
  })

  it('keeps only so many at a time', async () => {
    const { deviceCodes } = await make()
    await sql`
      insert into device_code (code_hash, user_code_hash, machine, address, created_at, expires_at, interval_seconds, state)
      select 'c' || i, 'u' || i, '', '', now(), '2999-01-01', 5, 'pending' from generate_series(1, 10000) as i
    `.execute(database().kysely)
    expect(await deviceCodes.create(code, signal)).toBe('full')
  })
})
