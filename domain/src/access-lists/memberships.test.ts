import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { milliseconds, plus } from '../kernel/instant.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { groupKey } from '../organizations/link.ts'
import {
  aList,
  aMember,
  aMemberList,
  aRole,
  aUser,
  aView,
  generate,
  listId,
  NOW,
  on,
  PROD,
  READ_ONLY,
  userId,
} from '../testing/index.ts'
import { membershipsOf, ownershipsOf } from './memberships.ts'

it('ends on lists that contain one another, whatever their shape', () => {
  fc.assert(
    fc.property(generate.views(), generate.instants(), (view, now) => {
      for (const user of view.users) {
        const memberships = membershipsOf(user, view, now)
        expect(memberships.size).toBeLessThanOrEqual(view.lists.length)
        expect(ownershipsOf(user, view, memberships).size).toBeLessThanOrEqual(view.lists.length)
      }
    }),
  )
})

it('ends a membership exactly at its millisecond', () => {
  fc.assert(
    fc.property(generate.instants(), (end) => {
      const ana = aUser('ana')
      const view = aView({ users: [ana], lists: [aList('data', { members: [aMember('ana', { expires: end })] })] })
      expect(membershipsOf(ana, view, plus(end, milliseconds(-1))).has(listId('data'))).toBe(true)
      expect(membershipsOf(ana, view, end).has(listId('data'))).toBe(false)
    }),
  )
})

it('D4-31 lets a nested membership end with the entry of the inner list', () => {
  const ana = aUser('ana')
  const inner = aList('inner', { members: ['ana'] })
  const outer = aList('outer', { members: [aMemberList('inner', { expires: plus(NOW, milliseconds(1)) })] })
  const view = aView({ users: [ana], lists: [inner, outer] })
  expect([...membershipsOf(ana, view, NOW).keys()]).toEqual(['inner', 'outer'])
  expect([...membershipsOf(ana, view, plus(NOW, milliseconds(1))).keys()]).toEqual(['inner'])
})

it('gives nothing more of a list to those of an owners’ list that was taken off it (D4-28)', () => {
  const leads = aList('leads', { members: ['ana'] })
  const owned = (ownerLists: readonly string[]) => aList('platform', { ownerLists, ownerGrants: ['helper'] })
  const roles = [aRole('helper')]
  const ana = aUser('ana')
  const before = aView({ users: [ana], roles, lists: [leads, owned(['leads'])] })
  const after = aView({ users: [ana], roles, lists: [leads, owned([])] })
  expect([...effectiveRoles(ana, before, NOW).names]).toEqual(['helper'])
  expect([...effectiveRoles(ana, after, NOW).names]).toEqual([])
  expect(ownershipsOf(ana, after, membershipsOf(ana, after, NOW)).size).toBe(0)
})
it('takes them out of the owners’ group in AWS as well (D4-28)', () => {
  const leads = aList('leads', { members: ['ana'] })
  const owned = (ownerLists: readonly string[]) => aList('platform', { ownerLists, ownerGrants: [on(READ_ONLY, PROD)] })
  const inOwnersGroup = (ownerLists: readonly string[]) => [
    ...(computeDesiredState(aView({ users: [aUser('ana')], lists: [leads, owned(ownerLists)] }), NOW)
      .membersOf.get(groupKey(listId('platform'), 'owners'))
      ?.keys() ?? []),
  ]
  expect(inOwnersGroup(['leads'])).toEqual([userId('ana')])
  expect(inOwnersGroup([])).toEqual([])
})
