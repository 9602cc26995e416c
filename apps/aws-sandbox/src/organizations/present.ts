import type { Account, Home, OrganizationalUnit } from '../world/records.ts'
import type { World } from '../world/world.ts'

/** Records in the shape in which the Organizations API shows them. */
export function presentAccount(world: World, account: Account) {
  const home = world.home()
  return {
    Id: account.id,
    Arn: accountArn(home, account.id),
    Email: account.email,
    Name: account.name,
    ...(world.knobs.sendAccountStatus ? { Status: retiredStatus(account) } : {}),
    State: account.state,
    Paths: [`${home.organizationId}/${pathOfParent(world, account.parentId)}/${account.id}/`],
    JoinedMethod: account.joinedMethod,
    JoinedTimestamp: new Date(account.joinedAt),
  }
}

export function presentOrganizationalUnit(world: World, unit: OrganizationalUnit) {
  const { organizationId } = world.home()
  return {
    Id: unit.id,
    Arn: parentArn(world.home(), unit.id),
    Name: unit.name,
    Path: `${organizationId}/${pathOfParent(world, unit.id)}/`,
  }
}

export function presentRoot(home: Home) {
  return {
    Id: home.rootId,
    Arn: parentArn(home, home.rootId),
    Name: 'Root',
    PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
  }
}

export function accountArn({ managementAccountId, organizationId }: Home, accountId: string): string {
  return `arn:aws:organizations::${managementAccountId}:account/${organizationId}/${accountId}`
}

/** Of a root or an organizational unit. */
export function parentArn({ managementAccountId, organizationId }: Home, id: string): string {
  return `arn:aws:organizations::${managementAccountId}:${id.startsWith('r-') ? 'root' : 'ou'}/${organizationId}/${id}`
}

/** `Status` was announced to retire on 2026-09-09; it knows fewer states than `State`. */
function retiredStatus({ state }: Account): string | undefined {
  switch (state) {
    case 'ACTIVE':
    case 'PENDING_CLOSURE':
      return state
    case 'SUSPENDED':
    case 'CLOSED':
      return 'SUSPENDED'
    case 'PENDING_ACTIVATION':
      return undefined
  }
}

function pathOfParent(world: World, parentId: string): string {
  const unit = world.organizationalUnits.get(parentId)
  return unit === undefined ? parentId : `${pathOfParent(world, unit.parentId)}/${parentId}`
}
