import { randomUUID } from 'node:crypto'
import { createInMemoryStore } from '@gatehouse/application/testing'
import type { Commit, Mirror, Records, RecordChange, Store } from '@gatehouse/application'
import {
  type AwsPrincipalKey,
  awsPrincipalKey,
  DomainError,
  type GrantKey,
  groupKey,
  memberKey,
  type OrganizationId,
} from '@gatehouse/domain'
import {
  aGroupLink,
  anOrganization,
  aUser,
  aUserLink,
  awsGroupId,
  awsUserId,
  generate,
  listId,
  userId,
  PROD,
  SANDBOX,
} from '@gatehouse/domain/testing'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTestDatabase } from '../testing/index.ts'
import type { Tables } from './schema.ts'
import { createPostgresStore } from './store.ts'

const signal = new AbortController().signal
const ORGANIZATIONS = ['acme', 'other'].map((id) =>
  anOrganization({ id: id as OrganizationId, name: id, instanceArn: `arn:aws:sso:::instance/${id}` }),
)
const organization = fc.constantFrom(...ORGANIZATIONS.map(({ id }) => id))
const NAMES = ['ana', 'bruno', 'chiara', 'dmitri', 'eva', 'farid']
const GRANTS = ['111111111111|arn:a', '222222222222|arn:a', '222222222222|arn:b'] as GrantKey[]
const name = fc.constantFrom(...NAMES)
const grant = fc.constantFrom(...GRANTS)

/** Users and lists come whole, with whoever the lists name: a list can't name who is not there. */
const recordChanges: fc.Arbitrary<RecordChange[]> = fc.oneof(
  generate
    .views()
    .map(({ users, roles, lists, requests, locks }): RecordChange[] => [
      ...users.map((user) => ({ put: 'user', user }) as const),
      ...roles.map((role) => ({ put: 'role', role }) as const),
      ...lists.map((list) => ({ put: 'list', list }) as const),
      ...requests.map((request) => ({ put: 'request', request }) as const),
      ...locks.map((lock) => ({ put: 'lock', lock }) as const),
    ]),
  fc.array(
    fc.oneof(
      name.map((user): RecordChange => ({ delete: 'user', id: userId(user) })),
      name.chain((user) =>
        name.map((other): RecordChange => ({ put: 'user', user: { ...aUser(user), name: aUser(other).name } })),
      ),
      fc.tuple(organization, name).map(([of, user]): RecordChange => ({
        put: 'user-link',
        link: { ...aUserLink(aUser(user)), organization: of },
      })),
      fc
        .tuple(organization, name)
        .map(([of, user]): RecordChange => ({ delete: 'user-link', organization: of, user: userId(user) })),
      organization.map((of): RecordChange => ({
        delete: 'group-link',
        organization: of,
        group: groupKey(listId('x'), 'members'),
      })),
      organization.map((of): RecordChange => ({
        put: 'group-link',
        link: { ...aGroupLink({ id: listId('x'), title: 'x' } as Parameters<typeof aGroupLink>[0]), organization: of },
      })),
    ),
    { maxLength: 4 },
  ),
)

const principal = name.map((user): AwsPrincipalKey => awsPrincipalKey({ type: 'USER', id: awsUserId(user) }))
const mirrorChange = fc.oneof(
  name.map((user) => ({ delete: 'user', id: awsUserId(user) }) as const),
  name.map(
    (user) => ({ put: 'user', user: { id: awsUserId(user), userName: user, displayName: '', email: '' } }) as const,
  ),
  fc
    .tuple(name, name)
    .map(([group, user]) => ({ put: 'member', group: awsGroupId(group), user: awsUserId(user) }) as const),
  fc
    .tuple(name, name)
    .map(([group, user]) => ({ delete: 'member', group: awsGroupId(group), user: awsUserId(user) }) as const),
  fc.tuple(principal, grant).map(([who, what]) => ({ put: 'assignment', principal: who, grant: what }) as const),
  fc.tuple(principal, grant).map(([who, what]) => ({ delete: 'assignment', principal: who, grant: what }) as const),
  fc
    .tuple(principal, generate.instants())
    .map(([who, at]) => ({ put: 'assignments-read', principal: who, at }) as const),
  generate.instants().map((at) => ({ put: 'swept', at }) as const),
  fc
    .array(fc.constantFrom(PROD.id, SANDBOX.id))
    .map((outside) => ({ put: 'accounts-seen', seen: { outside } }) as const),
)
const memoryChange = fc.oneof(
  fc
    .tuple(principal, grant, generate.instants())
    .map(
      ([who, what, until]) =>
        ({ put: 'assignment', key: `${who}|${what}`, remembered: { confirmed: true, until, subjects: [] } }) as const,
    ),
  fc.tuple(principal, grant).map(([who, what]) => ({ delete: 'assignment', key: `${who}|${what}` }) as const),
  name.map((key) => ({ put: 'released', key }) as const),
  name.map((key) => ({ delete: 'released', key }) as const),
  generate.instants().map((at) => ({ put: 'clock-floor', at }) as const),
)
const journalChange = fc.oneof(
  fc.tuple(name, generate.instants(), fc.json()).map(([id, at, payload]) => {
    const entry = { id, key: id, kind: '', state: 'sent', payload: { payload }, things: [], attempts: 1 } as const
    return { put: 'entry', entry: { ...entry, createdAt: at, updatedAt: at } } as const
  }),
  name.map((id) => ({ delete: 'entry', id }) as const),
)

const commits: fc.Arbitrary<Commit> = fc.oneof(
  recordChanges.map((records) => ({ records })),
  fc.record({
    organization,
    mirror: fc.array(mirrorChange, { maxLength: 12 }),
    memory: fc.array(memoryChange, { maxLength: 6 }),
    journal: fc.array(journalChange, { maxLength: 3 }),
  }),
)

it('holds after any commits what a model in memory holds, and refuses the same ones', async () => {
  await using test = await createTestDatabase<Tables>()
  const run = async (sequence: readonly Commit[]): Promise<void> => {
    await test.empty()
    const store = createPostgresStore(test.database, { uuid: randomUUID, secret: randomUUID })
    const model = createInMemoryStore()
    let copy = await store.readRecords(signal)
    for (const commit of [FOUNDATION, ...sequence]) {
      const outcome = await codeOf(store.commit(commit, signal))
      expect(outcome).toEqual(await codeOf(model.commit(commit, signal)))
      copy = await store.readRecords(signal, copy)
      expect(copy).toEqual(await store.readRecords(signal)) // brought up to date or read whole: in one order, too
    }
    expect(normalRecords(await store.readRecords(signal))).toEqual(normalRecords(await model.readRecords(signal)))
    for (const { id } of ORGANIZATIONS) {
      expect(normalMirror(await store.readMirror(id, signal))).toEqual(normalMirror(await model.readMirror(id, signal)))
      expect(await store.readMemory(id, signal)).toEqual(await model.readMemory(id, signal))
      expect(byId(await store.readJournal(id, signal))).toEqual(byId(await model.readJournal(id, signal)))
    }
  }
  const sequences = fc.array(commits, { minLength: 1, maxLength: 8 })
  await fc.assert(fc.asyncProperty(sequences, run), { numRuns: 30 })
})

const FOUNDATION: Commit = {
  records: ORGANIZATIONS.map((enrolled) => ({ put: 'organization', organization: enrolled })),
}

async function codeOf(commit: ReturnType<Store['commit']>): Promise<unknown> {
  try {
    return await commit
  } catch (error) {
    if (error instanceof DomainError) return error.problem.code
    throw error
  }
}

const byId = <T extends { readonly id: string }>(values: readonly T[]): T[] =>
  values.toSorted((a, b) => (a.id < b.id ? -1 : 1))
const byText = <T>(values: readonly T[]): T[] =>
  values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

const normalRecords = (records: Records): unknown => ({
  ...records,
  users: byId(records.users),
  roles: records.roles.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  lists: byId(records.lists).map((list) => ({
    ...list,
    members: list.members.toSorted((a, b) => (memberKey(a) < memberKey(b) ? -1 : 1)),
  })),
  requests: byId(records.requests),
  locks: byId(records.locks),
  userLinks: byText(records.userLinks.map(({ organization: of, user, ...link }) => ({ of, user, ...link }))),
  groupLinks: byText(records.groupLinks.map(({ organization: of, group, ...link }) => ({ of, group, ...link }))),
})

/** A principal that holds nothing and was never read is as good as absent. */
const normalMirror = (mirror: Mirror): Mirror => ({
  ...mirror,
  observed: {
    ...mirror.observed,
    assignments: new Map(
      [...mirror.observed.assignments].filter(([key, grants]) => grants.size > 0 || mirror.assignmentsReadAt.has(key)),
    ),
  },
})
