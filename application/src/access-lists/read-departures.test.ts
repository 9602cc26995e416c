import { formatInstant, minus, minutes, type User } from '@gatehouse/domain'
import {
  ADMIN,
  aGroupLink,
  aList,
  aMember,
  anEvent,
  anOrganization,
  aUser,
  aUserLink,
  NOW,
  on,
  PROD,
  READ_ONLY,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
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

async function departures(
  events: readonly ReturnType<typeof moved>[],
  { users = [], others = [] }: { users?: readonly User[]; others?: ReturnType<typeof aList>[] } = {},
) {
  const known = users.length > 0 ? users : [ana, bea, cem]
  const scene = await startGovernance({
    users: known,
    lists: [list, ...others],
    userLinks: known.map((user) => aUserLink(user)),
  })
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
