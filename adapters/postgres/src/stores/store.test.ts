import { randomUUID } from 'node:crypto'
import type { Commit, MirrorChange, RecordChange } from '@gatehouse/application'
import { storeContract } from '@gatehouse/application/testing'
import { awsPrincipalKey, type GrantKey, type Instant, instant, plus, seconds, hours } from '@gatehouse/domain'
import {
  aGroupLink,
  aList,
  aMemberList,
  anOrganization,
  aUser,
  aUserLink,
  awsGroupId,
  awsUserId,
  listId,
  NOW,
  userId,
  anEvent,
} from '@gatehouse/domain/testing'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { onEachDatabase } from '../testing/index.ts'
import { createPostgresAccessListReviews } from './access-list-reviews.ts'
import { createPostgresAuditLog } from './audit-log.ts'
import { createPostgresLeadership } from './leadership.ts'
import { createPostgresReviewDrafts } from './review-drafts.ts'
import type { Tables } from './schema.ts'
import { createPostgresStore } from './store.ts'

const signal = new AbortController().signal
const ids = { uuid: randomUUID, secret: randomUUID }
const ACME = anOrganization()
const enrol: RecordChange = { put: 'organization', organization: ACME }
const putUser = (name: string): RecordChange => ({ put: 'user', user: aUser(name) })

onEachDatabase<Tables>('the store', (database) => {
  storeContract(async () => ({
    store: createPostgresStore(database(), ids),
    auditLog: createPostgresAuditLog(database()),
    reviews: createPostgresAccessListReviews(database()),
    drafts: createPostgresReviewDrafts(database()),
    async changeLeader() {
      await sql`update lease set expires_at = now() - interval '1 second'`.execute(database().kysely)
      const leadership = createPostgresLeadership(database(), { holder: randomUUID(), ttl: seconds(60) })
      return (await leadership.acquireOrRenew(signal)) ?? 0
    },
  }))

  const commit = (changes: Commit) => createPostgresStore(database(), ids).commit(changes, signal)
  const refusal = (changes: Commit) =>
    commit(changes).then(
      () => undefined,
      (error: { problem?: object }) => error.problem,
    )

  it('saves drafts while commits change both their person and their list, without a deadlock', async () => {
    const list = aList('drafted', { members: ['eva'] })
    const records = [putUser('ana'), putUser('eva'), { put: 'list', list } as const]
    await commit({ records })
    const drafts = createPostgresReviewDrafts(database())
    const of = { list: list.id, reviewer: userId('ana') }
    const rest = { dueAt: list.audit.nextAuditDate, verdicts: {}, notes: '', savedAt: NOW }
    let isOn = true
    const save = async (): Promise<void> => {
      while (isOn) {
        const before = await drafts.find(of, signal)
        const saved = drafts.save({ ...of, ...rest, version: randomUUID() }, before?.version, signal)
        await saved.catch((error: unknown) => expect(error).toMatchObject({ problem: { code: 'conflict' } }))
      }
    }
    const saving = Promise.all([save(), save(), save(), save()])
    try {
      for (let times = 0; times < 12; times++) await commit({ records })
    } finally {
      isOn = false
    }
    await saving
  })

  it('refuses a list that names somebody who does not exist', async () => {
    const nobody = aList('data', { members: ['nobody'] })
    expect(await refusal({ records: [{ put: 'list', list: nobody }] })).toEqual({
      code: 'not-found',
      kind: 'user',
      name: 'id-of-nobody',
    })
    const nowhere = aList('data', { members: [aMemberList('nowhere')] })
    expect(await refusal({ records: [{ put: 'list', list: nowhere }] })).toEqual({
      code: 'not-found',
      kind: 'access list',
      name: 'nowhere',
    })
  })

  it('refuses to delete a list that is in another one, and names that one', async () => {
    const lists = [
      aList('inner', { title: 'Inner' }),
      aList('outer', { title: 'Outer', members: [aMemberList('inner')] }),
    ]
    await commit({ records: lists.map((list) => ({ put: 'list', list })) })
    const deletion = { delete: 'list', id: listId('inner') } as const
    const problem = { code: 'in-use', kind: 'access list', name: 'Inner', by: ['Outer'] }
    expect(await refusal({ records: [deletion] })).toEqual(problem)
    await commit({ records: [deletion, { put: 'list', list: aList('outer', { title: 'Outer' }) }] })
  })

  it('refuses a list that names the same member twice', async () => {
    const list = aList('data', { members: ['ana', 'ana'] })
    expect(await refusal({ records: [putUser('ana'), { put: 'list', list }] })).toMatchObject({ code: 'conflict' })
  })

  it('refuses to link two users, or two lists, to the same thing in AWS', async () => {
    const links = ['ana', 'eva'].map((name): RecordChange => ({
      put: 'user-link',
      link: { ...aUserLink(aUser(name), { awsUser: awsUserId('same') }), organization: ACME.id },
    }))
    expect(await refusal({ records: [enrol, ...links] })).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('aws-user-same'),
    })
    const groups = ['data', 'ops'].map((name): RecordChange => ({
      put: 'group-link',
      link: { ...aGroupLink(aList(name), 'members', { awsGroup: awsGroupId('same') }), organization: ACME.id },
    }))
    expect(await refusal({ records: [enrol, ...groups] })).toMatchObject({ code: 'conflict' })
  })

  it('refuses a mirror of an organization that is not enrolled', async () => {
    const change = { organization: ACME.id, mirror: [{ put: 'swept', at: NOW }] } as const
    expect(await refusal(change)).toEqual({ code: 'not-found', kind: 'organization', name: 'acme' })
  })

  it('refuses text that it can’t keep as it is, and says so', async () => {
    for (const text of ['a\0b', '\ud800'])
      expect(
        await refusal({ records: [{ put: 'user', user: aUser('ana', { labels: { [`x${text}`]: 'y' } }) }] }),
      ).toMatchObject({ code: 'invalid-value' })
    const odd = 'tab\t "quote" \\u0000 \\ $1 \u{1f600} ’'
    await commit({ records: [{ put: 'user', user: aUser('ana', { labels: { odd } }) }] })
    const { users } = await createPostgresStore(database(), ids).readRecords(signal)
    expect(users[0]?.labels).toEqual({ odd })
  })

  it('keeps instants to the millisecond, in any year that can be written', async () => {
    const store = createPostgresStore(database(), ids)
    const times = [
      '0000-01-01T00:00:00.001Z',
      '0099-12-31T23:59:59.999Z',
      '2027-03-01T09:00:00.007Z',
      '9999-12-31T23:59:59-14:00',
    ]
    for (const time of times) {
      await commit({ records: [{ put: 'user', user: aUser('ana', { createdAt: instant(time) }) }] })
      expect((await store.readRecords(signal)).users[0]?.createdAt).toBe(instant(time))
    }
    const dawn = -300_000_000_000_000 as Instant
    expect(await refusal({ records: [{ put: 'user', user: aUser('ana', { createdAt: dawn }) }] })).toMatchObject({
      code: 'invalid-value',
    })
  })

  it('drops a membership of a group that the mirror no longer knows', async () => {
    const store = createPostgresStore(database(), ids)
    await commit({ records: [enrol] })
    const member: MirrorChange = { put: 'member', group: awsGroupId('gone'), user: awsUserId('ana') }
    await commit({ organization: ACME.id, mirror: [member] })
    await commit({
      organization: ACME.id,
      mirror: [{ put: 'group', group: { id: awsGroupId('gone'), displayName: '' } }],
    })
    expect((await store.readMirror(ACME.id, signal)).observed.groups.get(awsGroupId('gone'))?.members).toEqual(
      new Set(),
    )
  })

  it('lets removals leave the budget after a day', async () => {
    const store = createPostgresStore(database(), ids)
    await commit({ records: [enrol] })
    const removal = (at: Instant) =>
      ({ organization: ACME.id, memory: [{ put: 'removal', kind: 'group', at }] }) as const
    for (const at of [NOW, plus(NOW, hours(1)), plus(NOW, hours(25))]) await commit(removal(at))
    expect((await store.readMemory(ACME.id, signal)).removals.map(({ at }) => at)).toEqual([
      plus(NOW, hours(1)),
      plus(NOW, hours(25)),
    ])
  })

  it('leaves nothing of a commit whose last part is refused', async () => {
    const store = createPostgresStore(database(), ids)
    await commit({ records: [enrol] })
    const event = anEvent('user.create', { user: 'nul\0' })
    const mirror: MirrorChange[] = [{ put: 'swept', at: NOW }]
    const refused = { records: [putUser('ana')], organization: ACME.id, mirror, events: [event] }
    expect(await refusal(refused)).toMatchObject({ code: 'invalid-value' })
    expect(await store.readRecords(signal)).toMatchObject({ version: 1, auditSeq: 0, users: [] })
    expect((await store.readMirror(ACME.id, signal)).sweptAt).toBeUndefined()
  })

  it('lets writers of records and of the mirror through beside one another', async () => {
    const store = createPostgresStore(database(), ids)
    await commit({ records: [enrol] })
    const principal = awsPrincipalKey({ type: 'USER', id: awsUserId('ana') })
    const changes = Array.from({ length: 12 }, (_, index): Commit => {
      const events = [anEvent('user.create', { fields: { index } })]
      const grant = `111111111111|${index}` as GrantKey
      return index % 2 === 0
        ? { records: [putUser(`user-${index}`)], events }
        : { organization: ACME.id, mirror: [{ put: 'assignment', principal, grant }], events }
    })
    await Promise.all(changes.map(commit))
    expect(await store.readRecords(signal)).toMatchObject({ version: 7, auditSeq: 12 })
    expect((await store.readMirror(ACME.id, signal)).observed.assignments.get(principal)?.size).toBe(6)
    expect(await createPostgresAuditLog(database()).verify(signal)).toEqual({ events: 12 })
  })

  it('saves ten thousand changes of the mirror in a few statements', async () => {
    const store = createPostgresStore(database(), ids)
    await commit({ records: [enrol] })
    const principal = awsPrincipalKey({ type: 'USER', id: awsUserId('ana') })
    const mirror = Array.from({ length: 10_000 }, (_, index): MirrorChange => {
      return { put: 'assignment', principal, grant: `111111111111|arn:aws:sso:::permissionSet/${index}` as GrantKey }
    })
    const begin = performance.now()
    await commit({ organization: ACME.id, mirror })
    expect(performance.now() - begin).toBeLessThan(5000) // about 0.3 s; row by row it would be ten and more
    expect((await store.readMirror(ACME.id, signal)).observed.assignments.get(principal)?.size).toBe(10_000)
  })

  it('gives up when it is told to', async () => {
    const store = createPostgresStore(database(), ids)
    const aborted = AbortSignal.abort(new Error('enough'))
    await expect(store.readRecords(aborted)).rejects.toThrow('enough')
    await expect(store.recordsVersion(aborted)).rejects.toThrow('enough')
    await expect(store.commit({ records: [putUser('ana')] }, aborted)).rejects.toThrow('enough')
    expect((await store.readRecords(signal)).users.map(({ id }) => id)).not.toContain(userId('ana'))
  })
})
