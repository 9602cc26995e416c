import {
  type AccessList,
  assignmentKey,
  type AuditEvent,
  auditEvent,
  type AwsPrincipalKey,
  awsPrincipalKey,
  type AwsGroupId,
  days,
  DomainError,
  type GrantKey,
  grantKey,
  hours,
  membershipKey,
  milliseconds,
  minus,
  type OrganizationId,
  plus,
  type Problem,
} from '@gatehouse/domain'
import {
  aGroupLink,
  aList,
  aLock,
  aMember,
  aMemberList,
  anAwsOnlyMember,
  anOrganization,
  approved,
  aRequest,
  aRole,
  aUser,
  aUserLink,
  awsUserId,
  listId,
  NOW,
  PROD,
  READ_ONLY,
  roleName,
  SANDBOX,
  userId,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { AuditLog } from '../ports/audit-log.ts'
import type { Commit, JournalEntry, Mirror, RecordChange, Store, StoredMemory } from '../ports/store.ts'

/** An empty store, however it is kept. */
export interface StoreUnderTest {
  readonly store: Store
  readonly auditLog: AuditLog
  /** Makes another process the leader and returns its fencing token. */
  readonly changeLeader: () => Promise<number>
}

const ACME = anOrganization()
const OTHER = anOrganization({
  id: 'other' as OrganizationId,
  name: 'other',
  instanceArn: 'arn:aws:sso:::instance/other',
})
const GRANT = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
const OTHER_GRANT = grantKey({ account: SANDBOX.id, permissionSet: READ_ONLY.arn })
const GROUP = 'aws-group-data' as AwsGroupId
const GROUP_KEY = awsPrincipalKey({ type: 'GROUP', id: GROUP })
const KEY = assignmentKey({ type: 'GROUP', id: GROUP }, GRANT)
const OTHER_KEY = assignmentKey({ type: 'GROUP', id: GROUP }, OTHER_GRANT)
const MEMBER_KEY = membershipKey(GROUP, awsUserId('ana'))
const signal = new AbortController().signal

const putUser = (...names: string[]): RecordChange[] => names.map((name) => ({ put: 'user', user: aUser(name) }))
const putList = (...lists: AccessList[]): RecordChange[] => lists.map((list) => ({ put: 'list', list }))
const created = (name: string): AuditEvent =>
  auditEvent('user.create', { time: NOW, user: 'admin', subjects: [`user:${userId(name)}`], fields: { name } })

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
  throw new Error('It was not refused.')
}

/** What every adapter of `Store` and its `AuditLog` must do. Call it inside a `describe`. */
export function storeContract(make: () => Promise<StoreUnderTest>): void {
  recordsContract(make)
  mirrorContract(make)
  memoryContract(make)
  auditContract(make)
}

function recordsContract(make: () => Promise<StoreUnderTest>): void {
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
      audit: { frequencyMonths: 3, dayOfMonth: 15, nextAuditDate: plus(NOW, days(90)) },
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
      aRequest('pending', 'ana', { roles: ['reader'], assumeStartTime: plus(NOW, hours(1)) }),
      aRequest('approved', 'ana', {
        roles: ['reader'],
        ...approved(),
        reviews: [{ author: userId('boris'), verdict: 'approve', reason: 'ok', at: NOW }],
      }),
      aRequest('denied', 'ana', { state: 'denied', resolvedAt: NOW, resolveReason: 'no' }),
      aRequest('promoted', 'ana', { state: 'promoted', resolvedAt: NOW, resolveReason: '', into: listId('data') }),
    ]
    const locks = [aLock({ kind: 'user', user: ana.id }), aLock({ kind: 'role', role: role.name }, { expires: NOW })]
    const userLink = { ...aUserLink(ana), organization: ACME.id }
    const groupLinks = [
      { ...aGroupLink(list), organization: ACME.id },
      {
        ...aGroupLink(list, 'owners', { ending: { how: 'release', removing: [awsUserId('ana')] } }),
        organization: ACME.id,
      },
    ]
    const adopted = { organization: ACME.id, user: ana.id, grant: GRANT, adoptedAt: NOW }
    await store.commit(
      {
        records: [
          { put: 'organization', organization: ACME },
          { put: 'user', user: ana },
          { put: 'role', role },
          ...putList(list, nested, strangers),
          ...requests.map((request): RecordChange => ({ put: 'request', request })),
          ...locks.map((lock): RecordChange => ({ put: 'lock', lock })),
          { put: 'user-link', link: userLink },
          ...groupLinks.map((link): RecordChange => ({ put: 'group-link', link })),
          { put: 'adopted', adopted },
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
    expect(read.userLinks).toEqual([userLink])
    expect(sorted(read.groupLinks)).toEqual(sorted(groupLinks))
    expect(read.adopted).toEqual([adopted])
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
    expect(await problemOf(store.commit(late, signal))).toMatchObject({ code: 'stale' })
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
      { records: [...putUser('ana'), { put: 'role', role: aRole('Reader') }, ...putList(aList('Zürich'))] },
      signal,
    )
    const taken: [RecordChange, string][] = [
      [{ put: 'user', user: { ...aUser('ANA@acme.example'), id: userId('second') } }, 'ANA@acme.example'],
      [{ put: 'role', role: aRole('READER') }, 'READER'],
      [{ put: 'list', list: aList('second', { title: 'ZÜRICH' }) }, 'ZÜRICH'],
    ]
    for (const [change, name] of taken) {
      const problem = await problemOf(store.commit({ records: [...putUser('eva'), change] }, signal))
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
      userLinks: [],
      groupLinks: [],
      adopted: [],
    }
    expect(await store.readRecords(signal)).toMatchObject({ ...empty, organizations: [ACME], version: 2 })
  })

  it('refuses a commit of a leader that has been replaced', async () => {
    const { store, changeLeader } = await make()
    const first = await changeLeader()
    await store.commit({ fence: first, records: putUser('ana') }, signal)
    const second = await changeLeader()
    expect(await problemOf(store.commit({ fence: first, records: putUser('eva') }, signal))).toMatchObject({
      code: 'stale',
      kind: 'leadership',
    })
    expect(await store.commit({ fence: second, records: putUser('eva') }, signal)).toMatchObject({ version: 2 })
  })
}

function mirrorContract(make: () => Promise<StoreUnderTest>): void {
  it('gives the mirror of each organization back as it was saved', async () => {
    const { store } = await makeEnrolled(make)
    const later = plus(NOW, milliseconds(1))
    await store.commit(
      {
        organization: ACME.id,
        mirror: [
          { put: 'account', account: PROD },
          { put: 'account', account: SANDBOX },
          { put: 'adopted-account', id: PROD.id },
          { put: 'permission-set', permissionSet: READ_ONLY },
          { put: 'user', user: anObservedUser('ana', { externalId: 'x', active: false }) },
          { put: 'user', user: anObservedUser('eva') },
          { put: 'group', group: { id: GROUP, displayName: 'Data' } },
          { put: 'member', group: GROUP, user: awsUserId('ana') },
          { put: 'assignments-read', principal: GROUP_KEY, at: NOW },
          { put: 'assignment', principal: GROUP_KEY, grant: GRANT },
          { put: 'assignments-read', principal: 'USER:nobody' as AwsPrincipalKey, at: later },
          { put: 'swept', at: later },
          { put: 'finding', finding: { id: 'f', kind: 'group', message: 'half is gone', foundAt: NOW } },
        ],
      },
      signal,
    )
    expect(await store.readMirror(ACME.id, signal)).toEqual({
      catalogue: {
        accounts: new Map([PROD, SANDBOX].map((account) => [account.id, account])),
        permissionSets: new Map([[READ_ONLY.arn, READ_ONLY]]),
      },
      adoptedAccounts: new Set([PROD.id]),
      observed: {
        users: new Map([
          [awsUserId('ana'), anObservedUser('ana', { externalId: 'x', active: false })],
          [awsUserId('eva'), anObservedUser('eva')],
        ]),
        groups: new Map([[GROUP, { id: GROUP, displayName: 'Data', members: new Set([awsUserId('ana')]) }]]),
        assignments: new Map<string, Set<GrantKey>>([
          [GROUP_KEY, new Set([GRANT])],
          ['USER:nobody', new Set()],
        ]),
      },
      assignmentsReadAt: new Map<string, number>([
        [GROUP_KEY, NOW],
        ['USER:nobody', later],
      ]),
      sweptAt: later,
      findings: [{ id: 'f', kind: 'group', message: 'half is gone', foundAt: NOW }],
    })
    expect(await store.readMirror(OTHER.id, signal)).toEqual(EMPTY_MIRROR)
    expect(await store.recordsVersion(signal)).toBe(1)
  })

  it('forgets members and assignments of a group that is gone', async () => {
    const { store } = await makeEnrolled(make)
    await store.commit(
      {
        organization: ACME.id,
        mirror: [
          { put: 'user', user: anObservedUser('ana') },
          { put: 'group', group: { id: GROUP, displayName: 'Data' } },
          { put: 'member', group: GROUP, user: awsUserId('ana') },
          { put: 'assignments-read', principal: GROUP_KEY, at: NOW },
          { put: 'assignment', principal: GROUP_KEY, grant: GRANT },
          { put: 'assignment', principal: GROUP_KEY, grant: OTHER_GRANT },
        ],
      },
      signal,
    )
    await store.commit(
      { organization: ACME.id, mirror: [{ delete: 'assignment', principal: GROUP_KEY, grant: OTHER_GRANT }] },
      signal,
    )
    const before = await store.readMirror(ACME.id, signal)
    expect(before.observed.assignments).toEqual(new Map([[GROUP_KEY, new Set([GRANT])]]))
    await store.commit({ organization: ACME.id, mirror: [{ delete: 'group', id: GROUP }] }, signal)
    await store.commit(
      { organization: ACME.id, mirror: [{ put: 'group', group: { id: GROUP, displayName: 'Data' } }] },
      signal,
    )
    const { observed, assignmentsReadAt } = await store.readMirror(ACME.id, signal)
    expect(observed.groups.get(GROUP)).toEqual({ id: GROUP, displayName: 'Data', members: new Set() })
    expect(observed.assignments).toEqual(new Map())
    expect(assignmentsReadAt).toEqual(new Map())
  })

  it('takes a user that is gone out of every group', async () => {
    const { store } = await makeEnrolled(make)
    const change = { organization: ACME.id, mirror: [{ delete: 'user', id: awsUserId('ana') }] } as const
    await store.commit(
      {
        organization: ACME.id,
        mirror: [
          { put: 'user', user: anObservedUser('ana') },
          { put: 'group', group: { id: GROUP, displayName: 'Data' } },
          { put: 'member', group: GROUP, user: awsUserId('ana') },
          { put: 'member', group: GROUP, user: awsUserId('eva') },
        ],
      },
      signal,
    )
    await store.commit(change, signal)
    const { observed } = await store.readMirror(ACME.id, signal)
    expect(observed.users).toEqual(new Map())
    expect(observed.groups.get(GROUP)?.members).toEqual(new Set([awsUserId('eva')]))
  })
}

function memoryContract(make: () => Promise<StoreUnderTest>): void {
  it('gives memory back as it was saved', async () => {
    const { store } = await makeEnrolled(make)
    const kept = { subjects: ['user:id-of-ana', 'role:reader'], until: plus(NOW, milliseconds(3)) } as const
    const ending = { subjects: [], ending: { kind: 'expired', at: NOW } } as const
    await store.commit(
      {
        organization: ACME.id,
        memory: [
          { put: 'assignment', key: KEY, remembered: kept },
          { put: 'assignment', key: OTHER_KEY, remembered: kept },
          { put: 'member', key: MEMBER_KEY, remembered: ending },
          { put: 'removal', kind: 'member', at: NOW },
          { put: 'removal', kind: 'member', at: NOW },
          { put: 'released', key: 'delete-user x' },
          { put: 'released', key: 'delete-user y' },
          { put: 'clock-floor', at: NOW },
        ],
      },
      signal,
    )
    await store.commit(
      {
        organization: ACME.id,
        memory: [
          { delete: 'assignment', key: OTHER_KEY },
          { delete: 'released', key: 'delete-user y' },
        ],
      },
      signal,
    )
    const memory: StoredMemory = {
      assignments: new Map([[KEY, kept]]),
      members: new Map([[MEMBER_KEY, ending]]),
      decidedSince: new Map(),
      roundSeq: 0,
      removals: [
        { kind: 'member', at: NOW },
        { kind: 'member', at: NOW },
      ],
      released: new Set(['delete-user x']),
      clockFloor: NOW,
    }
    expect(await store.readMemory(ACME.id, signal)).toEqual(memory)
    expect(await store.readMemory(OTHER.id, signal)).toEqual(EMPTY_MEMORY)
  })

  it('never moves the clock floor back', async () => {
    const { store } = await makeEnrolled(make)
    const floor = async (...instants: (typeof NOW)[]) => {
      const memory = instants.map((at) => ({ put: 'clock-floor', at }) as const)
      await store.commit({ organization: ACME.id, memory }, signal)
      return (await store.readMemory(ACME.id, signal)).clockFloor
    }
    expect(await floor(NOW)).toBe(NOW)
    expect(await floor(minus(NOW, hours(1)))).toBe(NOW)
    expect(await floor(plus(NOW, hours(1)), NOW)).toBe(plus(NOW, hours(1)))
  })

  it('knows the latest decision on each subject since the last round', async () => {
    const { store } = await makeEnrolled(make)
    await store.commit({ events: [created('ana'), created('eva')] }, signal)
    await store.commit({ organization: ACME.id, memory: [{ put: 'round', seq: 1 }] }, signal)
    const { auditSeq } = await store.commit({ events: [created('ana'), created('ana')] }, signal)
    const { roundSeq, decidedSince } = await store.readMemory(ACME.id, signal)
    expect(roundSeq).toBe(1)
    expect([...decidedSince.keys()].toSorted()).toEqual(['user:id-of-ana', 'user:id-of-eva'])
    await store.commit({ organization: ACME.id, memory: [{ put: 'round', seq: auditSeq }] }, signal)
    expect((await store.readMemory(ACME.id, signal)).decidedSince).toEqual(new Map())
  })

  it('keeps the journal until an entry is struck out', async () => {
    const { store } = await makeEnrolled(make)
    const first = aJournalEntry('1')
    const second = aJournalEntry('2', {
      state: 'failed',
      requestId: 'r',
      attempts: 3,
      notBefore: plus(NOW, hours(1)),
      error: 'throttled',
      createdAt: plus(NOW, milliseconds(1)),
    })
    const journal = [first, second].map((entry) => ({ put: 'entry', entry }) as const)
    await store.commit({ organization: ACME.id, journal }, signal)
    expect(await store.readJournal(ACME.id, signal)).toEqual([first, second])
    expect(await store.readJournal(OTHER.id, signal)).toEqual([])
    const sent: JournalEntry = { ...first, state: 'sent', requestId: 'q' }
    await store.commit(
      {
        organization: ACME.id,
        journal: [
          { put: 'entry', entry: sent },
          { delete: 'entry', id: '2' },
        ],
      },
      signal,
    )
    expect(await store.readJournal(ACME.id, signal)).toEqual([sent])
  })
}

function auditContract(make: () => Promise<StoreUnderTest>): void {
  it('numbers events without gaps and chains them', async () => {
    const { store, auditLog } = await make()
    for (const name of ['ana', 'bruno']) await store.commit({ records: putUser(name), events: [created(name)] }, signal)
    await problemOf(store.commit({ expecting: 0, events: [created('eva')] }, signal))
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
    const login = auditEvent('user.login', { time: NOW, subjects: ['user:id-of-ana'], success: false })
    await store.commit({ events: [created('ana'), created('eva'), login, created('ana')] }, signal)
    const seqs = async (query: Parameters<AuditLog['list']>[0]) =>
      (await auditLog.list(query, signal)).map(({ seq }) => seq)
    expect(await seqs({ limit: 2 })).toEqual([4, 3])
    expect(await seqs({ limit: 2, before: 3 })).toEqual([2, 1])
    expect(await seqs({ limit: 9, event: 'user.login' })).toEqual([3])
    expect(await seqs({ limit: 9, subject: 'user:id-of-ana' })).toEqual([4, 3, 1])
    const latest = await auditLog.latestBySubject(1, signal)
    const [newest] = await auditLog.list({ limit: 1 }, signal)
    expect(latest.get('user:id-of-ana')).toBe(newest?.uid)
  })
}

async function makeEnrolled(make: () => Promise<StoreUnderTest>): Promise<StoreUnderTest> {
  const made = await make()
  const records = [ACME, OTHER].map((organization) => ({ put: 'organization', organization }) as const)
  await made.store.commit({ records }, signal)
  return made
}

const EMPTY_MIRROR: Mirror = {
  catalogue: { accounts: new Map(), permissionSets: new Map() },
  adoptedAccounts: new Set(),
  observed: { users: new Map(), groups: new Map(), assignments: new Map() },
  assignmentsReadAt: new Map(),
  sweptAt: undefined,
  findings: [],
}
const EMPTY_MEMORY: StoredMemory = {
  assignments: new Map(),
  members: new Map(),
  decidedSince: new Map(),
  roundSeq: 0,
  removals: [],
  released: new Set(),
  clockFloor: undefined,
}

const anObservedUser = (name: string, partial: { externalId?: string; active?: boolean } = {}) => ({
  id: awsUserId(name),
  userName: `${name}@acme.example`,
  displayName: name,
  email: `${name}@acme.example`,
  ...partial,
})

const aJournalEntry = (id: string, partial: Partial<JournalEntry> = {}): JournalEntry => ({
  id,
  key: `create-group ${id}/members`,
  kind: 'create-group',
  state: 'intended',
  payload: { kind: 'create-group', title: 'Data', leases: [{ until: NOW }] },
  things: ['a|b'],
  attempts: 0,
  createdAt: NOW,
  updatedAt: NOW,
  ...partial,
})

/** Records have no order of their own. */
function sorted<T extends object>(records: readonly T[]): T[] {
  const keyOf = (record: T) => JSON.stringify('id' in record ? record.id : 'group' in record ? record.group : record)
  return records.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}
