import { type AwsUserId, memberOperationKey, type UserLink } from '@gatehouse/domain'
import { aGroupLink, aList, anOrganization, aUser, aUserLink, aView, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { planAdoption } from './plan-adoption.ts'

const MANY = 2_000

it('looks at each link a few times, however many people were put into a group', () => {
  const users = Array.from({ length: MANY }, (_, index) => aUser(`user-${index}`))
  const links = users.map((user) => aUserLink(user))
  const list = aList('finance', { members: [] })
  const groupLink = aGroupLink(list)
  let looks = 0
  const counted = new Proxy(links, {
    get(target, property, receiver): unknown {
      if (typeof property === 'string' && /^\d+$/.test(property)) looks++
      return Reflect.get(target, property, receiver)
    },
  }) satisfies readonly UserLink[]
  const organization = anOrganization({ mode: 'active' })
  const view = aView({ organization, users, lists: [list], userLinks: links, groupLinks: [groupLink] })
  const observed = links.map(({ awsUser, pushed }) => [awsUser, { id: awsUser, ...pushed }] as const)
  const group = {
    id: groupLink.awsGroup,
    displayName: groupLink.pushedTitle,
    members: new Set<AwsUserId>(links.map(({ awsUser }) => awsUser)),
  }
  const [first] = users
  const { records } = planAdoption({
    view: { ...view, userLinks: counted },
    mirror: {
      catalogue: view.catalogue,
      adoptedAccounts: new Set(),
      observed: { users: new Map(observed), groups: new Map([[group.id, group]]), assignments: new Map() },
      assignmentsReadAt: new Map(),
      sweptAt: NOW,
      accountsSeen: undefined,
      findings: new Map(),
    },
    memory: { assignments: new Map(), members: new Map() },
    lost: new Set(),
    now: NOW,
    removalsBelieved: 0,
    elsewhere: undefined,
    followed: new Map([[memberOperationKey('remove-member', groupLink.group, first?.id ?? ''), 'eva@acme.example']]),
  })
  const [changed] = records.flatMap((record) => ('put' in record && record.put === 'list' ? [record.list] : []))
  expect(changed?.members.map((member) => member.kind === 'user' && member.user)).toEqual([first?.id])
  expect(looks).toBeLessThan(10 * MANY)
})
