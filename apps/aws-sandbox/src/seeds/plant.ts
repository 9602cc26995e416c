import { provisionRole } from '../sso-admin/reserved-roles.ts'
import type { Draw } from '../world/draw.ts'
import type { AccountAssignment, Group, PermissionSet, PrincipalType, User } from '../world/records.ts'
import { assignmentKey, provisioningKey, type World } from '../world/world.ts'
import { drawAccountId } from './organization.ts'

/** Puts single things into a world that is being seeded, and returns what later ones refer to. */
export interface Planter {
  organizationalUnit(name: string, parentId?: string): string
  account(account: { name: string; parentId: string; tags?: Readonly<Record<string, string>> }): string
  permissionSet(permissionSet: Partial<PermissionSet> & { readonly name: string }): string
  user(user: { givenName: string; familyName: string; userName: string; title?: string }): string
  group(displayName: string, description: string): string
  member(groupId: string, userId: string): void
  assignment(accountId: string, permissionSetArn: string, principalType: PrincipalType, principalId: string): void
}

const PLANTED_BY = 'seed'

export function createPlanter(world: World, draw: Draw): Planter {
  const now = world.clock.now()
  const { rootId, instanceArn } = world.home()
  const stamps = { createdAt: now, updatedAt: now, createdBy: PLANTED_BY, updatedBy: PLANTED_BY }
  return {
    organizationalUnit(name, parentId = rootId) {
      const id = `ou-${rootId.slice('r-'.length)}-${draw.hex(8)}`
      world.organizationalUnits.set(id, { id, name, parentId })
      return id
    },
    account({ name, parentId, tags }) {
      const id = drawAccountId(draw)
      const email = `aws+${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}@acme.example`
      world.accounts.set(id, { id, name, email, state: 'ACTIVE', parentId, joinedMethod: 'CREATED', joinedAt: now })
      if (tags !== undefined) world.tags.set(id, { resourceId: id, tags })
      return id
    },
    permissionSet(described) {
      const arn = `${instanceArn.replace(':instance/', ':permissionSet/')}/ps-${draw.hex(16)}`
      const bare = { sessionDuration: 'PT1H', managedPolicies: [], customerManagedPolicies: [], revision: 1 }
      world.permissionSets.set(arn, { ...bare, ...described, arn, createdAt: now })
      return arn
    },
    user({ givenName, familyName, userName, title }) {
      const displayName = `${givenName} ${familyName}`
      const user: User = {
        id: draw.uuid(),
        userName,
        active: true,
        name: { givenName, familyName, formatted: displayName },
        displayName,
        title,
        emails: [{ value: userName, type: 'work', primary: true }],
        addresses: [],
        phoneNumbers: [],
        roles: [],
        photos: [],
        ...stamps,
      }
      world.users.set(user.id, user)
      return user.id
    },
    group(displayName, description) {
      const group: Group = { id: draw.uuid(), displayName, description, ...stamps }
      world.groups.set(group.id, group)
      return group.id
    },
    member(groupId, userId) {
      const membership = { id: draw.uuid(), groupId, userId, createdAt: now, createdBy: PLANTED_BY }
      world.memberships.set(membership.id, membership)
    },
    assignment(accountId, permissionSetArn, principalType, principalId) {
      const permissionSet = world.permissionSets.get(permissionSetArn)
      if (permissionSet === undefined) throw new Error(`There is no permission set ${permissionSetArn}.`)
      if (!world.provisionings.has(provisioningKey(accountId, permissionSetArn))) {
        provisionRole(world, accountId, permissionSet, draw.hex)
      }
      const assignment: AccountAssignment = { accountId, permissionSetArn, principalType, principalId, createdAt: now }
      world.assignments.set(assignmentKey(assignment), assignment)
    },
  }
}
