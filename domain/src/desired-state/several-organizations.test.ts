import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { invalidListsOf } from '../access-lists/invalid-lists.ts'
import { obstacleTo } from '../access-requests/obstacle-to.ts'
import { heldGrants, requestableGrants } from '../access-requests/requestable.ts'
import { resolveResourceId } from '../access-requests/resource-ids.ts'
import { resolveBundle } from '../bundles/resolve-bundle.ts'
import { confirmRemovals } from '../documents/removals.ts'
import { removeList, removeUser } from '../documents/remove-record.ts'
import { viewAfter } from '../documents/governance-change.ts'
import { accessDifference } from '../explain/what-if.ts'
import { whyAccess } from '../explain/why-access.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import { listSystemRoles } from '../identity-center/system-roles.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { removalOfOrganization } from '../organizations/organization-removal.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { referTo } from '../roles/role-names.ts'
import { nameIdOf } from '../saml/name-id.ts'
import { organizationOfProvider } from '../saml/provider-of-organization.ts'
import {
  A_CATALOGUE,
  ADMIN,
  aBundle,
  anAccount,
  aGroupLink,
  aList,
  aLock,
  aMemberList,
  anOrganization,
  aRequest,
  aRole,
  awsProvider,
  bothViews,
  aSnapshot,
  aUser,
  aUserLink,
  BILLING,
  generate,
  GLOBEX,
  LAB,
  LAB_READ_ONLY,
  halvesOf,
  MANAGEMENT,
  NOW,
  on,
  PROD,
  READ_ONLY,
  roleName,
  SANDBOX,
  STAGING,
  userId,
} from '../testing/index.ts'
import { desiredForGroup, desiredForUser } from './desired-for.ts'
import { expandPatterns } from './expand-patterns.ts'
import { joinViews } from './join-views.ts'
import { setsByAccount } from './sets-by-account.ts'
import { createView, type OrganizationView, type View } from './view.ts'
import { whatWouldBeLost } from './what-would-be-lost.ts'

/** The same records as two organizations see them that share out the accounts of one. */
function shareOut(whole: OrganizationView): View {
  const sets = [ADMIN, READ_ONLY, BILLING]
  const [left, right] = [createCatalogue([MANAGEMENT, PROD], sets), createCatalogue([SANDBOX, STAGING], sets)]
  const first = createView({ ...whole, catalogue: left })
  const second = createView({ ...whole, catalogue: right, organization: { ...whole.organization, name: 'b' } }, first)
  return joinViews([first, second])
}

const inOrder = (keys: Iterable<string>): readonly string[] => [...keys].toSorted()

describe('several organizations', () => {
  it('give what one would that had all of their accounts', () => {
    fc.assert(
      fc.property(generate.views(), (whole) => {
        const shared = shareOut(whole)
        expect(accessDifference(whole, shared, NOW)).toEqual({ gained: [], lost: [] })
        for (const user of whole.users) {
          expect(heldGrants(user, shared, NOW)).toEqual(heldGrants(user, whole, NOW))
          const requestable = (view: View) =>
            inOrder(requestableGrants(user, effectiveRoles(user, view, NOW), view, NOW).keys())
          expect(requestable(shared)).toEqual(requestable(whole))
        }
        for (const { name } of whole.roles)
          expect(inOrder(grantsOfRole({ name }, shared, {}))).toEqual(inOrder(grantsOfRole({ name }, whole, {})))
        for (const list of whole.lists)
          for (const member of list.members)
            expect(inOrder(whatWouldBeLost(list, member, shared, NOW).grants)).toEqual(
              inOrder(whatWouldBeLost(list, member, whole, NOW).grants),
            )
      }),
      { numRuns: 100 },
    )
  })
  it('are asked by account and by pair alike', () => {
    const { catalogue } = bothViews()
    const patterns = [
      { account: parsePattern('*'), permissionSet: parsePattern('*') },
      { account: parsePattern(LAB.id), permissionSet: parsePattern('*') },
    ]
    const byAccount = [...setsByAccount(patterns, catalogue)].flatMap(([account, sets]) =>
      [...sets].map((permissionSet) => grantKey({ account, permissionSet })),
    )
    expect(inOrder(byAccount)).toEqual(inOrder(expandPatterns(patterns, catalogue)))
    expect(byAccount).toHaveLength(4 * 3 + 2 * 2)
  })
})

const ADOPTED = { origin: 'adopted' } as const
const onLab = on(LAB_READ_ONLY, LAB)
const LAB_READ = grantKey({ account: LAB.id, permissionSet: LAB_READ_ONLY.arn })
const PROD_READ = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
const pinnedToLab = {
  name: onLab,
  pinned: { account: LAB.id, permissionSet: LAB_READ_ONLY.arn },
}

describe('names', () => {
  it('of system roles, resources and bundles mean the permission set of the account’s own organization', () => {
    const view = bothViews({ bundles: [aBundle('read')] })
    expect(referTo(onLab, view)).toEqual(pinnedToLab)
    expect(referTo(on(READ_ONLY, PROD), view).pinned?.permissionSet).toBe(READ_ONLY.arn)
    expect(referTo(roleName(`Operator-on-${PROD.name}-${PROD.id}`), view).pinned).toBeUndefined()
    const idOf = (account: string, set: string) => `/acme.example/aws_ic_account_assignment/${account}--${set}`
    expect(resolveResourceId(idOf(LAB.id, 'readonlyaccess'), view.catalogue).permissionSet).toBe(LAB_READ_ONLY.arn)
    expect(() => resolveResourceId(idOf(PROD.id, 'operator'), view.catalogue)).toThrow('there is no')
    const rows = resolveBundle(aBundle('read'), view.catalogue).rows.map(grantKey)
    expect(rows).toContain(LAB_READ)
    expect(rows).toHaveLength(4 + 2)
  })
  it('of system roles are listed organization by organization, from any position on', () => {
    const catalogues = bothViews().byOrganization.map(({ catalogue }) => catalogue)
    const all = [...listSystemRoles(catalogues, { from: 0 })]
    expect(all).toHaveLength(4 * 3 + 2 * 2)
    expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index))
    for (const from of all.keys())
      expect([...listSystemRoles(catalogues, { from })].map(({ role }) => role.name)).toEqual(
        all.slice(from).map(({ role }) => role.name),
      )
  })
  it('that were locked lock in the organization that they are of', () => {
    const ana = aUser('ana', { roles: [pinnedToLab, on(READ_ONLY, PROD)] })
    const view = bothViews({ users: [ana], locks: [aLock({ kind: 'role', role: onLab })] })
    expect([...heldGrants(ana, view, NOW).keys()]).toEqual([PROD_READ])
    expect(view.isLocked({ kind: 'role', role: onLab }, NOW)).toBe(true)
  })
})

describe('an organization', () => {
  const reader = aRole('lab-reader', { allow: { assignments: [[LAB.id, LAB_READ_ONLY.arn]] } })
  const anywhere = aRole('reader', { allow: { assignments: [['*', '*']] } })
  const ana = aUser('ana', { roles: [pinnedToLab, 'lab-reader'] })

  it('makes no group for a list, and waits for nothing, that is of another one', () => {
    const lists = [
      aList('pinned', { members: ['ana'], grants: [pinnedToLab] }),
      aList('named', { members: ['ana'], grants: ['lab-reader'] }),
      aList('anywhere', { members: ['ana'], grants: ['reader'] }),
    ]
    const [acme, globex] = halvesOf(bothViews({ users: [ana], roles: [reader, anywhere], lists }))
    const groupsIn = (view: OrganizationView) =>
      lists.filter((list) => desiredForGroup(list, 'members', view, NOW)).map(({ id }) => id)
    expect(groupsIn(acme)).toEqual(['anywhere'])
    expect(groupsIn(globex)).toEqual(['pinned', 'named', 'anywhere'])
    expect(desiredForUser(ana, acme, NOW)).toMatchObject({ waiting: [], withheld: [] })
    expect([...desiredForUser(ana, acme, NOW).assignments.keys()]).toEqual([])
    expect([...desiredForUser(ana, globex, NOW).assignments.keys()]).toEqual([LAB_READ])
  })
  it('keeps who is outside its own user filter out, and says so of itself alone', () => {
    const outside = { organization: { ...GLOBEX, userFilter: [{ team: 'lab' }] } }
    const bea = aUser('bea', { roles: [on(READ_ONLY, PROD), pinnedToLab] })
    const view = bothViews({ users: [bea] }, {}, outside)
    const { paths, withheld } = whyAccess(bea, view, NOW)
    expect(paths.map(({ grant }) => grant)).toEqual([PROD_READ])
    expect(withheld.map(({ reason }) => reason)).toEqual(['In globex: The user is outside the user filter.'])
    const locked = bothViews({ users: [bea], locks: [aLock({ kind: 'user', user: bea.id })] })
    expect(whyAccess(bea, locked, NOW).withheld.map(({ reason }) => reason)).toEqual(['The user is locked.'])
  })
  it('is told the name that it knows somebody by', () => {
    const link = aUserLink(ana)
    const before = { userLinks: [{ ...link, pushed: { ...link.pushed, userName: 'former@acme.example' } }] }
    const view = bothViews({ users: [ana] }, before, { userLinks: [link] })
    expect(nameIdOf(ana, awsProvider('aws-identity-center', 'd-0123456789'), view).value).toBe('former@acme.example')
    expect(nameIdOf(ana, awsProvider('globex', GLOBEX.identityStoreId), view).value).toBe(ana.name)
  })
})

it('knows a role of an organization that has gone as one that is not there any more', () => {
  const ana = aUser('ana', { roles: [pinnedToLab] })
  const list = aList('list', { members: ['ana'], grants: [pinnedToLab] })
  const left = createView(aSnapshot({ users: [ana], lists: [list] }))
  expect(left.resolveRole(pinnedToLab).kind).toBe('elsewhere')
  expect(obstacleTo(aRequest('r', 'ana', { roles: [pinnedToLab] }), left, NOW)).toMatchObject({
    message: expect.stringContaining('not there any more') as string,
  })
  expect(invalidListsOf(ana, left, NOW)).toMatchObject([{ reason: 'missing_roles', missingRoles: [onLab] }])
  expect(heldGrants(ana, left, NOW).size).toBe(0)
})

describe('signing in', () => {
  const ana = aUser('ana')
  const known = { userLinks: [aUserLink(ana)] }
  const [acmes, globexs] = [awsProvider('aws', 'd-0123456789'), awsProvider('globex', GLOBEX.identityStoreId)]

  it('to one is not refused for being known to another, and a name that somebody else has there is not taken', () => {
    expect(nameIdOf(ana, globexs, bothViews({ users: [ana] }, known)).value).toBe(ana.name)
    const other = aUserLink(aUser('bea'))
    const taken = { userLinks: [{ ...other, pushed: { ...other.pushed, userName: ana.name } }] }
    expect(nameIdOf(ana, globexs, bothViews({ users: [ana] }, taken)).value).toBe(ana.name)
    expect(() => nameIdOf(ana, acmes, bothViews({ users: [ana] }, taken))).toThrow('somebody else')
  })
  it('by a provider of an organization that has gone leads into none that is left', () => {
    const left = createView(aSnapshot({ users: [ana], serviceProviders: [acmes, globexs], ...known }))
    expect(organizationOfProvider(globexs, left)).toBeUndefined()
    expect(organizationOfProvider(acmes, left)).toBe(left)
  })
  it('by a provider whose store nobody can tell leads into the one that has no other', () => {
    const nameless = awsProvider('aws', 'portal')
    const view = bothViews({ users: [ana], serviceProviders: [nameless, globexs] }, known)
    expect(organizationOfProvider(nameless, view)?.organization.name).toBe('aws-identity-center')
    const more = bothViews({ serviceProviders: [nameless, { ...awsProvider('other', 'elsewhere') }, globexs] })
    expect(organizationOfProvider(nameless, more)).toBeUndefined()
  })
})

describe('removing', () => {
  const list = aList('list', { members: ['ana'], grants: [on(READ_ONLY, PROD), pinnedToLab] })
  const ana = aUser('ana')
  const links = (origin: 'adopted' | 'created') => ({ groupLinks: [aGroupLink(list, 'members', { origin })] })

  it('a list ends its group in each of them as it came there', () => {
    const view = bothViews({ users: [ana], lists: [list] }, links('adopted'), links('created'))
    const { changes } = removeList(list, { withGroup: false }, view, NOW, 'eva')
    const endings = changes.flatMap((change) =>
      'put' in change && change.put === 'group-link' ? [[change.link.organization, change.link.ending?.how]] : [],
    )
    expect(endings).toEqual([
      ['acme', 'release'],
      ['globex', 'delete'],
    ])
    expect(viewAfter(view, changes).byOrganization.map(({ groupLinks }) => groupLinks[0]?.ending?.how)).toEqual([
      'release',
      'delete',
    ])
  })
  it('a user ends what was adopted of him in each of them', () => {
    const adopted = (grant: typeof LAB_READ) => ({ adopted: [{ user: ana.id, grant, adoptedAt: NOW }] })
    const view = bothViews({ users: [ana] }, adopted(PROD_READ), adopted(LAB_READ))
    const { changes } = removeUser(ana, view, NOW, 'eva')
    expect(changes.filter((change) => 'delete' in change && change.delete === 'adopted')).toEqual([
      { delete: 'adopted', organization: 'acme', user: userId('ana'), grant: PROD_READ },
      { delete: 'adopted', organization: 'globex', user: userId('ana'), grant: LAB_READ },
    ])
    const after = viewAfter(view, changes)
    expect(after.byOrganization.flatMap((one) => one.adopted)).toEqual([])
  })
  it('counts what goes in all of them, and is held back where one of them loses too much', () => {
    const few = { organization: { ...GLOBEX, removalBudget: { ...GLOBEX.removalBudget, atLeast: 0, percent: 0 } } }
    const view = bothViews({ users: [ana], lists: [list] }, {}, few)
    const emptied = viewAfter(view, [{ put: 'list', list: { ...list, grants: { ...list.grants, roles: [] } } }])
    expect(() => confirmRemovals(view, emptied, NOW, undefined)).toThrow('more than 0 at once')
    expect(confirmRemovals(view, emptied, NOW, 'any')).toEqual({ memberships: 0, assignments: 2, confirm: 2 })
    const acmesOwn = aList('own', { members: ['ana'], grants: [on(READ_ONLY, PROD)] })
    const unasked = bothViews({ users: [ana], lists: [acmesOwn] }, {}, few)
    const without = viewAfter(unasked, [{ put: 'list', list: { ...acmesOwn, members: [] } }])
    expect(confirmRemovals(unasked, without, NOW, undefined).memberships).toBe(1)
  })
  it('an organization leaves the lists that give somebody something in the others, also through other lists', () => {
    const imported = (id: string, partial: Parameters<typeof aList>[1] = {}) =>
      aList(id, { members: ['ana'], labels: { 'teleport.dev/origin': 'aws-identity-center' }, ...partial })
    const lists = [
      imported('own', { grants: [on(READ_ONLY, PROD)] }),
      imported('linked'),
      imported('granting', { grants: [pinnedToLab] }),
      imported('inner'),
      aList('outer', { members: [aMemberList('inner')], grants: [pinnedToLab] }),
    ]
    const linkTo = (...ids: readonly string[]) => ({
      groupLinks: lists.filter(({ id }) => ids.includes(id)).map((one) => aGroupLink(one, 'members', ADOPTED)),
    })
    const view = bothViews({ users: [ana], lists }, linkTo('own', 'linked', 'granting', 'inner'), linkTo('linked'))
    const [acme, globex] = halvesOf(view)
    const { changes } = removalOfOrganization(acme, { strip: false, others: [globex] })
    expect(changes).toEqual([{ delete: 'list', id: 'own' }])
  })
  it('an organization names as left hanging only what means nothing in the others', () => {
    const bundles = [aBundle('read'), aBundle('operate', { permissionSets: [parsePattern('Operator')] })]
    const [acme, globex] = halvesOf(bothViews({ bundles }))
    const danglingIn = (...[one, other]: readonly [OrganizationView, OrganizationView]) =>
      removalOfOrganization(one, { strip: false, others: [other] }).dangling.map(({ name, references }) => [
        name,
        references,
      ])
    expect(danglingIn(acme, globex)).toEqual([])
    expect(danglingIn(globex, acme)).toEqual([['operate', ['permission set Operator']]])
    const twin = createCatalogue([anAccount('prod', '999999999999')], [LAB_READ_ONLY])
    const byId = [aBundle('b', { accounts: [{ id: parsePattern('999999999999') }] })]
    const [one, other] = halvesOf(bothViews({ bundles: byId }, {}, { catalogue: twin }))
    expect(danglingIn(other, one)).toEqual([['b', ['account prod']]])
    const offersNone = { organization: { ...GLOBEX, rolesSyncMode: 'NONE' as const } }
    const locks = [aLock({ kind: 'role', role: onLab })]
    const [left, leaving] = halvesOf(bothViews({ locks }, {}, offersNone))
    expect(danglingIn(leaving, left).map(([, references]) => references)).toEqual([[onLab]])
  })
})

it('asks a single organization as it always did', () => {
  const only = createView(aSnapshot({ organization: anOrganization(), catalogue: A_CATALOGUE }))
  expect(joinViews([only])).toBe(only)
  expect(only.byOrganization).toEqual([only])
})
