import {
  type Account,
  type AwsPrincipalKey,
  awsPrincipalKey,
  type GrantKey,
  milliseconds,
  plus,
} from '@gatehouse/domain'
import { awsGroupId, awsUserId, NOW, PROD, READ_ONLY, SANDBOX } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'

import type { Mirror, MirrorChange } from '../ports/store.ts'

import {
  ACME,
  OTHER,
  GRANT,
  OTHER_GRANT,
  GROUP,
  GROUP_KEY,
  signal,
  makeEnrolled,
  type StoreUnderTest,
} from './store-scene.ts'
export function mirrorContract(make: () => Promise<StoreUnderTest>): void {
  it('gives the mirror of each organization back as it was saved', async () => {
    const { store } = await makeEnrolled(make)
    const later = plus(NOW, milliseconds(1))
    const parents = [{ id: 'ou-ab12-11111111', name: 'Prod' }, { id: 'r-ab12' }]
    const known = { ...PROD, tags: { env: 'prod' }, parents }
    const inUnit = { ...SANDBOX, parent: 'ou-ab12-11111111' }
    const none = { count: 0, names: [] }
    const lastMoves = {
      at: NOW,
      letIn: { count: 2, names: ['prod'] },
      keptOut: none,
      addedInAws: none,
      goneFromAws: none,
    }
    const seen = { outside: [SANDBOX.id], lastMoves }
    await store.commit(
      {
        organization: ACME.id,
        mirror: [
          { put: 'account', account: known },
          { put: 'account', account: inUnit },
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
          { put: 'accounts-seen', seen },
          { put: 'finding', finding: { id: 'f', kind: 'group', message: 'half is gone', foundAt: NOW, amount: 5 } },
          { put: 'finding', finding: { id: 'g', kind: 'account', message: 'nothing was read', foundAt: NOW } },
        ],
      },
      signal,
    )
    expect(await store.readMirror(ACME.id, signal)).toEqual({
      catalogue: {
        accounts: new Map([known, inUnit].map((account) => [account.id, account])),
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
      accountsSeen: seen,
      findings: [
        { id: 'f', kind: 'group', message: 'half is gone', foundAt: NOW, amount: 5 },
        { id: 'g', kind: 'account', message: 'nothing was read', foundAt: NOW },
      ],
    })
    expect(await store.readMirror(OTHER.id, signal)).toEqual(EMPTY_MIRROR)
    expect(await store.recordsVersion(signal)).toBe(1)
  })

  it('forgets what of an account can be read no more, which is not the same as having none', async () => {
    const { store } = await makeEnrolled(make)
    const save = (account: Account) =>
      store.commit({ organization: ACME.id, mirror: [{ put: 'account', account }] }, signal)
    const read = async () => (await store.readMirror(ACME.id, signal)).catalogue.accounts.get(PROD.id)
    await save({ ...PROD, tags: { env: 'prod' }, parents: [] })
    await save({ ...PROD, tags: {} })
    expect(await read()).toEqual({ ...PROD, tags: {} })
    await save(PROD)
    expect(await read()).toEqual(PROD)
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

  it('gives another version of the catalogue whenever accounts or permission sets change, and at no other time', async () => {
    const { store } = await makeEnrolled(make)
    const organization = ACME.id
    const versions = [await store.catalogueVersion(organization, signal)]
    const after = async (...mirror: readonly MirrorChange[]): Promise<void> => {
      await store.commit({ organization, mirror }, signal)
      versions.push(await store.catalogueVersion(organization, signal))
    }
    await after({ put: 'account', account: PROD })
    await after({ put: 'permission-set', permissionSet: READ_ONLY })
    await after({ put: 'account', account: { ...PROD, name: 'Renamed' } })
    const { version, catalogue } = await store.readCatalogue(organization, signal)
    expect(version).toBe(versions.at(-1))
    expect(catalogue).toEqual((await store.readMirror(organization, signal)).catalogue)
    await after({ delete: 'account', id: PROD.id })
    expect(new Set(versions).size).toBe(versions.length)
    await after({ put: 'assignments-read', principal: GROUP_KEY, at: NOW }, { put: 'swept', at: NOW })
    expect(versions.at(-1)).toBe(versions.at(-2))
  })

  it('says what AWS held of one user, himself and through his groups', async () => {
    const { store } = await makeEnrolled(make)
    const ana = awsUserId('ana')
    const principal = awsPrincipalKey({ type: 'USER', id: ana })
    const nothing = { isRead: false, direct: new Set(), throughGroups: new Set() }
    expect(await store.readHoldings(ACME.id, ana, signal)).toEqual(nothing)
    const mirror: readonly MirrorChange[] = [
      { put: 'group', group: { id: GROUP, displayName: 'Data' } },
      { put: 'member', group: GROUP, user: ana },
      { put: 'assignment', principal: GROUP_KEY, grant: GRANT },
      { put: 'assignments-read', principal, at: NOW },
      { put: 'assignment', principal, grant: OTHER_GRANT },
      { put: 'swept', at: NOW },
    ]
    await store.commit({ organization: ACME.id, mirror }, signal)
    expect(await store.readHoldings(ACME.id, ana, signal)).toEqual({
      isRead: true,
      direct: new Set([OTHER_GRANT]),
      readAt: NOW,
      throughGroups: new Set([GRANT]),
    })
    expect(await store.readHoldings(ACME.id, undefined, signal)).toEqual({ ...nothing, isRead: true })
  })

  it('says what AWS held of some groups, and of people by their names in any case', async () => {
    const { store } = await makeEnrolled(make)
    const gone = awsGroupId('gone')
    const asked = { groups: [GROUP, gone], userNames: ['ana@acme.example', 'eva@acme.example', 'off@acme.example'] }
    const nothing = { isRead: false, groups: new Map(), users: new Map() }
    expect(await store.readHeld(ACME.id, asked, signal)).toEqual(nothing)
    const userOf = (name: string, active: boolean): MirrorChange => {
      const userName = `${name.toUpperCase()}@acme.example`
      return {
        put: 'user',
        user: { id: awsUserId(name), userName, displayName: name, email: userName, externalId: name, active },
      }
    }
    const mirror: readonly MirrorChange[] = [
      ...['ana', 'eva', 'else'].map((name) => userOf(name, true)),
      userOf('off', false),
      { put: 'group', group: { id: GROUP, displayName: 'Data' } },
      ...['ana', 'off'].map((name) => ({ put: 'member', group: GROUP, user: awsUserId(name) }) as const),
      { put: 'assignment', principal: GROUP_KEY, grant: GRANT },
      ...['ana', 'else'].map((name) => {
        const principal = awsPrincipalKey({ type: 'USER', id: awsUserId(name) })
        return { put: 'assignment', principal, grant: OTHER_GRANT } as const
      }),
      { put: 'swept', at: NOW },
    ]
    await store.commit({ organization: ACME.id, mirror }, signal)
    expect(await store.readHeld(ACME.id, asked, signal)).toEqual({
      isRead: true,
      groups: new Map([[GROUP, new Set([GRANT])]]),
      users: new Map([['ana@acme.example', new Set([GRANT, OTHER_GRANT])]]),
    })
    expect(await store.readHeld(ACME.id, { groups: [], userNames: [] }, signal)).toEqual({ ...nothing, isRead: true })
    expect(await store.readHeld(OTHER.id, asked, signal)).toEqual(nothing)
  })

  it('counts who is in some groups, and leaves out those that AWS does not have', async () => {
    const { store } = await makeEnrolled(make)
    const [empty, gone] = [awsGroupId('empty'), awsGroupId('gone')]
    expect(await store.readGroups(ACME.id, [GROUP], signal)).toEqual({ memberCounts: new Map() })
    const mirror: readonly MirrorChange[] = [
      { put: 'group', group: { id: GROUP, displayName: 'Data' } },
      { put: 'group', group: { id: empty, displayName: 'Empty' } },
      { put: 'member', group: GROUP, user: awsUserId('ana') },
      { put: 'member', group: GROUP, user: awsUserId('eva') },
      { put: 'swept', at: NOW },
    ]
    await store.commit({ organization: ACME.id, mirror }, signal)
    expect(await store.readGroups(ACME.id, [GROUP, empty, gone], signal)).toEqual({
      sweptAt: NOW,
      memberCounts: new Map([
        [GROUP, 2],
        [empty, 0],
      ]),
    })
    expect((await store.readGroups(ACME.id, [], signal)).memberCounts).toEqual(new Map())
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

const EMPTY_MIRROR: Mirror = {
  catalogue: { accounts: new Map(), permissionSets: new Map() },
  adoptedAccounts: new Set(),
  observed: { users: new Map(), groups: new Map(), assignments: new Map() },
  assignmentsReadAt: new Map(),
  sweptAt: undefined,
  accountsSeen: undefined,
  findings: [],
}
const anObservedUser = (name: string, partial: { externalId?: string; active?: boolean } = {}) => ({
  id: awsUserId(name),
  userName: `${name}@acme.example`,
  displayName: name,
  email: `${name}@acme.example`,
  ...partial,
})
