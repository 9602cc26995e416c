import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { desiredForUser } from '../desired-state/desired-for.ts'
import { viewAfter } from '../documents/governance-change.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { minutes, plus } from '../kernel/instant.ts'
import {
  ADMIN,
  aGroupLink,
  aList,
  aLock,
  aMember,
  anAccount,
  aRole,
  aUser,
  aUserLink,
  aView,
  NOW,
  on,
  PROD,
  READ_ONLY,
  STAGING,
} from '../testing/index.ts'
import { createEndings } from './adopted-assignments.ts'

const GRANT = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
const ANA = aUser('ana')
const ADOPTED = { user: ANA.id, grant: GRANT, adoptedAt: NOW }

function endingIn(partial: Parameters<typeof aView>[0]) {
  const view = aView({ users: [ANA], userLinks: [aUserLink(ANA)], adopted: [ADOPTED], ...partial })
  return createEndings(view, NOW)(ADOPTED)
}

describe('ending an adopted assignment', () => {
  it('takes the access away where nothing else gives it', () => {
    expect(endingIn({})).toMatchObject({ effect: 'goes', reasons: [] })
  })
  it('leaves the assignment in AWS where a role gives the same, and says which', () => {
    const users = [aUser('ana', { roles: [on(READ_ONLY, PROD)] })]
    expect(endingIn({ users })).toMatchObject({
      effect: 'stays',
      reasons: [`the role "${on(READ_ONLY, PROD)}" gives the same`],
    })
  })
  it('leaves the access where the group of a list gives the same', () => {
    const list = aList('readers', { members: [aMember('ana')], grants: [on(READ_ONLY, PROD)] })
    expect(endingIn({ lists: [list], groupLinks: [aGroupLink(list)] })).toMatchObject({
      effect: 'by-list',
      reasons: [`the access list "${list.title}" gives the same`],
    })
  })
  it('changes nothing for somebody who is locked', () => {
    const locks = [aLock({ kind: 'user', user: ANA.id })]
    expect(endingIn({ locks })).toMatchObject({ effect: 'nothing', reasons: ['The user is locked.'] })
  })
  it('leaves to AWS what lies outside of the filter', () => {
    expect(endingIn({ catalogue: createCatalogue([STAGING], [ADMIN, READ_ONLY]) })).toMatchObject({ effect: 'left' })
  })
  it('says that AWS takes away later what is in a suspended account', () => {
    const suspended = { ...PROD, state: 'SUSPENDED' } as const
    expect(endingIn({ catalogue: createCatalogue([suspended], [READ_ONLY]) })).toMatchObject({
      effect: 'goes',
      reasons: [expect.stringContaining('the account is SUSPENDED')],
    })
  })
  it('is of another revision once its effect is another one, and once it was adopted anew', () => {
    const users = [aUser('ana', { roles: [on(READ_ONLY, PROD)] })]
    const later = { ...ADOPTED, adoptedAt: plus(NOW, minutes(1)) }
    const revisions = [
      endingIn({}).revision,
      endingIn({ users }).revision,
      createEndings(aView({ users: [ANA], adopted: [later] }), NOW)(later).revision,
    ]
    expect(new Set(revisions).size).toBe(3)
  })
  it('takes away from the desired state exactly what it says', () => {
    const accounts = [PROD, STAGING, anAccount('other', '444444444444')]
    const some = fc.subarray(
      accounts.slice(0, 2).flatMap((account) => [READ_ONLY, ADMIN].map((set) => [set, account] as const)),
    )
    fc.assert(
      fc.property(some, some, some, fc.boolean(), (adopted, roles, listed, isDenied) => {
        const keyOf = ([set, account]: (typeof adopted)[number]) =>
          grantKey({ account: account.id, permissionSet: set.arn })
        const deny = aRole('deny', { deny: { assignments: [[PROD.id, ADMIN.arn]] } })
        const user = aUser('ana', {
          roles: [...roles.map(([set, account]) => on(set, account)), ...(isDenied ? ['deny'] : [])],
        })
        const list = aList('list', {
          members: [aMember('ana')],
          grants: listed.map(([set, account]) => on(set, account)),
        })
        const records = adopted.map((one) => ({ user: user.id, grant: keyOf(one), adoptedAt: NOW }))
        const view = aView({
          users: [user],
          roles: [deny],
          lists: [list],
          userLinks: [aUserLink(user)],
          groupLinks: [aGroupLink(list)],
          adopted: records,
        })
        const endingOf = createEndings(view, NOW)
        for (const record of records) {
          const { id: organization } = view.organization
          const after = viewAfter(view, [{ delete: 'adopted', organization, user: user.id, grant: record.grant }])
          const [left] = after.byOrganization
          const [had, has] = [view, left].map(
            (one) => one && desiredForUser(user, one, NOW).assignments.has(record.grant),
          )
          const isTaken = had === true && has === false
          expect(['goes', 'by-list'].includes(endingOf(record).effect)).toBe(isTaken)
          expect(endingOf(record).effect === 'stays').toBe(had === true && has === true)
        }
      }),
    )
  })
})
