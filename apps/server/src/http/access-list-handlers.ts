import {
  type AccessListDetailView,
  type AccessListView,
  inOrder,
  type MemberView,
  type ReviewRowView,
} from '@gatehouse/api'
import {
  addMember,
  type Departure,
  type FoundAccessList,
  getAccessList,
  type GroupState,
  type ListedAccessList,
  type ListedMember,
  listMembers,
  listAccessLists,
  listReviewRows,
  listReviews,
  readDepartures,
  type Reading,
  readGroupStates,
  readView,
  removeMembers,
  reviewAccessList,
  type ReviewRow,
  titleOfMember,
} from '@gatehouse/application'
import {
  type AccessList,
  type AccessListReview,
  canonicalName,
  DomainError,
  formatDuration,
  formatInstant,
  grantOfKey,
  longestSession,
  type ListGrants,
  type Requirements,
  type ReviewStatus,
  type RoleName,
  type Traits,
  userNameOf,
  type View,
  memberKey,
} from '@gatehouse/domain'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { pageFrom, pageOf, parseCursor, sliceAfter } from './paging.ts'
import { presentSession } from './present-session.ts'

type Names =
  | 'listAccessLists'
  | 'getAccessList'
  | 'listMembers'
  | 'addMember'
  | 'removeMember'
  | 'removeMembers'
  | 'listAccessListReviews'
  | 'createAccessListReview'
  | 'listReviewRows'

export function accessListHandlers(ports: HandlerPorts): Pick<ServerHandlers, Names> {
  return {
    async listAccessLists({ query, signal, ...who }) {
      const review = query.review === undefined ? {} : { review: query.review }
      const asked = { actor: actorOf(who), search: query.search, ...review }
      const lists = await listAccessLists(ports, asked, signal)
      const { view } = await readView(ports, signal)
      return sliceAfter(inOrder(lists, query.sort, LIST_SORTS), query, {
        idOf: ({ list }) => list.id,
        present: (list) => presentList(list, view),
      })
    },
    async getAccessList({ params: { id }, signal, ...who }) {
      const list = await getAccessList(ports, { actor: actorOf(who), list: id }, signal)
      // How many are in it, and who was, is for those who may see who is.
      if (!list.members) return presentDetail(list, [], [])
      const states = await readGroupStates(ports, list.groups, signal)
      return presentDetail(list, states, await readDepartures(ports, list, signal))
    },
    async listMembers({ params: { id }, query, signal, ...who }) {
      const asked = { actor: actorOf(who), list: id, kind: query.kind, search: query.search }
      const { members, view } = await listMembers(ports, asked, signal)
      return sliceAfter(inOrder(members, query.sort, MEMBER_SORTS), query, {
        idOf: ({ member }) => memberKey(member),
        present: (listed) => presentMember(listed, view),
      })
    },
    async addMember({ params: { id }, body: { kind, name, expires, reason }, signal, ...who }) {
      const end = expires === undefined ? {} : { expires }
      const command = { actor: actorOf(who), list: id, member: { kind, name }, reason, ...end }
      await addMember(ports, command, signal)
      const { members, view } = await listMembers(ports, { actor: actorOf(who), list: id }, signal)
      return presentMember(getNamed(members, { kind, name }), view)
    },
    async removeMember({ params: { id, member: name }, query: { confirmRemovals, kind }, signal, ...who }) {
      const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
      const member = kind === undefined ? name : { name, kind }
      await removeMembers(ports, { actor: actorOf(who), list: id, members: [member], ...confirmed }, signal)
    },
    async removeMembers({ params: { id }, body: { members, confirmRemovals, dryRun }, signal, ...who }) {
      const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
      const command = { actor: actorOf(who), list: id, members, dryRun, ...confirmed }
      const { removed, removals, longestSession: longest } = await removeMembers(ports, command, signal)
      return { dryRun, removed, removals, ...presentSession(longest) }
    },
    async listAccessListReviews({ params: { id }, query: { limit, cursor }, signal, ...who }) {
      const before = cursor === undefined ? {} : { before: parseCursor(cursor) }
      // One more than asked for, to know whether there is another page.
      const found = { actor: actorOf(who), list: id, limit: limit + 1, ...before }
      return pageOf(await listReviews(ports, found, signal), limit, presentReview, ({ seq }) => seq)
    },
    async createAccessListReview({ params: { id }, body, signal, ...who }) {
      const { membershipRequires, frequencyMonths, dayOfMonth, revision, confirmRemovals } = body
      const command = {
        actor: actorOf(who),
        list: id,
        notes: body.notes,
        removeMembers: body.removeMembers,
        ...(membershipRequires ? { membershipRequires: parseRequirements(membershipRequires) } : {}),
        ...(frequencyMonths === undefined ? {} : { frequencyMonths }),
        ...(dayOfMonth === undefined ? {} : { dayOfMonth }),
        ...(revision === undefined ? {} : { revision }),
        ...(confirmRemovals === undefined ? {} : { confirmRemovals }),
      }
      const { review, waitingFor } = await reviewAccessList(ports, command, signal)
      return { review: presentReview(review), ...(waitingFor === undefined ? {} : { waitingFor }) }
    },
    async listReviewRows({ params: { id }, query: { limit, cursor, member }, signal, ...who }) {
      const start = cursor === undefined ? 0 : parseCursor(cursor)
      const asked = { actor: actorOf(who), list: id, start, limit, member }
      const { rows, total, reading } = await listReviewRows(ports, asked, signal)
      return pageFrom(start, total, rows, (row) => presentRow(row, reading.view))
    },
  }
}

const LIST_SORTS = {
  title: ({ list }: ListedAccessList) => list.title,
  members: ({ members }: ListedAccessList) => members?.length,
  review: ({ list }: ListedAccessList) => list.audit.nextAuditDate,
}
const MEMBER_SORTS = {
  name: ({ name }: ListedMember) => name,
  joined: ({ member }: ListedMember) => member.joined,
  expires: ({ member }: ListedMember) => member.expires,
}

function getNamed(
  members: readonly ListedMember[],
  { kind, name }: { readonly kind: ListedMember['member']['kind']; readonly name: string },
): ListedMember {
  const found = members.find(
    (listed) => listed.member.kind === kind && listed.name.toLowerCase() === name.toLowerCase(),
  )
  if (!found) throw new DomainError({ code: 'not-found', kind: 'member', name })
  return found
}

const presentList = (
  { list, owners, members, access, review, signedOffBy, mayReview }: ListedAccessList,
  view: View,
): AccessListView => ({
  id: list.id,
  title: list.title,
  description: list.description,
  type: list.type,
  labels: { ...list.labels },
  owners: list.owners.map((owner, index) => ({
    kind: owner.kind,
    name: owners[index]?.name ?? '',
    ...(owner.kind === 'list' ? { title: view.listById.get(owner.list)?.title } : {}),
    description: owner.description,
    ...(owners[index]?.ineligible === undefined ? {} : { ineligible: owners[index].ineligible }),
  })),
  membershipRequires: presentRequirements(list.membershipRequires),
  ownershipRequires: presentRequirements(list.ownershipRequires),
  grants: presentGrants(list.grants, view),
  ownerGrants: presentGrants(list.ownerGrants, view),
  frequencyMonths: list.audit.frequencyMonths,
  dayOfMonth: list.audit.dayOfMonth,
  ...(list.audit.nextAuditDate === undefined ? {} : { nextAuditDate: formatInstant(list.audit.nextAuditDate) }),
  revision: list.revision,
  ...(members ? { memberCount: members.length } : {}),
  ...(review ? { review: presentStatus(review, list, signedOffBy, view) } : {}),
  may: { edit: access.mayEdit, manageMembers: access.mayManageMembers, review: mayReview },
})

const presentDetail = (
  found: FoundAccessList,
  states: readonly (GroupState | undefined)[],
  departures: readonly Departure[],
): AccessListDetailView => ({
  ...presentList(found, found.reading.view),
  memberOf: found.memberOf.map(({ id, title }) => ({ id, title })),
  ownerOf: found.ownerOf.map(({ id, title }) => ({ id, title })),
  groups: found.groups.map(({ organization, side, name, link }, index) => ({
    organization,
    side,
    name,
    ...(link ? { id: link.awsGroup, origin: link.origin, ...presentState(states[index]) } : {}),
  })),
  departures: departures.map(({ confirmedAt, sessionsEndBy, ...who }) => ({
    ...who,
    confirmedAt: formatInstant(confirmedAt),
    sessionsEndBy: formatInstant(sessionsEndBy),
  })),
})

const presentState = (state: GroupState | undefined) => {
  if (!state) return {}
  const { readAt, ...rest } = state
  return { ...rest, ...(readAt === undefined ? {} : { readAt: formatInstant(readAt) }) }
}

const presentStatus = (
  { state, dueAt, opensAt, suspendsAt, suspended }: ReviewStatus,
  list: AccessList,
  signedOffBy: readonly string[],
  view: View,
): NonNullable<AccessListView['review']> => ({
  state,
  dueAt: formatInstant(dueAt),
  opensAt: formatInstant(opensAt),
  ...(suspendsAt === undefined ? {} : { suspendsAt: formatInstant(suspendsAt) }),
  suspended,
  requiredReviewers: list.audit.requiredReviewers,
  ...(list.escalation
    ? {
        escalation: {
          after: formatDuration(list.escalation.after),
          to: list.escalation.to.map((target) =>
            target.kind === 'user' ? userNameOf(target.user, view) : target.list,
          ),
        },
      }
    : {}),
  signedOffBy: [...signedOffBy],
})

const presentReview = ({ id, list, reviewer, reviewedAt, notes, changes, nextAuditDate }: AccessListReview) => ({
  id,
  list,
  reviewers: [reviewer],
  reviewDate: formatInstant(reviewedAt),
  notes,
  changes: {
    removedMembers: [...changes.removedMembers],
    ...(changes.askedRemovals ? { askedRemovals: [...changes.askedRemovals] } : {}),
    ...(changes.membershipRequires ? { membershipRequires: presentRequirements(changes.membershipRequires) } : {}),
    ...(changes.frequencyMonths === undefined ? {} : { frequencyMonths: changes.frequencyMonths }),
    ...(changes.dayOfMonth === undefined ? {} : { dayOfMonth: changes.dayOfMonth }),
  },
  ...(nextAuditDate === undefined ? {} : { nextAuditDate: formatInstant(nextAuditDate) }),
})

/** More would be a wall of text, and the number says the rest. */
const MAX_LOSSES_SHOWN = 50

const presentRow = ({ member, name, lost, lastSignIn }: ReviewRow, view: View): ReviewRowView => ({
  ...presentMember({ member, name }, view),
  ...(lastSignIn === undefined ? {} : { lastSignIn: formatInstant(lastSignIn) }),
  people: lost.people,
  loses: lost.grants.slice(0, MAX_LOSSES_SHOWN).map((grant) => {
    const { account, permissionSet } = grantOfKey(grant)
    return {
      account: { id: account, name: view.catalogue.accounts.get(account)?.name ?? account },
      permissionSet: {
        arn: permissionSet,
        name: view.catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet,
      },
    }
  }),
  losesCount: lost.grants.length,
  ...presentSession(longestSession(lost.grants, view.catalogue)),
})

const parseRequirements = ({ roles, traits }: { roles: readonly string[]; traits: Traits }): Requirements => ({
  roles: roles.map((role) => role as RoleName), // whoever has no such role does not meet it, whatever it is
  traits,
})

const presentMember = ({ member, name, ineligible }: ListedMember, view: Reading['view']): MemberView => ({
  kind: member.kind,
  name,
  ...titled(titleOfMember(member, view)),
  joined: formatInstant(member.joined),
  ...(member.expires === undefined ? {} : { expires: formatInstant(member.expires) }),
  reason: member.reason,
  addedBy: member.addedBy,
  ...(ineligible === undefined ? {} : { ineligible }),
})

const titled = (title: string | undefined) => (title === undefined ? {} : { title })

const presentGrants = ({ roles, traits }: ListGrants, view: View) => ({
  roles: roles.map((reference) => canonicalName(reference, view)),
  traits: copyOf(traits),
})
const presentRequirements = ({ roles, traits }: Requirements) => ({ roles: [...roles], traits: copyOf(traits) })
const copyOf = (traits: Traits): Record<string, string[]> =>
  Object.fromEntries(Object.entries(traits).map(([key, values]) => [key, [...values]]))
