import {
  type Account,
  type AuditEvent,
  awsPrincipalKey,
  formatInstant,
  type GrantKey,
  grantKey,
  minus,
  minutes,
  type PermissionSet,
  type User,
} from '@gatehouse/domain'
import {
  ADMIN,
  aGroupLink,
  aList,
  aMember,
  anEvent,
  anOrganization,
  aUser,
  aUserLink,
  awsGroupId,
  NOW,
  on,
  PROD,
  READ_ONLY,
} from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { MirrorChange } from '../ports/store.ts'
import { startGovernance } from '../testing/governance-scene.ts'
import { getAccessList } from './list-access-lists.ts'
import { readDepartures } from './read-departures.ts'

const ana = aUser('ana', { roles: ['editor'] })
const [bea, cem] = [aUser('bea'), aUser('cem')]
const list = aList('platform', { grants: [on(READ_ONLY, PROD)] })
const link = aGroupLink(list)

/** What left the group, and so many minutes before now. */
const moved = (ago: number, change: { readonly added?: readonly User[]; readonly removed?: readonly User[] }) => {
  const namesOf = (users: readonly User[] = []) => users.map((user) => aUserLink(user).pushed.userName)
  return anEvent('aws_identity_center.group.members_changed', {
    time: minus(NOW, minutes(ago)),
    subjects: [`list:${list.id}`],
    fields: {
      organization: anOrganization().id,
      group: list.title,
      external_id: link.awsGroup,
      added: namesOf(change.added),
      removed: namesOf(change.removed),
    },
  })
}

interface Scene {
  readonly users?: readonly User[]
  readonly others?: readonly ReturnType<typeof aList>[]
  /** As it is by now. */
  readonly present?: ReturnType<typeof aList>
  readonly mirror?: readonly MirrorChange[]
}

async function departures(
  events: readonly AuditEvent[],
  { users = [ana, bea, cem], others = [], present = list, mirror = [] }: Scene = {},
) {
  const lists = [present, ...others]
  const scene = await startGovernance({ users, lists, userLinks: users.map((user) => aUserLink(user)), mirror })
  const organization = anOrganization().id
  const links = [link, ...others.map((other) => aGroupLink(other))]
  const records = links.map((one) => ({ put: 'group-link', link: { ...one, organization } }) as const)
  await scene.store.commit({ organization, records, events }, scene.signal)
  const found = await getAccessList(scene, { actor: scene.as('ana'), list: list.id }, scene.signal)
  return (await readDepartures(scene, found, scene.signal)).map(({ user, confirmedAt, sessionsEndBy }) => [
    user,
    formatInstant(confirmedAt),
    formatInstant(sessionsEndBy),
  ])
}

it('says until when credentials hold that AWS issued before somebody left, as long as they do', async () => {
  expect(await departures([moved(70, { removed: [cem] }), moved(10, { removed: [bea] })])).toEqual([
    ['bea@acme.example', '2027-03-01T08:50:00Z', '2027-03-01T09:50:00Z'],
  ])
})

it('says nothing of whoever is in again, or holds in another way what the list gives', async () => {
  const twice = [moved(10, { removed: [bea] }), moved(5, { added: [bea] })]
  expect(await departures(twice)).toEqual([])
  const same = aList('oncall', { members: [aMember('bea')], grants: [on(READ_ONLY, PROD)] })
  expect(await departures([moved(10, { removed: [bea] })], { others: [same] })).toEqual([])
  const different = aList('oncall', { members: [aMember('bea')], grants: [on(ADMIN, PROD)] })
  expect(await departures([moved(10, { removed: [bea] })], { others: [different] })).toHaveLength(1)
})

it('names also those whom nobody here knows any more, the latest first and fifty at most', async () => {
  const many = Array.from({ length: 60 }, (_, index) => moved(1 + index / 2, { removed: [aUser(`gone-${index}`)] }))
  const found = await departures(many.toReversed())
  expect(found).toHaveLength(50)
  expect(found[0]?.[0]).toBe('gone-0@acme.example')
})

const keyOf = (set: PermissionSet, account: Account): GrantKey =>
  grantKey({ account: account.id, permissionSet: set.arn })
const READ_ON_PROD = keyOf(READ_ONLY, PROD)
const OURS = { type: 'GROUP', id: link.awsGroup } as const

/** AWS took an assignment from the group, or gave it, so many minutes before now. */
const assigned = (ago: number, change: 'created' | 'deleted', set = READ_ONLY): AuditEvent => ({
  ...anEvent('aws_identity_center.account_assignment.deleted', {
    time: minus(NOW, minutes(ago)),
    subjects: [`list:${list.id}`],
    fields: {
      organization: anOrganization().id,
      success: true,
      principal_metadata: { external_id: link.awsGroup, principal_type: 'GROUP' },
      principal_assignments: [{ account_id: PROD.id, permission_set_arn: set.arn }],
    },
  }),
  event: `aws_identity_center.account_assignment.${change}`,
})

/** AWS read whole, with the list's group, which holds so much. */
const read = (...grants: readonly GrantKey[]): readonly MirrorChange[] => [
  { put: 'group', group: { id: link.awsGroup, displayName: list.title } },
  ...grants.map((grant) => ({ put: 'assignment', principal: awsPrincipalKey(OURS), grant }) as const),
  { put: 'swept', at: NOW },
]
const inAws = (name: string, active = true): MirrorChange => {
  const { awsUser, pushed } = aUserLink(aUser(name))
  return { put: 'user', user: { id: awsUser, ...pushed, externalId: name, active } }
}
const idOf = (name: string) => aUserLink(aUser(name)).awsUser
const holding = (name: string, grant: GrantKey): readonly MirrorChange[] => [
  inAws(name),
  { put: 'assignment', principal: awsPrincipalKey({ type: 'USER', id: idOf(name) }), grant },
]

describe('whoever left', () => {
  const left = [moved(10, { removed: [bea] })]
  const none = { ...list, grants: { ...list.grants, roles: [] } }
  it('is not said to get no new credentials while AWS still shows him to hold the same', async () => {
    expect(await departures(left, { mirror: read(READ_ON_PROD) })).toHaveLength(1)
    const directly = holding('bea', READ_ON_PROD)
    expect(await departures(left, { mirror: [...read(READ_ON_PROD), ...directly] })).toEqual([])
    const other = awsGroupId('unmanaged')
    const throughAnother: readonly MirrorChange[] = [
      inAws('bea'),
      { put: 'group', group: { id: other, displayName: 'Unmanaged' } },
      { put: 'member', group: other, user: idOf('bea') },
      { put: 'assignment', principal: awsPrincipalKey({ type: 'GROUP', id: other }), grant: READ_ON_PROD },
    ]
    expect(await departures(left, { mirror: [...read(READ_ON_PROD), ...throughAnother] })).toEqual([])
    const different = holding('bea', keyOf(ADMIN, PROD))
    expect(await departures(left, { mirror: [...read(READ_ON_PROD), ...different] })).toHaveLength(1)
  })
  it('is looked up in AWS also when nobody here knows him', async () => {
    const gone = [moved(10, { removed: [aUser('gone')] })]
    expect(await departures(gone, { mirror: read(READ_ON_PROD) })).toHaveLength(1)
    expect(await departures(gone, { mirror: [...read(READ_ON_PROD), ...holding('gone', READ_ON_PROD)] })).toEqual([])
  })
  it('is shown where the records would give the same in another way and AWS does not hold it', async () => {
    const same = aList('oncall', { members: [aMember('bea')], grants: [on(READ_ONLY, PROD)] })
    expect(await departures(left, { others: [same], mirror: read(READ_ON_PROD) })).toHaveLength(1)
  })
  it('is shown where the role was taken from the list as well, before or after', async () => {
    const [after, before] = [assigned(5, 'deleted'), assigned(15, 'deleted')]
    expect(await departures([...left, after], { present: none, mirror: read() })).toEqual([
      ['bea@acme.example', '2027-03-01T08:50:00Z', '2027-03-01T09:50:00Z'],
    ])
    expect(await departures([before, ...left], { present: none, mirror: read() })).toEqual([
      ['bea@acme.example', '2027-03-01T08:50:00Z', '2027-03-01T09:45:00Z'],
    ])
    expect(await departures(left, { present: none, mirror: read(READ_ON_PROD) })).toHaveLength(1) // not yet taken
  })
  it('is not shown for what the group was given later', async () => {
    expect(await departures([...left, assigned(5, 'created')], { mirror: read(READ_ON_PROD) })).toEqual([])
  })
  it('is shown with the longest session there is where nobody knows what the group held', async () => {
    const unknown = [['bea@acme.example', '2027-03-01T08:50:00Z', '2027-03-01T20:50:00Z']]
    expect(await departures(left, { present: none })).toEqual(unknown)
    const removed = { ...READ_ONLY, arn: `${READ_ONLY.arn}gone` as typeof READ_ONLY.arn } // AWS has it no more
    expect(await departures([...left, assigned(5, 'deleted', removed)], { mirror: read() })).toEqual(unknown)
  })
  it('is not hidden by many who left later and lost nothing', async () => {
    const many = Array.from({ length: 60 }, (_, index) => `p${index}`)
    const others = many.map((name, index) => moved(1 + index / 10, { removed: [aUser(name)] }))
    const held = many.flatMap((name) => holding(name, READ_ON_PROD))
    const found = await departures([...left, ...others.toReversed()], { mirror: [...read(READ_ON_PROD), ...held] })
    expect(found.map(([user]) => user)).toEqual(['bea@acme.example'])
  })
})
