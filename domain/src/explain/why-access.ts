import { soonest } from '../access-lists/memberships.ts'
import {
  type DesiredUser,
  desiredForUser,
  leasesOfList,
  type Lease,
  type Withheld,
} from '../desired-state/desired-for.ts'
import type { OrganizationView, View } from '../desired-state/view.ts'
import { type GrantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import type { AccountId } from '../identity-center/account.ts'
import type { PermissionSetArn } from '../identity-center/permission-set.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId } from '../kernel/names.ts'
import { type GroupSide, parseGroupKey } from '../organizations/link.ts'
import type { User } from '../users/user.ts'

/** One way on which a person comes to an account with a permission set. */
export interface AccessPath {
  readonly grant: GrantKey
  readonly lease: Lease
  /** From the list that names the person up to the one that grants; empty for what the person holds directly. */
  readonly through: readonly AccessListId[]
  /** Whether the last of these lists grants it to its members or to its owners. */
  readonly side?: GroupSide
}

/** Every way to what somebody has, and what he was granted and does not get, with the reason. */
export interface Explanation {
  readonly user: User
  readonly paths: readonly AccessPath[]
  readonly withheld: readonly Withheld[]
  /** Granted on what AWS does not have now. */
  readonly waiting: readonly GrantKey[]
}

/** What is asked about: an account, and in it one permission set or all. */
export interface Asked {
  readonly account: AccountId
  readonly permissionSet?: PermissionSetArn
}

/** Why somebody has access to an account, or to all: the same functions answer by which AWS is told. */
export function whyAccess(user: User, view: View, now: Instant, asked?: Asked): Explanation {
  const all = view.byOrganization.map((one) => whyWithin(user, one, now, asked))
  return {
    user,
    paths: all.flatMap(({ paths }) => paths),
    withheld: withheldIn(
      view,
      all.map(({ withheld }) => withheld),
    ),
    waiting: [...new Set(all.flatMap(({ waiting }) => waiting))],
  }
}

/** What all organizations say is said once; what only some say, with their names. */
function withheldIn({ byOrganization }: View, all: readonly (readonly Withheld[])[]): readonly Withheld[] {
  const rows = byOrganization.flatMap(({ organization }, index) =>
    (all[index] ?? []).map((row) => ({ row, in: organization })),
  )
  const same = Map.groupBy(rows, ({ row }) => JSON.stringify([row.user, row.list, row.grant, row.reason]))
  return [...same.values()].flatMap((some) =>
    // A grant says where it is.
    some.length === all.length || some.some(({ row }) => row.grant !== undefined)
      ? some.slice(0, 1).map(({ row }) => row)
      : some.map(({ row, in: { id, name } }) => ({ ...row, reason: `In ${name}: ${row.reason}`, organization: id })),
  )
}

function whyWithin(user: User, view: OrganizationView, now: Instant, asked?: Asked): Explanation {
  const desired = desiredForUser(user, view, now)
  const isAsked = (grant: GrantKey): boolean => {
    const { account, permissionSet } = grantOfKey(grant)
    if (!asked) return true
    return account === asked.account && (asked.permissionSet === undefined || permissionSet === asked.permissionSet)
  }
  return {
    user,
    paths: [...directPaths(desired), ...groupPaths(desired, view, now)].filter(({ grant }) => isAsked(grant)),
    withheld: desired.withheld.filter(({ grant }) => grant === undefined || isAsked(grant)),
    waiting: desired.waiting.filter(isAsked),
  }
}

const directPaths = ({ assignments }: DesiredUser): readonly AccessPath[] =>
  [...assignments].flatMap(([grant, leases]) =>
    leases.map((lease) => ({ grant, lease, through: lease.cause.kind === 'list' ? [lease.cause.list] : [] })),
  )

const groupPaths = ({ groups }: DesiredUser, view: OrganizationView, now: Instant): readonly AccessPath[] =>
  [...groups].flatMap(([key, membership]) => {
    const { side } = parseGroupKey(key)
    const list = view.listById.get(membership.list)
    return [...(list ? leasesOfList(list, side, view, now) : [])].flatMap(([grant, leases]) =>
      leases.map((lease) => ({
        grant,
        side,
        lease: { ...lease, until: soonest(lease.until, membership.until) },
        through: membership.path,
      })),
    )
  })
