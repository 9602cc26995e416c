import { randomUUID } from 'node:crypto'
import { credentialsContract } from '@gatehouse/application/testing'
import { hours, minus, plus } from '@gatehouse/domain'
import { aUser, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { onEachDatabase } from '../testing/index.ts'
import { createPostgresAuditLog } from './audit-log.ts'
import { createPostgresCredentials } from './credentials.ts'
import type { Tables } from './schema.ts'
import { createPostgresStore } from './store.ts'

const signal = new AbortController().signal
const ids = { uuid: randomUUID, secret: randomUUID }

onEachDatabase<Tables>('credentials', (database) => {
  const make = async () => ({
    credentials: createPostgresCredentials(database(), ids),
    store: createPostgresStore(database(), ids),
    auditLog: createPostgresAuditLog(database()),
  })
  credentialsContract(make)

  it('ends sessions, password and links with their user', async () => {
    const { credentials, store } = await make()
    const ana = aUser('ana')
    await store.commit({ records: [{ put: 'user', user: ana }] }, signal)
    await credentials.setPassword({ user: ana.id, hash: '$argon2id$x' }, [], signal)
    const session = { user: ana.id, kind: 'cli', createdAt: NOW, lastSeenAt: NOW, assumed: [] } as const
    await credentials.createSession({ ...session, tokenHash: 's', expiresAt: plus(NOW, hours(1)) }, [], signal)
    await credentials.createPasswordLink({ tokenHash: 'l', user: ana.id, createdBy: '', expiresAt: NOW }, [], signal)
    await store.commit({ records: [{ delete: 'user', id: ana.id }] }, signal)
    expect(await credentials.findPassword(ana.id, signal)).toBeUndefined()
    expect(await credentials.findSession('s', signal)).toBeUndefined()
    expect(await credentials.findPasswordLink('l', signal)).toBeUndefined()
  })

  it('lets older links end with the password that one of them set', async () => {
    const { credentials, store } = await make()
    const ana = aUser('ana')
    await store.commit({ records: [{ put: 'user', user: ana }] }, signal)
    const link = { user: ana.id, createdBy: 'admin', expiresAt: plus(NOW, hours(1)) }
    for (const tokenHash of ['old', 'new']) await credentials.createPasswordLink({ ...link, tokenHash }, [], signal)
    await credentials.setPassword({ user: ana.id, hash: '$argon2id$x', usingLinkHash: 'new' }, [], signal)
    expect(await credentials.findPasswordLink('old', signal)).toBeUndefined()
  })

  it('sweeps up sessions that have ended when their user signs in again', async () => {
    const { credentials, store } = await make()
    const ana = aUser('ana')
    await store.commit({ records: [{ put: 'user', user: ana }] }, signal)
    const session = { user: ana.id, kind: 'cli', lastSeenAt: NOW, assumed: [] } as const
    const early = { createdAt: minus(NOW, hours(2)), expiresAt: NOW }
    await credentials.createSession({ ...session, ...early, tokenHash: 'old' }, [], signal)
    const now = { createdAt: NOW, expiresAt: plus(NOW, hours(1)) }
    await credentials.createSession({ ...session, ...now, tokenHash: 'new' }, [], signal)
    expect(await credentials.findSession('old', signal)).toBeUndefined()
  })

  it('refuses a session of somebody who does not exist', async () => {
    const { credentials } = await make()
    const session = { user: aUser('nobody').id, kind: 'web', createdAt: NOW, lastSeenAt: NOW, assumed: [] } as const
    const attempt = credentials.createSession({ ...session, tokenHash: 's', expiresAt: NOW }, [], signal)
    await expect(attempt).rejects.toMatchObject({
      problem: { code: 'not-found', kind: 'user', name: 'id-of-nobody' },
    })
  })
})
