import { describe, expect, it } from 'vitest'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import { DomainError } from '../kernel/problems.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { groupFilterFor, passesFilter } from '../organizations/filters.ts'
import { groupKey } from '../organizations/link.ts'
import {
  aList,
  anOrganization,
  aUser,
  aView,
  ADMIN,
  listId,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
} from '../testing/builders.ts'
import { referTo, referToAll, resolveName } from './role-names.ts'

const GRANT = { account: PROD.id, permissionSet: READ_ONLY.arn }
const HELD = { name: on(READ_ONLY, PROD), pinned: GRANT }
const view = (rolesSyncMode: 'ALL' | 'NONE'): OrganizationView =>
  aView({
    organization: anOrganization({ rolesSyncMode }),
    users: [aUser('ana')],
    lists: [aList('readers', { members: ['ana'], grants: [HELD] })],
  })

describe('an organization without derived roles', () => {
  it('goes on giving what was granted before', () => {
    const granted = (mode: 'ALL' | 'NONE') => [
      ...(computeDesiredState(view(mode), NOW)
        .groups.get(groupKey(listId('readers'), 'members'))
        ?.assignments.keys() ?? []),
    ]
    expect(granted('NONE')).toEqual([grantKey(GRANT)])
    expect(granted('NONE')).toEqual(granted('ALL'))
  })
  it('knows by name only what somebody has', () => {
    expect(resolveName(on(READ_ONLY, PROD), view('NONE'))).toMatchObject({ kind: 'system', grant: GRANT })
    expect(resolveName(on(ADMIN, SANDBOX), view('NONE')).kind).toBe('unknown')
    expect(resolveName(on(ADMIN, SANDBOX), view('ALL')).kind).toBe('system')
  })
  it('lets nobody grant another, and keeps what a record has', () => {
    const kept = on(READ_ONLY, PROD)
    expect(() => referToAll([kept, on(ADMIN, SANDBOX)], [HELD], view('NONE'), 'f')).toThrow(DomainError)
    expect(referToAll([kept], [HELD], view('NONE'), 'f')).toEqual([HELD])
    expect(referTo(on(READ_ONLY, PROD), view('NONE'))).toEqual(HELD)
    expect(referTo(on(ADMIN, SANDBOX), view('NONE')).pinned).toBeUndefined()
  })
  it('takes over no groups, and refuses to choose some', () => {
    const filter = groupFilterFor('NONE', [])
    expect(passesFilter(filter, { id: 'g-1', name: 'platform' })).toBe(false)
    expect(() => groupFilterFor('NONE', [{ include: 'name', pattern: parsePattern('a*') }])).toThrow(
      'takes over no groups',
    )
    expect(groupFilterFor('ALL', [])).toEqual([])
  })
})
