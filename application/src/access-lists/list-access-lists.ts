import {
  type AccessList,
  canonicalName,
  type GroupLink,
  groupKey,
  type GroupSide,
  groupTitle,
  isGroupWanted,
  mayReviewList,
  memberName,
  type Member,
  type OrganizationId,
  reviewStatusOf,
  type ReviewStatus,
  type RoleName,
  userNameOf,
  whyNotMember,
  whyNotOwner,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, may } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import {
  accessToList,
  getVisibleList,
  isBarred,
  type ListAccess,
  listsAround,
  TO_LIST,
} from '../governance/visibility.ts'

export interface ListedAccessList {
  readonly list: AccessList
  readonly owners: readonly { readonly kind: 'user' | 'list'; readonly name: string; readonly ineligible?: string }[]
  /** Absent for those who may not see who is in it. `ineligible`: why the entry does not count now. */
  readonly members:
    | readonly { readonly member: Member; readonly name: string; readonly ineligible?: string | undefined }[]
    | undefined
  readonly grantedRoles: readonly RoleName[]
  readonly access: ListAccess
  /** Absent for lists that are kept elsewhere. */
  readonly review: ReviewStatus | undefined
  /** Who has reviewed it already, while others still have to. */
  readonly signedOffBy: readonly string[]
  readonly mayReview: boolean
}

/** The lists that the viewer administers, owns or is in, by title. */
export async function listAccessLists(
  ports: ReadPorts,
  query: {
    readonly actor: Actor
    /** Only those up for review or overdue, only overdue ones, or of the former those the viewer may review. */
    readonly review?: 'due' | 'overdue' | 'mine'
    /** Only those whose title, id or description holds it, in any case. */
    readonly search?: string | undefined
  },
  signal: AbortSignal,
): Promise<readonly ListedAccessList[]> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const wanted = query.search?.trim().toLowerCase() ?? ''
  return reading.view.lists
    .filter((list) => `${list.title}\n${list.id}\n${list.description}`.toLowerCase().includes(wanted))
    .flatMap((list) => present(list, acting, reading))
    .filter((listed) => isWanted(listed, query.review))
    .toSorted((a, b) => (a.list.title < b.list.title ? -1 : 1))
}

export interface FoundAccessList extends ListedAccessList {
  /** Lists that it is in and that it owns, of those the viewer may see. */
  readonly memberOf: readonly AccessList[]
  readonly ownerOf: readonly AccessList[]
  /** What it is in AWS, or will be where there is no link. */
  readonly groups: readonly {
    readonly organization: string
    readonly organizationId: OrganizationId
    readonly side: GroupSide
    readonly name: string
    readonly link: GroupLink | undefined
  }[]
  /** What it was found in: names of what it holds are looked up there, and not in what is there a moment later. */
  readonly reading: Reading
}

/** @throws DomainError `not-found`, also for a list that the viewer may not see */
export async function getAccessList(
  ports: ReadPorts,
  query: { readonly actor: Actor; readonly list: string },
  signal: AbortSignal,
): Promise<FoundAccessList> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const { list, access } = getVisibleList(query.list, acting, reading)
  return {
    ...describe(list, access, acting, reading),
    ...listsAround(list, acting, reading),
    groups: maySeeGroups(access, acting, reading) ? groupsOf(list, reading) : [],
    reading,
  }
}

/** Which organizations there are, and what AWS calls a group there, is not for everybody who may see the list. */
const maySeeGroups = ({ maySeeMembers }: ListAccess, acting: Acting, { enrolled }: Reading): boolean =>
  enrolled.length <= 1 || maySeeMembers || may(acting, 'read', 'aws_identity_center', { name: '', labels: {} })

const groupsOf = (list: AccessList, { enrolled }: Reading): FoundAccessList['groups'] =>
  enrolled.flatMap((view) =>
    (['members', 'owners'] as const).flatMap((side) => {
      const link = view.groupLinkByKey.get(groupKey(list.id, side))
      if (!link && !isGroupWanted(list, side, view)) return []
      const { id: organizationId, name: organization } = view.organization
      return [{ organization, organizationId, side, name: link?.pushedTitle ?? groupTitle(list.title, side), link }]
    }),
  )

function present(list: AccessList, acting: Acting, reading: Reading): readonly ListedAccessList[] {
  const access = accessToList(list, acting, reading, TO_LIST)
  return access ? [describe(list, access, acting, reading)] : []
}

function isWanted({ review, mayReview }: ListedAccessList, wanted: 'due' | 'overdue' | 'mine' | undefined): boolean {
  if (wanted === undefined) return true
  if (review === undefined || review.state === 'later') return false
  return wanted === 'due' || (wanted === 'overdue' ? review.state === 'overdue' : mayReview)
}

const describe = (list: AccessList, access: ListAccess, acting: Acting, { view, now }: Reading): ListedAccessList => ({
  list: access.maySeeMembers ? list : { ...list, members: [] },
  owners: list.owners.map((owner) => ({
    kind: owner.kind,
    name: owner.kind === 'user' ? userNameOf(owner.user, view) : owner.list,
    // What the list asks of its owners, and whether they meet it, is for those who manage it.
    ...(access.maySeeMembers ? ineligible(whyNotOwner(list, owner, view, now)) : {}),
  })),
  members: access.maySeeMembers
    ? list.members.map((member) => ({
        member,
        name: memberName(member, view),
        // Worked out for those who are shown: a list may have thousands, and a page has a hundred.
        get ineligible() {
          return whyNotMember(list, member, view, now)
        },
      }))
    : undefined,
  grantedRoles: list.grants.roles.map((reference) => canonicalName(reference, view)),
  access,
  review: reviewStatusOf(list, now),
  signedOffBy: list.signOffs.map(({ user }) => userNameOf(user, view)),
  mayReview:
    acting.user !== undefined &&
    !isBarred(list, acting) &&
    mayReviewList(list, { user: acting.user, isAdministrator: access.mayEdit }, view, now),
})

const ineligible = (reason: string | undefined): { ineligible?: string } =>
  reason === undefined ? {} : { ineligible: reason }
