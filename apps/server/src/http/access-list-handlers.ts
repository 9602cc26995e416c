import type { AccessListView, MemberView } from '@gatehouse/api'
import {
  addMember,
  getAccessList,
  type ListedAccessList,
  listAccessLists,
  type Reading,
  readView,
  removeMember,
} from '@gatehouse/application'
import {
  canonicalName,
  DomainError,
  formatInstant,
  type ListGrants,
  type Member,
  type Requirements,
  type Traits,
  type View,
} from '@gatehouse/domain'
import { actorOf } from './actor-of.ts'
import type { SignedInContext } from './context.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceOf } from './paging.ts'

type Names = 'listAccessLists' | 'getAccessList' | 'listMembers' | 'addMember' | 'removeMember'
type ListedMember = NonNullable<ListedAccessList['members']>[number]

export function accessListHandlers(ports: HandlerPorts): Pick<ServerHandlers, Names> {
  const membersOf = async (list: string, { signal, ...who }: SignedInContext) => {
    const found = await getAccessList(ports, { actor: actorOf(who), list }, signal)
    if (found.members) return { members: found.members, ...(await readView(ports, signal)) }
    throw new DomainError({
      code: 'refused',
      message: 'Only owners of a list see who is in it.',
      remedy: 'Ask one of its owners.',
    })
  }
  return {
    async listAccessLists({ query, signal, ...who }) {
      const lists = await listAccessLists(ports, { actor: actorOf(who) }, signal)
      const { view } = await readView(ports, signal)
      return sliceOf(lists, query, (list) => presentList(list, view))
    },
    async getAccessList({ params: { id }, signal, ...who }) {
      const list = await getAccessList(ports, { actor: actorOf(who), list: id }, signal)
      return presentList(list, (await readView(ports, signal)).view)
    },
    async listMembers({ params: { id }, query, ...who }) {
      const { members, view } = await membersOf(id, who)
      return sliceOf(members, query, (listed) => presentMember(listed, view))
    },
    async addMember({ params: { id }, body: { kind, name, expires, reason }, ...who }) {
      const end = expires === undefined ? {} : { expires }
      const command = { actor: actorOf(who), list: id, member: { kind, name }, reason, ...end }
      await addMember(ports, command, who.signal)
      const { members, view } = await membersOf(id, who)
      return presentMember(getNamed(members, name), view)
    },
    async removeMember({ params: { id, member }, query: { confirmRemovals }, signal, ...who }) {
      const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
      await removeMember(ports, { actor: actorOf(who), list: id, member, ...confirmed }, signal)
    },
  }
}

function getNamed(members: readonly ListedMember[], name: string): ListedMember {
  const found = members.find((listed) => listed.name.toLowerCase() === name.toLowerCase())
  if (!found) throw new DomainError({ code: 'not-found', kind: 'member', name })
  return found
}

const presentList = ({ list, owners, members, access }: ListedAccessList, view: View): AccessListView => ({
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
  })),
  membershipRequires: presentRequirements(list.membershipRequires),
  ownershipRequires: presentRequirements(list.ownershipRequires),
  grants: presentGrants(list.grants, view),
  ownerGrants: presentGrants(list.ownerGrants, view),
  frequencyMonths: list.audit.frequencyMonths,
  dayOfMonth: list.audit.dayOfMonth,
  ...(list.audit.nextAuditDate === undefined ? {} : { nextAuditDate: formatInstant(list.audit.nextAuditDate) }),
  ...(members ? { memberCount: members.length } : {}),
  may: { edit: access.mayEdit, manageMembers: access.mayManageMembers },
})

const presentMember = ({ member, name }: ListedMember, view: Reading['view']): MemberView => ({
  kind: member.kind,
  name,
  ...titleOf(member, view),
  joined: formatInstant(member.joined),
  ...(member.expires === undefined ? {} : { expires: formatInstant(member.expires) }),
  reason: member.reason,
  addedBy: member.addedBy,
})

function titleOf(member: Member, view: View): { title?: string | undefined } {
  switch (member.kind) {
    case 'user':
      return {}
    case 'list':
      return { title: view.listById.get(member.list)?.title }
    case 'aws-only':
      return { title: member.userName }
  }
}

const presentGrants = ({ roles, traits }: ListGrants, view: View) => ({
  roles: roles.map((reference) => canonicalName(reference, view)),
  traits: copyOf(traits),
})
const presentRequirements = ({ roles, traits }: Requirements) => ({ roles: [...roles], traits: copyOf(traits) })
const copyOf = (traits: Traits): Record<string, string[]> =>
  Object.fromEntries(Object.entries(traits).map(([key, values]) => [key, [...values]]))
