import { computeDesiredState, hours, minus, minutes, plus } from '@gatehouse/domain'
import { aList, aMember, aUser, aView, NOW, on, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { desiredStateOf } from './desired-state-of.ts'

const member = aMember('ana', { expires: plus(NOW, hours(1)) })
const make = () =>
  aView({ users: [aUser('ana')], lists: [aList('data', { members: [member], grants: [on(READ_ONLY, PROD)] })] })

it('is worked out once until time changes it, and anew of other records', () => {
  const view = make()
  const first = desiredStateOf(view, NOW)
  expect(desiredStateOf(view, plus(NOW, minutes(59)))).toBe(first)
  const ended = desiredStateOf(view, plus(NOW, hours(1)))
  expect(ended).toEqual(computeDesiredState(view, plus(NOW, hours(1))))
  expect(ended).not.toEqual(first)
  const before = minus(NOW, hours(1)) // a clock that was put back
  expect(desiredStateOf(view, before)).toEqual(computeDesiredState(view, before))
  expect(desiredStateOf(make(), NOW)).not.toBe(first)
})
