import { describe, expect, it } from 'vitest'
import { viewAfter } from '../documents/governance-change.ts'
import { ORIGIN_IDENTITY_CENTER, ORIGIN_LABEL } from '../kernel/names.ts'
import {
  aGroupLink,
  aList,
  aMemberList,
  anOrganization,
  aRole,
  aUser,
  aView,
  on,
  PROD,
  READ_ONLY,
} from '../testing/index.ts'
import { removalOfOrganization } from './organization-removal.ts'

const ROLE = on(READ_ONLY, PROD)
const [, instance = ''] = READ_ONLY.arn.split('/')
const organization = anOrganization({ instanceArn: `arn:aws:sso:::instance/${instance}` })
const imported = aList('imported', { labels: { [ORIGIN_LABEL]: ORIGIN_IDENTITY_CENTER }, grants: [ROLE] })
const linked = aList('linked', { grants: [ROLE, 'own-role'] })
const outer = aList('outer', { members: [aMemberList('imported')] })
const view = aView({
  organization,
  roles: [aRole('own-role'), aRole('asker', { allow: { request: { roles: [ROLE] } } })],
  users: [aUser('ana', { roles: [ROLE, 'own-role'] }), aUser('boris', { roles: ['own-role'] })],
  lists: [imported, linked, outer],
  groupLinks: [
    aGroupLink(imported, 'members', { origin: 'adopted' }),
    aGroupLink(linked, 'members', { origin: 'adopted' }),
  ],
})
const removal = (strip: boolean) => removalOfOrganization(view, { strip })

describe('removing an organization', () => {
  it('takes the lists that adoption made, and none that somebody made and linked', () => {
    expect(removal(false).lists.map(({ id }) => id)).toEqual(['imported'])
  })
  it('names whatever stays and names what goes', () => {
    const named = removal(false).dangling.map(({ kind, name, references }) => [kind, name, references])
    expect(named).toEqual([
      ['access_list', 'linked', [ROLE]],
      ['access_list', 'outer', ['access list "imported"']],
      ['user', 'ana@acme.example', [ROLE]],
      ['role', 'asker', [ROLE]],
    ])
  })
  it('leaves references as they are unless told to take them out, but for lists inside lists', () => {
    const after = viewAfter(view, removal(false).changes)
    expect(after.lists.find(({ id }) => id === 'linked')).toEqual(linked)
    expect(after.lists.find(({ id }) => id === 'outer')?.members).toEqual([])
    expect(after.users).toEqual(view.users)
  })
  it('takes all references out of lists and users when told to, and nothing else', () => {
    const after = viewAfter(view, removal(true).changes)
    const left = removalOfOrganization(after, { strip: true }).dangling
    expect(left.map(({ kind }) => kind)).toEqual(['role'])
    expect(after.users.map(({ roles }) => roles.map(({ name }) => name))).toEqual([['own-role'], ['own-role']])
    expect(after.lists.find(({ id }) => id === 'linked')?.grants.roles.map(({ name }) => name)).toEqual(['own-role'])
  })
})
