import type { AccessList } from '../access-lists/access-list.ts'
import { listsAround } from '../access-lists/nesting.ts'
import { isGroupWanted } from '../desired-state/desired-for.ts'
import type { OrganizationView } from '../desired-state/view.ts'
import type { GovernanceChange } from '../documents/governance-change.ts'
import { type AccessListId, ORIGIN_IDENTITY_CENTER, ORIGIN_LABEL } from '../kernel/names.ts'
import type { RoleReference } from '../roles/role.ts'
import { providerOfOrganization } from '../saml/provider-of-organization.ts'
import type { ServiceProvider } from '../saml/service-provider.ts'
import { type Dangling, danglingRecords, derivedIn, isDerived } from './dangling.ts'

/** What goes with an organization, and what of ours then names what is gone. Nothing of it is in AWS. */
export interface OrganizationRemoval {
  /** Made from AWS groups. */
  readonly lists: readonly AccessList[]
  readonly serviceProvider: ServiceProvider | undefined
  /** Derived, so they go with the accounts and sets that they were made of. */
  readonly systemRoles: number
  readonly dangling: readonly Dangling[]
  readonly changes: readonly GovernanceChange[]
}

/**
 * @param strip takes the references out as well; memberships of lists that go are taken out in any case
 * @param others the organizations that stay: a list that gives somebody something there stays with them
 */
export function removalOfOrganization(
  view: OrganizationView,
  { strip, others = [] }: { readonly strip: boolean; readonly others?: readonly OrganizationView[] },
): OrganizationRemoval {
  const known = new Set(others.flatMap(listsKnownTo))
  const lists = importedLists(view).filter(({ id }) => !known.has(id))
  const gone = new Set(lists.map(({ id }) => id))
  const serviceProvider = providerOfOrganization(view.serviceProviders, view.organization)
  const { accounts, permissionSets } = view.catalogue
  return {
    lists,
    serviceProvider,
    systemRoles: view.organization.rolesSyncMode === 'ALL' ? accounts.size * permissionSets.size : 0,
    dangling: danglingRecords(view, gone, others),
    changes: [
      ...(serviceProvider ? [{ delete: 'service-provider', name: serviceProvider.name } as const] : []),
      ...changedLists(view, gone, strip).map((list): GovernanceChange => ({ put: 'list', list })),
      ...(strip ? strippedUsers(view) : []),
      ...lists.map(({ id }): GovernanceChange => ({ delete: 'list', id })),
    ],
  }
}

/** A list that somebody made and linked to a group stays: only those that adoption made carry the label. */
function importedLists(view: OrganizationView): readonly AccessList[] {
  const linked = new Set(adoptedLists(view))
  return view.lists.filter(({ id, labels }) => linked.has(id) && labels[ORIGIN_LABEL] === ORIGIN_IDENTITY_CENTER)
}

const adoptedLists = ({ groupLinks }: OrganizationView): readonly AccessListId[] =>
  groupLinks.flatMap(({ list, origin }) => (origin === 'adopted' ? [list] : []))

/** Lists that have a group in an organization, or are wanted there, and those through which people come into them. */
function listsKnownTo(view: OrganizationView): readonly AccessListId[] {
  const linked = view.groupLinks.flatMap(({ list, ending }) => (ending ? [] : [list]))
  const wanted = view.lists.filter((list) => SIDES.some((side) => isGroupWanted(list, side, view)))
  const known = new Set([...linked, ...wanted.map(({ id }) => id)])
  // The set grows as we walk it.
  for (const id of known) {
    const list = view.listById.get(id)
    for (const entry of [...(list?.members ?? []), ...(list?.owners ?? [])])
      if (entry.kind === 'list') known.add(entry.list)
  }
  return [...known]
}

const SIDES = ['members', 'owners'] as const

/** Lists that stay, without those that go; the store would refuse them otherwise. */
function changedLists(view: OrganizationView, gone: ReadonlySet<AccessListId>, strip: boolean): readonly AccessList[] {
  const around = new Set([...gone].flatMap((id) => listsAround(id, view.lists).map((list) => list.id)))
  const stays = (entry: { readonly kind: string; readonly list?: AccessListId }): boolean =>
    entry.list === undefined || !gone.has(entry.list)
  const kept = (references: readonly RoleReference[]): readonly RoleReference[] =>
    references.filter((reference) => !isDerived(reference, view))
  return view.lists.flatMap((list) => {
    if (gone.has(list.id)) return []
    const names = derivedIn([...list.grants.roles, ...list.ownerGrants.roles], view)
    if (!around.has(list.id) && !(strip && names.length > 0)) return []
    const { escalation, ...rest } = list
    const to = escalation?.to.filter(stays) ?? []
    return [
      {
        ...rest,
        members: list.members.filter(stays),
        owners: list.owners.filter(stays),
        grants: strip ? { ...list.grants, roles: kept(list.grants.roles) } : list.grants,
        ownerGrants: strip ? { ...list.ownerGrants, roles: kept(list.ownerGrants.roles) } : list.ownerGrants,
        ...(escalation && to.length > 0 ? { escalation: { ...escalation, to } } : {}),
        revision: list.revision + 1,
      },
    ]
  })
}

const strippedUsers = (view: OrganizationView): readonly GovernanceChange[] =>
  view.users.flatMap((user): GovernanceChange[] =>
    derivedIn(user.roles, view).length === 0
      ? []
      : [
          {
            put: 'user',
            user: {
              ...user,
              roles: user.roles.filter((reference) => !isDerived(reference, view)),
              revision: user.revision + 1,
            },
          },
        ],
  )
