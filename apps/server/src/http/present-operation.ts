import type { OperationView } from '@gatehouse/api'
import { causeText } from '@gatehouse/application'
import {
  formatInstant,
  grantOfKey,
  type Lease,
  leasesEnd,
  type Operation,
  operationKey,
  type PrincipalRef,
  removalOf,
  type View,
} from '@gatehouse/domain'

/** One operation in words and in parts. */
export function presentOperation(operation: Operation, view: Pick<View, 'catalogue'>): OperationView {
  const removal = removalOf(operation)
  const shared = {
    key: operationKey(operation),
    kind: operation.kind,
    removes: removal !== undefined,
    ...(removal ? { cause: causeText(removal.cause) } : {}),
  }
  switch (operation.kind) {
    case 'create-user':
      return { ...shared, user: operation.profile.userName, summary: `Create user ${operation.profile.userName}` }
    case 'update-user': {
      const what =
        operation.changes.active === false ? 'Deactivate' : operation.changes.active === true ? 'Activate' : 'Update'
      return { ...shared, user: operation.userName, summary: `${what} user ${operation.userName}` }
    }
    case 'delete-user':
      return { ...shared, user: operation.userName, summary: `Delete user ${operation.userName}` }
    case 'create-group':
      return { ...shared, group: operation.title, summary: `Create group "${operation.title}"` }
    case 'rename-group':
      return { ...shared, group: operation.title, summary: `Rename group "${operation.from}" to "${operation.title}"` }
    case 'delete-group':
      return { ...shared, group: operation.title, summary: `Delete group "${operation.title}"` }
    case 'add-member':
    case 'remove-member': {
      const { group, member } = operation
      const summary =
        operation.kind === 'add-member'
          ? `Add ${member.userName} to "${group.title}"`
          : `Remove ${member.userName} from "${group.title}"`
      return { ...shared, group: group.title, user: member.userName, summary }
    }
    case 'create-assignment':
    case 'delete-assignment': {
      const { account: accountId, permissionSet: arn } = grantOfKey(operation.grant)
      const account = { id: accountId, name: view.catalogue.accounts.get(accountId)?.name ?? accountId }
      const permissionSet = { arn, name: view.catalogue.permissionSets.get(arn)?.name ?? arn }
      const principal = { type: operation.principal.type, name: nameOf(operation.principal) }
      const verb = operation.kind === 'create-assignment' ? 'Assign' : 'Unassign'
      return {
        ...shared,
        account,
        permissionSet,
        principal,
        lane: operation.lane,
        summary: `${verb} ${permissionSet.name} on ${account.name} (${account.id}) ${verb === 'Assign' ? 'to' : 'from'} ${principal.type === 'GROUP' ? 'group ' : ''}${principal.name}`,
        ...(operation.kind === 'create-assignment' ? { cause: leasesText(operation.leases) } : {}),
      }
    }
  }
}

const nameOf = (principal: PrincipalRef): string => (principal.type === 'USER' ? principal.userName : principal.title)

function leasesText(leases: readonly Lease[]): string {
  const until = leasesEnd(leases)
  const causes = leases.map(({ cause }) => {
    switch (cause.kind) {
      case 'role':
        return `role ${cause.role}`
      case 'request':
        return `request ${cause.request}`
      case 'list':
        return `list ${cause.list}, role ${cause.role}`
      case 'adopted':
        return 'adopted'
    }
  })
  return `${causes.join('; ')}${until === undefined ? '' : `, until ${formatInstant(until)}`}`
}
