import { awsPrincipalKey, createEndings, type GrantKey, grantKey } from '@gatehouse/domain'
import {
  aGroupLink,
  aList,
  aMember,
  aUser,
  aUserLink,
  aView,
  NOW,
  on,
  PROD,
  READ_ONLY,
  userId,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { endingInAws } from './ending-in-aws.ts'

const GRANT = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
const adopted = { user: userId('ana'), grant: GRANT, adoptedAt: NOW }
const link = aUserLink(aUser('ana'))
const list = aList('readers', { members: [aMember('ana')], grants: [on(READ_ONLY, PROD)] })
const group = aGroupLink(list)

/** What ending ana's own assignment does, with the group of a list that gives the same as AWS has it. */
function effectWith(members: readonly string[], grants: readonly GrantKey[]) {
  const view = aView({
    users: [aUser('ana')],
    userLinks: [link],
    lists: [list],
    groupLinks: [group],
    adopted: [adopted],
  })
  const observed = {
    groups: new Map([
      [
        group.awsGroup,
        {
          id: group.awsGroup,
          displayName: 'Readers',
          members: new Set(members.map((name) => aUserLink(aUser(name)).awsUser)),
        },
      ],
    ]),
    assignments: new Map([[awsPrincipalKey({ type: 'GROUP', id: group.awsGroup }), new Set(grants)]]),
  }
  return endingInAws(createEndings(view, NOW)(adopted), adopted, view, observed).effect
}

it('says that a list keeps the access only where AWS holds it for the group with the person in it', () => {
  expect(effectWith(['ana'], [GRANT])).toBe('by-list')
  expect(effectWith(['ana'], [])).toBe('goes')
  expect(effectWith(['bea'], [GRANT])).toBe('goes')
})
