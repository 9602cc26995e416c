import { milliseconds, plus } from '@gatehouse/domain'
import { anEvent, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { AuditLog } from '../ports/audit-log.ts'

import { signal, putUser, created, type StoreUnderTest } from './store-scene.ts'
import { refusalOf } from './problem-of.ts'
export function auditContract(make: () => Promise<StoreUnderTest>): void {
  it('numbers events without gaps and chains them', async () => {
    const { store, auditLog } = await make()
    for (const name of ['ana', 'bruno']) await store.commit({ records: putUser(name), events: [created(name)] }, signal)
    await refusalOf(store.commit({ expecting: 0, events: [created('eva')] }, signal))
    await store.commit({ events: [created('chiara'), created('dmitri')] }, signal)
    const events = (await auditLog.list({ limit: 10 }, signal)).toReversed()
    expect(events.map(({ seq, fields }) => [seq, fields['name']])).toEqual([
      [1, 'ana'],
      [2, 'bruno'],
      [3, 'chiara'],
      [4, 'dmitri'],
    ])
    expect(events.map(({ previousHash }) => previousHash).slice(1)).toEqual(events.map(({ hash }) => hash).slice(0, -1))
    expect(new Set(events.map(({ uid }) => uid)).size).toBe(4)
    expect(events[0]).toMatchObject(created('ana'))
    expect(await auditLog.verify(signal)).toEqual({ events: 4 })
  })

  it('lists events newest first, page by page, by name and by subject', async () => {
    const { store, auditLog } = await make()
    const login = anEvent('user.login', { subjects: ['user:id-of-ana'], success: false })
    await store.commit({ events: [created('ana'), created('eva'), login, created('ana')] }, signal)
    const seqs = async (query: Parameters<AuditLog['list']>[0]) =>
      (await auditLog.list(query, signal)).map(({ seq }) => seq)
    expect(await seqs({ limit: 2 })).toEqual([4, 3])
    expect(await seqs({ limit: 2, before: 3 })).toEqual([2, 1])
    expect(await seqs({ limit: 9, event: 'user.login' })).toEqual([3])
    expect(await seqs({ limit: 9, subject: 'user:id-of-ana' })).toEqual([4, 3, 1])
    expect(await seqs({ limit: 2, order: 'oldest', after: 1 })).toEqual([2, 3])
    expect(await seqs({ limit: 9, code: 'T1000W' })).toEqual([3])
    expect(await seqs({ limit: 9, user: 'admin', event: 'user.create' })).toEqual([4, 2, 1])
    expect(await seqs({ limit: 9, from: NOW, to: plus(NOW, milliseconds(1)) })).toEqual([4, 3, 2, 1])
    expect(await seqs({ limit: 9, to: NOW })).toEqual([])
    expect(await seqs({ limit: 9, from: plus(NOW, milliseconds(1)) })).toEqual([])
    expect(await seqs({ limit: 9, text: 'EVA' })).toEqual([2])
    expect(await seqs({ limit: 9, text: '%' })).toEqual([])
    const [oldest] = await auditLog.list({ limit: 1, order: 'oldest' }, signal)
    expect(await seqs({ limit: 9, uid: oldest?.uid ?? '' })).toEqual([1])
    expect(await seqs({ limit: 9, uid: 'of-nothing' })).toEqual([])
    const latest = await auditLog.latestDecisions(1, signal)
    const [newest] = await auditLog.list({ limit: 1 }, signal)
    expect(latest.get('user:id-of-ana')).toBe(newest?.uid)
  })

  it('takes what was done in an organization’s AWS for no decision about it', async () => {
    const { store, auditLog } = await make()
    const subjects = ['list:platform', 'organization:acme'] as const
    const pushed = anEvent('aws_identity_center.group.pushed', { subjects })
    await store.commit({ events: [anEvent('plugin.update', { subjects: subjects.slice(1) }), pushed] }, signal)
    const [, decided] = await auditLog.list({ limit: 2, subject: 'organization:acme' }, signal)
    expect(await auditLog.latestDecisions(0, signal)).toEqual(new Map([['organization:acme', decided?.uid]]))
  })

  it('knows when people last signed in, and takes no failed attempt for it', async () => {
    const { store, auditLog } = await make()
    const login = (user: 'ana' | 'eva', at: number, success: boolean) =>
      anEvent('user.login', { time: plus(NOW, milliseconds(at)), subjects: [`user:id-of-${user}`], success })
    const events = [login('ana', 1, true), login('ana', 2, true), login('ana', 3, false), login('eva', 4, false)]
    await store.commit({ events }, signal)
    const found = await auditLog.lastSignIns(['user:id-of-ana', 'user:id-of-eva', 'user:nobody'], signal)
    expect(found).toEqual(new Map([['user:id-of-ana', plus(NOW, milliseconds(2))]]))
    expect(await auditLog.lastSignIns([], signal)).toEqual(new Map())
  })

  it('knows whether anybody was signed in to an application from an instant on, and takes no refusal for it', async () => {
    const { store, auditLog } = await make()
    const signIn = (entityId: string, at: number, success: boolean) =>
      anEvent('saml.idp.auth', {
        time: plus(NOW, milliseconds(at)),
        success,
        fields: { success, service_provider_entity_id: entityId, sid: '' },
      })
    await store.commit({ events: [signIn('aws', 1, true), signIn('aws', 3, false), signIn('wiki', 4, true)] }, signal)
    const asked = (entityId: string, at: number) =>
      auditLog.hasSignedInTo(entityId, plus(NOW, milliseconds(at)), signal)
    expect(await asked('aws', 1)).toBe(true)
    expect(await asked('aws', 2)).toBe(false)
    expect(await asked('wiki', 0)).toBe(true)
    expect(await asked('wik', 0)).toBe(false)
  })
}
