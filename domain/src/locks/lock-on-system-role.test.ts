import { describe, expect, it } from 'vitest'
import { computeDesiredState } from '../desired-state/compute-desired-state.ts'
import { desiredForUser } from '../desired-state/desired-for.ts'
import { createDesiredStateTracker } from '../desired-state/track-desired-state.ts'
import { createView, deriveView, type Snapshot } from '../desired-state/view.ts'
import { createCatalogue } from '../identity-center/catalogue.ts'
import type { PermissionSet } from '../identity-center/permission-set.ts'
import {
  ADMIN,
  aList,
  aLock,
  anOrganization,
  aPermissionSet,
  aSnapshot,
  aUser,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
} from '../testing/index.ts'
import { canonicalLocks } from './canonical-locks.ts'

// Granted while the account was called prod; since then it was renamed in AWS.
const RENAMED = { ...PROD, name: 'production' }
const [SHORT, LONG] = [aPermissionSet('Admin'), aPermissionSet('Admin-on-call')]
const SCENES = {
  'one set fits its start': { sets: [ADMIN, READ_ONLY], set: ADMIN, rolesSyncMode: 'ALL' },
  'two sets fit its start': { sets: [SHORT, LONG], set: LONG, rolesSyncMode: 'ALL' },
  'no derived roles are offered': { sets: [ADMIN, READ_ONLY], set: ADMIN, rolesSyncMode: 'NONE' },
} as const

function granted(scene: {
  sets: readonly PermissionSet[]
  set: PermissionSet
  rolesSyncMode: 'ALL' | 'NONE'
}): Snapshot {
  const reference = { name: on(scene.set, PROD), pinned: { account: PROD.id, permissionSet: scene.set.arn } }
  return aSnapshot({
    organization: anOrganization({ rolesSyncMode: scene.rolesSyncMode }),
    users: [aUser('ana', { roles: [reference] }), aUser('bea')],
    lists: [aList('team', { members: ['bea'], grants: [reference] })],
    catalogue: createCatalogue([RENAMED, SANDBOX], [...scene.sets]),
  })
}

describe('a lock on a system role', () => {
  for (const [name, scene] of Object.entries(SCENES))
    it(`takes away at once what was granted under its former name, where ${name}`, () => {
      const snapshot = granted(scene)
      const before = createView(snapshot)
      const tracker = createDesiredStateTracker()
      tracker.advance(before, NOW)
      const locked = { ...snapshot, locks: [aLock({ kind: 'role', role: on(scene.set, RENAMED) })] }
      const { desired } = tracker.advance(deriveView(before, locked), NOW)
      expect(desired).toEqual(computeDesiredState(createView(locked), NOW))
      expect([...desired.users.values()].map(({ assignments }) => assignments.size)).toEqual([0, 0])
      expect([...desired.groups.values()].map(({ assignments }) => assignments.size)).toEqual([0])
    })

  it('that was made before the account was renamed stays shut, where two sets fit the start of its name', () => {
    const snapshot = granted(SCENES['two sets fit its start'])
    const reference = { name: on(LONG, RENAMED), pinned: { account: PROD.id, permissionSet: LONG.arn } }
    const ana = aUser('ana', { roles: [reference] })
    const locks = canonicalLocks([aLock({ kind: 'role', role: on(LONG, PROD) })], new Set(), snapshot.catalogue)
    const view = createView({ ...snapshot, users: [ana], locks })
    expect(desiredForUser(ana, view, NOW).assignments.size).toBe(0)
  })
})
