import { expect, it } from 'vitest'
import { joinViews } from '../desired-state/join-views.ts'
import { createView, type OrganizationView, type View } from '../desired-state/view.ts'
import { parsePattern } from '../kernel/pattern.ts'
import type { AccessRequestId } from '../kernel/names.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { isKnown } from '../roles/role-names.ts'
import {
  anOrganization,
  aRole,
  aSnapshot,
  aUser,
  aView,
  GLOBEX,
  GLOBEX_CATALOGUE,
  LAB,
  LAB_READ_ONLY,
  NOW,
  on,
  PROD,
  READ_ONLY,
} from '../testing/index.ts'
import { requestCapabilities } from './capabilities.ts'
import { allRequestable, fileRequest } from './file-request.ts'

const ana = aUser('ana', { roles: ['asker'] })
const lent = { name: on(LAB_READ_ONLY, LAB), pinned: { account: LAB.id, permissionSet: LAB_READ_ONLY.arn } }
const records = {
  users: [ana, { ...aUser('bea'), roles: [lent] }],
  roles: [aRole('asker', { allow: { request: { roles: [parsePattern('*')] } } }), aRole('stored')],
}
const NONE = { rolesSyncMode: 'NONE' } as const

/** Two organizations, the second of which offers no roles derived from AWS. */
function both(): View {
  const first: OrganizationView = createView(aSnapshot(records))
  const other = { ...records, organization: { ...GLOBEX, ...NONE }, catalogue: GLOBEX_CATALOGUE }
  return joinViews([first, createView(aSnapshot(other), first)])
}
const askable = (view: View) => allRequestable({ user: ana, roles: effectiveRoles(ana, view, NOW), view, now: NOW })
const ask = (view: View) => {
  const wish = { roles: ['*'], resourceIds: [], reason: 'INC-7', suggestedReviewers: [] }
  return fileRequest('r-1' as AccessRequestId, ana, wish, view, NOW).roles.map(({ name }) => name)
}

it('offers no roles of an organization that derives none, and those of the others', () => {
  const view = both()
  const names = askable(view).map(({ name }) => name)
  expect(names).toContain(on(READ_ONLY, PROD))
  expect(names).toContain('stored')
  expect(names.filter((name) => name.includes('-on-lab-'))).toEqual([])
  expect(askable(view).filter((reference) => !isKnown(reference, view))).toEqual([])
  expect(requestCapabilities(ana, effectiveRoles(ana, view, NOW), view, NOW).roles).toEqual(names)
})

it('* asks for all that is offered, where one organization derives no roles or none does', () => {
  const view = both()
  expect(ask(view)).toEqual(askable(view).map(({ name }) => name))
  expect(ask(aView({ ...records, organization: anOrganization(NONE) }))).toEqual(['stored'])
})
