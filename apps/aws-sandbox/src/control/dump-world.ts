import type { AccountAssignment, Group, User } from '../world/records.ts'
import type { World } from '../world/world.ts'

/** The whole world in names that people and tests read; ids beside them. */
export function dumpWorld(world: World): object {
  const home = world.home()
  return {
    now: world.clock.now(),
    region: home.region,
    organizationId: home.organizationId,
    rootId: home.rootId,
    managementAccountId: home.managementAccountId,
    instanceArn: home.instanceArn,
    identityStoreId: home.identityStoreId,
    identitySource: home.identitySource.kind,
    organizationalUnits: [...world.organizationalUnits.values()],
    accounts: [...world.accounts.values()].map((account) => ({
      ...account,
      tags: world.tags.get(account.id)?.tags ?? {},
    })),
    permissionSets: [...world.permissionSets.values()],
    users: [...world.users.values()].map((user) => presentUserRow(world, user)),
    groups: [...world.groups.values()].map((group) => presentGroupRow(world, group)),
    assignments: presentAssignments(world),
    provisionings: [...world.provisionings.values()],
    inFlight: presentInFlight(world),
    oidcProviders: [...world.oidcProviders.values()],
    iamRoles: [...world.iamRoles.values()],
    scimTokens: [...world.scimTokens.values()].map(({ id, createdAt, expiresAt }) => ({ id, createdAt, expiresAt })),
  }
}

export function presentAssignments(world: World): readonly object[] {
  return [...world.assignments.values()].map((assignment) => presentAssignment(world, assignment))
}

export function presentInFlight(world: World): readonly object[] {
  return world.asyncRequests.by('status', 'IN_PROGRESS')
}

export function presentUserRow(world: World, user: User): object {
  const groups = world.memberships.by('user', user.id).map(({ groupId }) => world.groups.get(groupId)?.displayName)
  const direct = world.assignments.by('principal', user.id).map((row) => presentAssignment(world, row))
  return { ...user, groups: sorted(groups), assignments: direct }
}

export function presentGroupRow(world: World, group: Group): object {
  const members = world.memberships.by('group', group.id).map(({ userId }) => world.users.get(userId)?.userName)
  const assignments = world.assignments.by('principal', group.id).map((row) => presentAssignment(world, row))
  return { ...group, members: sorted(members), assignments }
}

/** `principalName` is absent when the principal is dead. */
function presentAssignment(world: World, assignment: AccountAssignment) {
  const { accountId, permissionSetArn, principalType, principalId } = assignment
  const principalName =
    principalType === 'USER' ? world.users.get(principalId)?.userName : world.groups.get(principalId)?.displayName
  return {
    accountId,
    accountName: world.accounts.get(accountId)?.name,
    permissionSetArn,
    permissionSet: world.permissionSets.get(permissionSetArn)?.name,
    principalType,
    principalId,
    principalName,
  }
}

function sorted(names: readonly (string | undefined)[]): readonly string[] {
  return names.filter((name) => name !== undefined).toSorted((a, b) => a.localeCompare(b))
}
