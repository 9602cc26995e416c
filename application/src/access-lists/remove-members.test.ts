import { type AccessList, hours } from '@gatehouse/domain'
import {
  ADMIN,
  aList,
  anAwsOnlyMember,
  aMemberList,
  aUser,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { removeDocument } from '../documents/remove-document.ts'
import { type GovernanceScene, startGovernance, storedList } from '../testing/index.ts'
import { removeMembers, type RemoveMembersCommand } from './remove-members.ts'
import { refusalOf } from '../testing/problem-of.ts'

const mail = (name: string): string => `${name}@acme.example`
const crew = Array.from({ length: 11 }, (_, index) => `crew-${index}`)
const platform = (partial: Parameters<typeof aList>[1] = {}): AccessList =>
  aList('platform', {
    owners: ['owner'],
    members: ['ana', 'eva', 'zoe', aMemberList('inner'), anAwsOnlyMember('stranger')],
    grants: [on(READ_ONLY, PROD)],
    ...partial,
  })
const start = (...lists: readonly AccessList[]): Promise<GovernanceScene> =>
  startGovernance({
    users: ['owner', 'ana', 'eva', 'zoe', ...crew].map((name) => aUser(name)),
    lists: [aList('inner', { members: ['zoe'] }), ...lists],
  })

const remove = (
  scene: GovernanceScene,
  members: RemoveMembersCommand['members'],
  more: Partial<RemoveMembersCommand> = {},
) => removeMembers(scene, { actor: scene.as('owner'), list: 'platform', members, ...more }, scene.signal)
const stored = (scene: GovernanceScene): Promise<AccessList> => storedList(scene, 'platform')

it('takes out users, lists and whom only AWS knows in one commit, each with an event of its own', async () => {
  const scene = await start(platform())
  const { revision } = await stored(scene)
  const { version } = await scene.store.readRecords(scene.signal)
  const gone = await remove(scene, [mail('ANA'), 'inner', mail('stranger'), mail('ana')])
  expect(gone).toMatchObject({ removed: 3 })
  const list = await stored(scene)
  expect(list.members).toMatchObject([{ user: 'id-of-eva' }, { user: 'id-of-zoe' }])
  expect(list.revision).toBe(revision + 1)
  expect((await scene.store.readRecords(scene.signal)).version).toBe(version + 1)
  expect(
    scene.store.events.map(({ code, user, subjects, fields }) => [code, user, subjects, fields['members']]),
  ).toEqual([
    [
      'TAL007I',
      mail('owner'),
      ['list:platform', 'user:id-of-ana'],
      [expect.objectContaining({ member_name: mail('ana') })],
    ],
    ['TAL007I', mail('owner'), ['list:platform', 'list:inner'], [expect.objectContaining({ member_name: 'inner' })]],
    ['TAL007I', mail('owner'), ['list:platform'], [expect.objectContaining({ member_name: mail('stranger') })]],
  ])
})

it('is recorded of one as the removal of its document is', async () => {
  const eventsOf = async (removal: (scene: GovernanceScene) => Promise<unknown>) => {
    const scene = await start(platform())
    await removal(scene)
    return scene.store.events.map(({ event, code, user, subjects, fields }) => ({
      event,
      code,
      user,
      subjects,
      fields,
    }))
  }
  const name = `platform/${mail('ana')}`
  const ofDocument = await eventsOf((scene) =>
    removeDocument(scene, { actor: scene.as('owner'), kind: 'access_list_member', name }, scene.signal),
  )
  expect(ofDocument).toHaveLength(1)
  expect(await eventsOf((scene) => remove(scene, [mail('ana')]))).toEqual(ofDocument)
})

it('takes out nobody where names are nobody’s, and says all of them', async () => {
  const scene = await start(platform())
  expect(await refusalOf(remove(scene, [mail('ana'), mail('eve'), 'nobody', 'NOBODY']))).toMatchObject({
    code: 'not-found',
    kind: 'member of "platform"',
    name: mail('eve'),
    others: ['NOBODY'],
    remedy: 'Check these names, or leave them out. Nobody was removed.',
  })
  expect(await refusalOf(remove(scene, [mail('ana'), mail('eve')]))).toMatchObject({
    code: 'not-found',
    others: [],
    suggestion: mail('eva'),
  })
  expect((await stored(scene)).members).toHaveLength(5)
  expect(scene.store.events).toEqual([])
})

it('asks for the number of all of them, each of whom could go without', async () => {
  const scene = await start(platform({ members: [...crew, 'ana'] }))
  const members = crew.map(mail)
  expect(await refusalOf(remove(scene, members))).toMatchObject({ code: 'too-many-removals', limit: 10, confirm: 11 })
  expect(await refusalOf(remove(scene, members, { confirmRemovals: 10 }))).toMatchObject({ code: 'too-many-removals' })
  expect((await stored(scene)).members).toHaveLength(12)
  expect((await remove(scene, members.slice(1))).removals).toEqual({ memberships: 10, assignments: 0 })
  const rest = await start(platform({ members: [...crew, 'ana'] }))
  expect(await remove(rest, members, { confirmRemovals: 11 })).toMatchObject({
    removed: 11,
    removals: { memberships: 11, confirm: 11 },
  })
  expect((await stored(rest)).members).toMatchObject([{ user: 'id-of-ana' }])
})

it('says in a dry run what would go and which number that takes, and changes nothing', async () => {
  const scene = await start(platform({ members: crew }))
  expect(await remove(scene, crew.map(mail), { dryRun: true })).toMatchObject({
    removed: 11,
    removals: { memberships: 11, assignments: 0, confirm: 11 },
  })
  expect(await refusalOf(remove(scene, ['nobody'], { dryRun: true }))).toMatchObject({ code: 'not-found' })
  const refused = remove(scene, [mail('crew-1')], { dryRun: true, actor: scene.as('crew-0') })
  expect(await refusalOf(refused)).toMatchObject({ code: 'refused' })
  expect((await stored(scene)).members).toHaveLength(11)
  expect(scene.store.events).toEqual([])
})

it('says how long sessions of what is lost go on, and nothing where nobody loses anything', async () => {
  const longer = aList('longer', { members: ['ana'], grants: [on(ADMIN, SANDBOX), on(READ_ONLY, PROD)] })
  const same = platform({ grants: [on(READ_ONLY, PROD)] })
  const scene = await start(same, longer)
  const sessions = async (...members: readonly string[]) =>
    (await remove(scene, members, { dryRun: true })).longestSession
  expect(await sessions(mail('ana'))).toBeUndefined()
  expect(await sessions(mail('ana'), mail('eva'))).toBe(hours(1))
  // She is in it twice, and loses it with both.
  expect(await sessions(mail('zoe'))).toBeUndefined()
  expect(await sessions(mail('zoe'), 'inner')).toBe(hours(1))
  expect(await sessions(mail('stranger'))).toBe(hours(1))
})

it('is refused as a whole, and recorded once, to whoever does not manage the list', async () => {
  const scene = await start(platform())
  expect(await refusalOf(remove(scene, [mail('ana'), mail('eva')], { actor: scene.as('ana') }))).toMatchObject({
    code: 'refused',
  })
  expect(scene.store.events).toMatchObject([{ code: 'TAL007E', user: mail('ana'), fields: { members: [] } }])
  const kept = await start(platform({ type: 'scim' }))
  expect(await refusalOf(remove(kept, [mail('ana'), mail('eva')]))).toMatchObject({ code: 'refused' })
  expect((await stored(kept)).members).toHaveLength(5)
})

it('finds ten thousand names in a list of twelve thousand', async () => {
  const members = Array.from({ length: 12_000 }, (_, index) => anAwsOnlyMember(`person-${index}`, { joined: NOW }))
  const scene = await start(platform({ members }))
  const names = members.slice(0, 10_000).flatMap((member) => (member.kind === 'aws-only' ? [member.userName] : []))
  const { removed } = await remove(scene, names, { confirmRemovals: 10_000 })
  expect(removed).toBe(10_000)
  expect((await stored(scene)).members).toHaveLength(2_000)
  expect(scene.store.events).toHaveLength(10_000)
})

it('takes out the one that is meant of several that are called the same, and nobody unless it says which', async () => {
  const called = mail('ana')
  const members = ['ana', aMemberList(called), anAwsOnlyMember('ana'), 'eva']
  const scene = await start(aList(called, { members: ['zoe'] }), platform({ members }))
  expect(await refusalOf(remove(scene, [mail('eva'), called]))).toEqual({
    code: 'conflict',
    message: `More than one member of "platform" is called "${called}". Nobody was removed.`,
    remedy: 'Say also which kind is meant: aws-only or list or user.',
  })
  expect((await stored(scene)).members).toHaveLength(4)
  await remove(scene, [{ name: called, kind: 'list' }])
  expect((await stored(scene)).members.map(({ kind }) => kind)).toEqual(['user', 'aws-only', 'user'])
  await remove(scene, [
    { name: called, kind: 'aws-only' },
    { name: mail('eva'), kind: 'user' },
  ])
  expect((await stored(scene)).members).toMatchObject([{ kind: 'user', user: 'id-of-ana' }])
  expect(await refusalOf(remove(scene, [{ name: called, kind: 'list' }]))).toMatchObject({ code: 'not-found' })
  await remove(scene, [called])
  expect((await stored(scene)).members).toEqual([])
})
