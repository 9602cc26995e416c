import {
  type AccessListReview,
  type AccessListReviewId,
  assignmentKey,
  days,
  hours,
  milliseconds,
  parsePattern,
  plus,
} from '@gatehouse/domain'
import {
  aGroupLink,
  aList,
  aLock,
  aMember,
  aMemberList,
  anAwsOnlyMember,
  approved,
  aRequest,
  aRole,
  aBundle,
  aServiceProvider,
  aUser,
  aUserLink,
  awsUserId,
  listId,
  NOW,
  PROD,
  READ_ONLY,
  roleName,
  userId,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'

import type { Commit, JournalEntry, RecordChange } from '../ports/store.ts'

import { ACME, GRANT, OTHER_GRANT, signal, putUser, putList, created, type StoreUnderTest } from './store-scene.ts'
import { refusalOf } from './problem-of.ts'
export function recordsContract(make: () => Promise<StoreUnderTest>): void {
  it('begins empty, at version 0', async () => {
    const { store } = await make()
    const records = await store.readRecords(signal)
    expect(records).toMatchObject({ version: 0, auditSeq: 0, users: [], lists: [], organizations: [] })
    expect(await store.recordsVersion(signal)).toBe(0)
  })

  it('gives every kind of record back as it was saved', async () => {
    const { store } = await make()
    const ana = aUser('ana', {
      roles: ['reader', { name: roleName('x'), pinned: { account: PROD.id, permissionSet: READ_ONLY.arn } }],
      traits: { team: ['data', 'platform'] },
      labels: { 'teleport.dev/origin': 'local' },
      createdAt: plus(NOW, milliseconds(1)),
    })
    const nested = aList('nested', {
      audit: {
        frequencyMonths: 3,
        dayOfMonth: 15,
        nextAuditDate: plus(NOW, days(90)),
        notifyBefore: days(7),
        suspendAfter: days(30),
        requiredReviewers: 2,
      },
      signOffs: [{ user: userId('ana'), at: NOW }],
      escalation: {
        after: days(3),
        to: [
          { kind: 'user', user: userId('ana') },
          { kind: 'list', list: listId('data') },
        ],
      },
      reminded: { dueAt: plus(NOW, days(90)), stages: ['open', 'soon'] },
      askedRemovals: [{ member: 'user:id-of-ana', by: aUser('boris').name, at: NOW }],
    })
    const list = aList('data', {
      members: [
        aMember('ana', { expires: plus(NOW, milliseconds(7)), reason: 'on call' }),
        aMemberList('nested', { joined: plus(NOW, milliseconds(1)) }),
      ],
      owners: ['ana'],
      ownerLists: ['nested'],
      grants: ['reader'],
    })
    const strangers = aList('strangers', { members: [anAwsOnlyMember('zoe')] })
    const role = aRole('reader', {
      labels: { a: 'b' },
      allow: {
        appLabels: {},
        assignments: [['*', '*']],
        request: { roles: ['prod-*'], maxDuration: hours(4), reason: { mode: 'required', prompt: 'why?' } },
      },
      unused: { node_labels: { '*': ['*'] } },
    })
    const requests = [
      aRequest('pending', 'ana', {
        roles: ['reader'],
        assumeStartTime: plus(NOW, hours(1)),
        annotations: { team: ['web'] },
      }),
      aRequest('approved', 'ana', {
        roles: ['reader'],
        ...approved(),
        reviews: [{ author: userId('boris'), verdict: 'approve', reason: 'ok', at: NOW }],
      }),
      aRequest('denied', 'ana', { state: 'denied', resolvedAt: NOW, resolveReason: 'no' }),
      aRequest('promoted', 'ana', { state: 'promoted', resolvedAt: NOW, resolveReason: '', into: listId('data') }),
    ]
    const locks = [aLock({ kind: 'user', user: ana.id }), aLock({ kind: 'role', role: role.name }, { expires: NOW })]
    const provider = aServiceProvider('portal', { labels: { env: 'prod' }, launchUrls: ['https://portal.example/'] })
    const bundle = aBundle('On-Call', {
      title: 'On call',
      labels: { team: 'web' },
      accounts: [
        { name: parsePattern('prod-*'), tags: { env: [parsePattern('prod')] } },
        { organizationalUnit: 'Root' },
      ],
      exclude: { accounts: [], permissionSets: [parsePattern('AdministratorAccess')] },
    })
    const userLink = { ...aUserLink(ana, { awsUserName: 'Ana@acme.example' }), organization: ACME.id }
    const groupLinks = [
      { ...aGroupLink(list, 'members', { adoptedUnder: 'Platform (acme)' }), organization: ACME.id },
      {
        ...aGroupLink(list, 'owners', { ending: { how: 'release', removing: [awsUserId('ana')] } }),
        organization: ACME.id,
      },
    ]
    const adopted = { organization: ACME.id, user: ana.id, grant: GRANT, adoptedAt: NOW, keptBy: 'eva@acme.example' }
    const takenOver = { organization: ACME.id, user: ana.id, grant: OTHER_GRANT, adoptedAt: NOW }
    await store.commit(
      {
        records: [
          { put: 'organization', organization: ACME },
          { put: 'user', user: ana },
          { put: 'role', role },
          ...putList(list, nested, strangers),
          ...requests.map((request): RecordChange => ({ put: 'request', request })),
          ...locks.map((lock): RecordChange => ({ put: 'lock', lock })),
          { put: 'service-provider', provider },
          { put: 'bundle', bundle },
          { put: 'user-link', link: userLink },
          ...groupLinks.map((link): RecordChange => ({ put: 'group-link', link })),
          { put: 'adopted', adopted },
          { put: 'adopted', adopted: takenOver },
        ],
      },
      signal,
    )
    const read = await store.readRecords(signal)
    expect(read.organizations).toEqual([ACME])
    expect(read.users).toEqual([ana])
    expect(read.roles).toEqual([role])
    expect(sorted(read.lists)).toEqual(sorted([list, nested, strangers]))
    expect(sorted(read.requests)).toEqual(sorted(requests))
    expect(sorted(read.locks)).toEqual(sorted(locks))
    expect(read.serviceProviders).toEqual([provider])
    expect(read.bundles).toEqual([bundle])
    expect(read.userLinks).toEqual([userLink])
    expect(sorted(read.groupLinks)).toEqual(sorted(groupLinks))
    expect(read.adopted.toSorted((a, b) => (a.grant === b.grant ? 0 : a.grant === GRANT ? -1 : 1))).toEqual([
      adopted,
      takenOver,
    ])
  })

  it('counts the version up when records change, and only then', async () => {
    const { store } = await make()
    const first = await store.commit({ records: putUser('ana'), events: [created('ana')] }, signal)
    expect(first).toEqual({ version: 1, auditSeq: 1 })
    expect(await store.commit({ events: [created('ana')] }, signal)).toEqual({ version: 1, auditSeq: 2 })
    expect(await store.commit({ records: putUser('ana', 'eva') }, signal)).toEqual({ version: 2, auditSeq: 2 })
    expect(await store.recordsVersion(signal)).toBe(2)
    expect(await store.readRecords(signal)).toMatchObject({ version: 2, auditSeq: 2 })
  })

  it('refuses a commit that was decided on an earlier version, and saves nothing of it', async () => {
    const { store, auditLog } = await make()
    await store.commit({ records: putUser('ana') }, signal)
    const late: Commit = { expecting: 0, records: putUser('eva'), events: [created('eva')] }
    expect(await refusalOf(store.commit(late, signal))).toMatchObject({ code: 'stale' })
    expect((await store.readRecords(signal)).users.map(({ name }) => name)).toEqual(['ana@acme.example'])
    expect(await auditLog.list({ limit: 10 }, signal)).toEqual([])
    expect(await store.commit({ ...late, expecting: 1 }, signal)).toEqual({ version: 2, auditSeq: 1 })
  })

  it('lets one of many commits on the same version through', async () => {
    const { store } = await make()
    const names = ['ana', 'bruno', 'chiara', 'dmitri', 'eva', 'farid']
    const outcomes = await Promise.allSettled(
      names.map((name) => store.commit({ expecting: 0, records: putUser(name), events: [created(name)] }, signal)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await store.readRecords(signal)).toMatchObject({ version: 1, auditSeq: 1, users: [expect.anything()] })
  })

  it('refuses a second user, role or list of a name, ignoring case, and says which', async () => {
    const { store } = await make()
    await store.commit(
      {
        records: [
          ...putUser('ana'),
          { put: 'role', role: aRole('Reader') },
          ...putList(aList('Zürich')),
          { put: 'bundle', bundle: aBundle('on-call') },
        ],
      },
      signal,
    )
    const taken: [RecordChange, string][] = [
      [{ put: 'user', user: { ...aUser('ANA@acme.example'), id: userId('second') } }, 'ANA@acme.example'],
      [{ put: 'role', role: aRole('READER') }, 'READER'],
      [{ put: 'list', list: aList('second', { title: 'ZÜRICH' }) }, 'ZÜRICH'],
      [{ put: 'bundle', bundle: aBundle('ON-CALL') }, 'ON-CALL'],
    ]
    for (const [change, name] of taken) {
      const problem = await refusalOf(store.commit({ records: [...putUser('eva'), change] }, signal))
      expect(problem).toMatchObject({ code: 'conflict', message: expect.stringContaining(name) })
    }
    expect((await store.readRecords(signal)).users).toHaveLength(1)
  })

  it('judges names by the result of a commit, so two records may swap theirs', async () => {
    const { store } = await make()
    await store.commit({ records: putList(aList('a', { title: 'One' }), aList('b', { title: 'Two' })) }, signal)
    await store.commit({ records: putList(aList('a', { title: 'Two' }), aList('b', { title: 'One' })) }, signal)
    const { lists } = await store.readRecords(signal)
    expect(sorted(lists).map(({ id, title }) => [id, title])).toEqual([
      ['a', 'Two'],
      ['b', 'One'],
    ])
    const replaced = [{ delete: 'list', id: listId('a') } as const, ...putList(aList('c', { title: 'Two' }))]
    await store.commit({ records: replaced }, signal)
    expect((await store.readRecords(signal)).lists.map(({ id }) => id).toSorted()).toEqual(['b', 'c'])
  })

  it('takes a deleted user out of every list and marks the links', async () => {
    const { store } = await make()
    const link = { ...aUserLink(aUser('ana')), organization: ACME.id }
    await store.commit(
      {
        records: [
          { put: 'organization', organization: ACME },
          ...putUser('ana', 'eva'),
          ...putList(aList('data', { members: ['ana', 'eva'], owners: ['ana', 'eva'] })),
          { put: 'user-link', link },
          { put: 'adopted', adopted: { organization: ACME.id, user: userId('ana'), grant: GRANT, adoptedAt: NOW } },
        ],
      },
      signal,
    )
    await store.commit({ records: [{ delete: 'user', id: userId('ana') }] }, signal)
    const { users, lists, userLinks, adopted } = await store.readRecords(signal)
    expect(users).toEqual([aUser('eva')])
    expect(lists).toEqual([aList('data', { members: ['eva'], owners: ['eva'] })])
    expect(userLinks).toEqual([{ ...link, userDeleted: true }])
    expect(adopted).toEqual([])
  })

  it('makes the members of a list exactly what was saved last', async () => {
    const { store } = await make()
    const before = aList('data', { members: ['ana', 'bruno'], owners: ['ana'] })
    await store.commit({ records: [...putUser('ana', 'bruno', 'eva'), ...putList(before)] }, signal)
    const after = aList('data', {
      members: [aMember('bruno', { expires: NOW }), aMember('eva')],
      owners: ['eva', 'ana'],
    })
    await store.commit({ records: putList(after) }, signal)
    expect((await store.readRecords(signal)).lists).toEqual([after])
    await store.commit({ records: putList(aList('data')) }, signal)
    expect((await store.readRecords(signal)).lists).toEqual([aList('data')])
  })

  it('deletes every kind of record that can be deleted', async () => {
    const { store } = await make()
    const list = aList('data')
    const link = { ...aUserLink(aUser('ana')), organization: ACME.id }
    const groupLink = { ...aGroupLink(list), organization: ACME.id }
    const lock = aLock({ kind: 'user', user: userId('ana') })
    const adopted = { organization: ACME.id, user: userId('ana'), grant: GRANT, adoptedAt: NOW }
    await store.commit(
      {
        records: [
          { put: 'organization', organization: ACME },
          ...putUser('ana'),
          ...putList(list),
          { put: 'role', role: aRole('reader') },
          { put: 'request', request: aRequest('r', 'ana') },
          { put: 'lock', lock },
          { put: 'bundle', bundle: aBundle('on-call') },
          { put: 'user-link', link },
          { put: 'group-link', link: groupLink },
          { put: 'adopted', adopted },
        ],
      },
      signal,
    )
    await store.commit(
      {
        records: [
          { delete: 'adopted', organization: ACME.id, user: userId('ana'), grant: GRANT },
          { delete: 'group-link', organization: ACME.id, group: groupLink.group },
          { delete: 'user-link', organization: ACME.id, user: userId('ana') },
          { delete: 'lock', id: lock.id },
          { delete: 'bundle', name: aBundle('on-call').name },
          { delete: 'request', id: aRequest('r', 'ana').id },
          { delete: 'role', name: roleName('reader') },
          { delete: 'list', id: list.id },
          { delete: 'user', id: userId('ana') },
        ],
      },
      signal,
    )
    const empty = {
      users: [],
      roles: [],
      lists: [],
      requests: [],
      locks: [],
      serviceProviders: [],
      bundles: [],
      userLinks: [],
      groupLinks: [],
      adopted: [],
    }
    expect(await store.readRecords(signal)).toMatchObject({ ...empty, organizations: [ACME], version: 2 })
  })

  it('deletes an organization with all that is known of its AWS, and leaves lists and users', async () => {
    const { store } = await make()
    const list = aList('data')
    const account = {
      id: PROD.id,
      name: 'prod',
      arn: PROD.arn,
      email: '',
      state: 'ACTIVE',
      isManagement: false,
    } as const
    const keyOf = (user: string) => assignmentKey({ type: 'USER', id: awsUserId(user) }, GRANT)
    const put = (entryState: 'intended' | 'failed'): Commit => ({
      organization: ACME.id,
      records: [
        { put: 'organization', organization: ACME },
        ...putUser('ana'),
        ...putList(list),
        { put: 'user-link', link: { ...aUserLink(aUser('ana')), organization: ACME.id } },
        { put: 'group-link', link: { ...aGroupLink(list), organization: ACME.id } },
        { put: 'adopted', adopted: { organization: ACME.id, user: userId('ana'), grant: GRANT, adoptedAt: NOW } },
      ],
      mirror: [
        { put: 'account', account },
        { put: 'swept', at: NOW },
      ],
      memory: [
        { put: 'released', key: 'k' },
        { put: 'assignment', key: keyOf('a'), remembered: { confirmed: true, subjects: [] } },
        { put: 'assignment', key: keyOf('b'), remembered: { confirmed: true, subjects: [], until: NOW } },
        { put: 'member', key: 'g|u', remembered: { confirmed: true, subjects: [], ending: { kind: 'foreign' } } },
      ],
      journal: [{ put: 'entry', entry: { ...ENTRY, state: entryState } }],
    })
    await store.commit(put('intended'), signal)
    const removing = (...released: string[]): Commit => ({
      records: [{ delete: 'organization', id: ACME.id, released }],
    })
    const removal = removing(keyOf('b'), 'g|u', 'k')
    expect(await refusalOf(store.commit(removal, signal))).toMatchObject({ code: 'conflict' })
    await store.commit(put('failed'), signal)
    // Access with an end and access that was taken away stay unless each row is released.
    for (const released of [[], [keyOf('b')], ['g|u']])
      expect(await refusalOf(store.commit(removing(...released), signal))).toMatchObject({ code: 'conflict' })
    expect((await store.readRecords(signal)).organizations).toHaveLength(1)
    const before = await store.catalogueVersion(ACME.id, signal)
    await store.commit(removal, signal)
    expect(await store.readRecords(signal)).toMatchObject({
      organizations: [],
      userLinks: [],
      groupLinks: [],
      adopted: [],
      lists: [{ id: list.id }],
      users: [{ id: userId('ana') }],
    })
    expect((await store.readMirror(ACME.id, signal)).sweptAt).toBeUndefined()
    expect(await store.readJournal(ACME.id, signal)).toEqual([])
    expect((await store.readMemory(ACME.id, signal)).released).toEqual(new Set())
    // Enrolled again under its name it is another one.
    await store.commit(put('failed'), signal)
    expect(await store.catalogueVersion(ACME.id, signal)).not.toBe(before)
  })

  it('deletes an organization with what was made there only if all of that was looked at', async () => {
    const { store } = await make()
    const list = aList('data')
    const key = assignmentKey({ type: 'USER', id: awsUserId('a') }, GRANT)
    const link = { ...aGroupLink(list, 'members', { origin: 'created' }), organization: ACME.id }
    const organization = {
      ...ACME,
      withdrawal: { by: 'ana@acme.example', since: NOW, assignments: 1, groups: 1, keeps: ['k'] },
    }
    const records = [{ put: 'organization', organization }, ...putList(list), { put: 'group-link', link }] as const
    await store.commit({ organization: ACME.id, records, memory: [{ put: 'made', key }] }, signal)
    expect((await store.readRecords(signal)).organizations).toEqual([organization])
    const removing = (settled: readonly string[]): Commit => ({
      records: [{ delete: 'organization', id: ACME.id, released: [], settled }],
    })
    const group = `group ${link.awsGroup}`
    for (const settled of [[], [key], [group]])
      expect(await refusalOf(store.commit(removing(settled), signal))).toMatchObject({ code: 'conflict' })
    await store.commit(removing([key, group]), signal)
    expect((await store.readRecords(signal)).organizations).toEqual([])
    expect((await store.readMemory(ACME.id, signal)).made).toEqual(new Set())
  })

  it('refuses a commit of a leader that has been replaced', async () => {
    const { store, changeLeader } = await make()
    const first = await changeLeader()
    await store.commit({ fence: first, records: putUser('ana') }, signal)
    const second = await changeLeader()
    expect(await refusalOf(store.commit({ fence: first, records: putUser('eva') }, signal))).toMatchObject({
      code: 'stale',
      kind: 'leadership',
    })
    expect(await store.commit({ fence: second, records: putUser('eva') }, signal)).toMatchObject({ version: 2 })
  })

  it('keeps the reviews of a list in their order, also when the list is gone', async () => {
    const { store, reviews } = await make()
    const file = (name: string): RecordChange => ({ put: 'list-review', review: aReview(name) })
    await store.commit({ records: [{ put: 'list', list: aList('data') }, file('one'), file('two')] }, signal)
    await store.commit({ records: [file('three'), { delete: 'list', id: listId('data') }] }, signal)
    const found = await reviews.list({ list: listId('data'), limit: 2 }, signal)
    expect(found).toMatchObject([aReview('three'), aReview('two')])
    const rest = await reviews.list({ list: listId('data'), limit: 2, before: found[1]?.seq ?? 0 }, signal)
    expect(rest.map(({ id }) => id)).toEqual(['one'])
    expect(await reviews.list({ list: listId('other'), limit: 2 }, signal)).toEqual([])
    expect(await reviews.list({ limit: 2 }, signal)).toEqual(found)
    expect(await reviews.find(found[1]?.id ?? '', signal)).toEqual(found[1])
    expect(await reviews.find('none', signal)).toBeUndefined()
  })
}

/** Records have no order of their own. */
function sorted<T extends object>(records: readonly T[]): T[] {
  const keyOf = (record: T) => JSON.stringify('id' in record ? record.id : 'group' in record ? record.group : record)
  return records.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

const aReview = (id: string): AccessListReview => ({
  id: id as AccessListReviewId, // as briefly as a scene can name it
  list: listId('data'),
  reviewer: aUser('ana').name,
  reviewedAt: NOW,
  notes: `notes of ${id}`,
  changes: {
    removedMembers: ['eva@acme.example'],
    membershipRequires: { roles: [roleName('reader')], traits: { team: ['data'] } },
    frequencyMonths: 3,
  },
  ...(id === 'one' ? {} : { nextAuditDate: plus(NOW, days(90)) }),
})

const ENTRY: JournalEntry = {
  id: '1',
  key: 'k',
  kind: 'create-assignment',
  state: 'failed',
  payload: {},
  things: [],
  attempts: 1,
  createdAt: NOW,
  updatedAt: NOW,
}
