import fc from 'fast-check'
import { expect, it } from 'vitest'
import { days, minus, plus } from '../kernel/instant.ts'
import {
  aList,
  aLock,
  aMember,
  aMemberList,
  anAwsOnlyMember,
  aUser,
  aView,
  listId,
  NOW,
  roleName,
  userId,
} from '../testing/builders.ts'
import { DEFAULT_SCHEDULE, type Member } from './access-list.ts'
import { whyNotMember, whyNotOwner } from './ineligible.ts'
import { membershipsOf, ownershipsOf } from './memberships.ts'

const requires = { roles: [roleName('lead')], traits: { team: ['web', 'data'] } }
const suspended = aList('late', {
  members: ['eva'],
  audit: { ...DEFAULT_SCHEDULE, nextAuditDate: minus(NOW, days(9)), suspendAfter: days(7) },
})
const users = [
  aUser('ana', { roles: ['lead'], traits: { team: ['web', 'data'] } }),
  aUser('boris', { traits: { team: ['web'] } }),
  aUser('eva'),
]

it('an entry that does not count says why', () => {
  const view = aView({ users, lists: [suspended], locks: [aLock({ kind: 'user', user: userId('eva') })] })
  const list = aList('platform', { membershipRequires: requires })
  const why = (member: Member) => whyNotMember(list, member, view, NOW)
  expect(why(aMember('ana'))).toBeUndefined()
  expect(why(aMember('ana', { expires: NOW }))).toBe('ended 2027-03-01T09:00:00Z')
  expect(why(aMember('boris'))).toBe('lacks role lead, trait team=data')
  expect(why(aMember('eva'))).toBe('is locked')
  expect(why(aMember('nobody'))).toBe('does not exist')
  expect(why(aMemberList('late'))).toBe('is suspended until it is reviewed')
  expect(why(aMemberList('none'))).toBe('does not exist')
  expect(why(anAwsOnlyMember('zoe'))).toContain('known to AWS only')
})

it('says so of exactly the users whom the list does not count', () => {
  const some = <T>(...values: readonly T[]) => fc.subarray([...values])
  fc.assert(
    fc.property(
      some('lead', 'dev'),
      some('web', 'data'),
      some('lead'),
      some('web'),
      fc.integer({ min: -2, max: 2 }),
      (roles, team, asked, teams, end) => {
        const ana = aUser('ana', { roles, traits: { team } })
        const requirements = { roles: asked.map(roleName), traits: teams.length > 0 ? { team: teams } : {} }
        const member = aMember('ana', { expires: plus(NOW, days(end)) })
        const list = aList('platform', {
          members: [member],
          owners: ['ana'],
          membershipRequires: requirements,
          ownershipRequires: requirements,
        })
        const view = aView({ users: [ana], lists: [list] })
        const memberships = membershipsOf(ana, view, NOW)
        const [owner] = list.owners
        expect(whyNotMember(list, member, view, NOW) === undefined).toBe(memberships.has(listId('platform')))
        expect(owner && whyNotOwner(list, owner, view, NOW) === undefined).toBe(
          ownershipsOf(ana, view, memberships).has(listId('platform')),
        )
      },
    ),
  )
})
