import { expect, it } from 'vitest'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import { hours, plus } from '../kernel/instant.ts'
import type { Memory, Remembered } from '../plan/memory.ts'
import { assignmentKey, membershipKey } from '../plan/memory.ts'
import {
  ADMIN,
  aGroupLink,
  aList,
  aMember,
  anAwsOnlyMember,
  aUser,
  aUserLink,
  aView,
  awsUserId,
  NOW,
  on,
  PROD,
  READ_ONLY,
} from '../testing/index.ts'
import { unfinishedAccess } from './unfinished-access.ts'

const GRANT = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
const OTHER = grantKey({ account: PROD.id, permissionSet: ADMIN.arn })
const [ana, boris] = [aUser('ana', { roles: [on(READ_ONLY, PROD)] }), aUser('boris')]
const list = aList('data', { members: [aMember('ana'), anAwsOnlyMember('guest')], grants: [on(READ_ONLY, PROD)] })
const [ANA, BORIS, DATA] = [aUserLink(ana), aUserLink(boris), aGroupLink(list)]
const view = aView({ users: [ana, boris], lists: [list], userLinks: [ANA, BORIS], groupLinks: [DATA] })

const wanted: Remembered = { confirmed: true, subjects: [] }
const ofUser = (link: typeof ANA, grant = GRANT) => assignmentKey({ type: 'USER', id: link.awsUser }, grant)
const ofGroup = (grant = GRANT) => assignmentKey({ type: 'GROUP', id: DATA.awsGroup }, grant)
const inGroup = (user = ANA.awsUser) => membershipKey(DATA.awsGroup, user)

function left(memory: Partial<Pick<Memory, 'assignments' | 'members'>>, of = view) {
  const found = unfinishedAccess(of, computeDesiredState(of, NOW), {
    assignments: memory.assignments ?? new Map(),
    members: memory.members ?? new Map(),
  })
  return { withEnd: found.withEnd.map(({ key }) => key), leaving: found.leaving.map(({ key }) => key) }
}

it('access that is wanted without an end may be left alone', () => {
  const assignments = new Map([ofUser(ANA), ofGroup()].map((key) => [key, wanted]))
  const members = new Map([inGroup(), inGroup(awsUserId('guest'))].map((key) => [key, wanted]))
  expect(left({ assignments, members })).toEqual({ withEnd: [], leaving: [] })
})
it('access with an end has somebody to end it', () => {
  const until = { ...wanted, until: plus(NOW, hours(1)) }
  expect(left({ assignments: new Map([[ofUser(ANA), until]]), members: new Map([[inGroup(), until]]) })).toEqual({
    withEnd: [ofUser(ANA), inGroup()],
    leaving: [],
  })
})
it('what was decided away leaves until AWS has confirmed it, with an end or without', () => {
  const ending = { ...wanted, ending: { kind: 'decided', event: 'e' } } as const
  const both = { ...ending, until: NOW }
  expect(left({ assignments: new Map([[ofUser(BORIS), ending]]), members: new Map([[inGroup(), both]]) })).toEqual({
    withEnd: [],
    leaving: [ofUser(BORIS), inGroup()],
  })
})
it('what no record wants leaves as well, before a round has come to it', () => {
  const assignments = new Map([ofUser(BORIS), ofUser(ANA, OTHER), ofGroup(OTHER)].map((key) => [key, wanted]))
  const members = new Map([inGroup(BORIS.awsUser), inGroup(awsUserId('stranger'))].map((key) => [key, wanted]))
  expect(left({ assignments, members }).leaving).toEqual([...assignments.keys(), ...members.keys()])
  const gone = aView({ userLinks: [{ ...ANA, userDeleted: true }] })
  expect(left({ assignments: new Map([[ofUser(ANA), wanted]]) }, gone).leaving).toEqual([ofUser(ANA)])
})
