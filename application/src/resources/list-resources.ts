import {
  type Account,
  type AccountId,
  accountOfKey,
  denialOfSignIn,
  effectiveRoles,
  sharedGrantKey,
  heldGrants,
  type Instant,
  type Organization,
  type OrganizationView,
  type PermissionSet,
  requestableGrants,
  whyNotPushed,
} from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { heldAnywhere, readEachHoldings } from '../governance/read-holdings.ts'
import { readView } from '../governance/read-view.ts'

export interface Resources {
  readonly accounts: readonly AccountResources[]
  /** Why nothing of it can be used: AWS could not be signed in to, or does not know the user. */
  readonly warning: string | undefined
  /** False until AWS has been read whole once: then what is missing here may still be there. */
  readonly isComplete: boolean
}

export interface AccountResources {
  readonly organization: Organization
  readonly account: Account
  /** Accounts in which the viewer has nothing, and may ask for the same, share one list. */
  readonly permissionSets: readonly ResourceRow[]
}

export interface ResourceRow {
  readonly permissionSet: PermissionSet
  /** AWS serves it now, whoever decided it. */
  readonly granted: boolean
  /** Decided here and not confirmed by AWS yet. */
  readonly pending: boolean
  /** When it ends, if it does. */
  readonly until: Instant | undefined
  readonly requestable: boolean
}

export interface ListResourcesQuery {
  readonly actor: Actor
}

/** What the viewer can use in AWS now, and what he may ask for: only rows in which there is either. */
export async function listResources(
  ports: ReadPorts,
  query: ListResourcesQuery,
  signal: AbortSignal,
): Promise<Resources> {
  const reading = await readView(ports, signal)
  const { view, now, enrolled } = reading
  const { user } = personOf(actingAs(query.actor, reading))
  const roles = effectiveRoles(user, view, now) // what is assumed for a session plays no part in AWS
  const { grants: served, isRead } = heldAnywhere(await readEachHoldings(ports, enrolled, { user: user.id, signal }))
  const held = heldGrants(user, view, now)
  const requestable = requestableGrants(user, roles, view, now)
  const touched = new Set([...served, ...held.keys()].map(accountOfKey))
  const rowsIn = (account: AccountId, { catalogue }: OrganizationView): readonly ResourceRow[] =>
    [...catalogue.permissionSets.values()].flatMap((permissionSet) => {
      const key = sharedGrantKey(view.catalogue, account, permissionSet.arn)
      const row = {
        permissionSet,
        granted: served.has(key),
        pending: held.has(key) && !served.has(key),
        until: held.get(key),
        requestable: requestable.inAccount(account).has(permissionSet.arn),
      }
      return row.granted || row.pending || row.requestable ? [row] : []
    })
  const resourcesOf = (one: OrganizationView): readonly AccountResources[] => {
    const shared = new Map<ReturnType<typeof requestable.inAccount>, readonly ResourceRow[]>()
    const sharedRowsIn = (account: AccountId): readonly ResourceRow[] => {
      const offered = requestable.inAccount(account)
      const rows = shared.get(offered) ?? rowsIn(account, one)
      shared.set(offered, rows)
      return rows
    }
    return [...one.catalogue.accounts.values()]
      .filter(({ state }) => state === 'ACTIVE')
      .map((account) => ({
        organization: one.organization,
        account,
        permissionSets: touched.has(account.id) ? rowsIn(account.id, one) : sharedRowsIn(account.id),
      }))
      .filter(({ permissionSets }) => permissionSets.length > 0)
  }
  const byName = (a: AccountResources, b: AccountResources): number =>
    a.account.name.localeCompare(b.account.name, 'en') || (a.account.id < b.account.id ? -1 : 1)
  return {
    accounts: enrolled.flatMap(resourcesOf).toSorted(byName),
    warning: whyNotPushed(user) ?? denialOfSignIn(roles)?.message,
    isComplete: isRead,
  }
}
