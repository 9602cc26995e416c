import {
  assignmentKey,
  assignmentOperationKey,
  type AwsPrincipal,
  awsPrincipalKey,
  type GrantKey,
  grantKey,
  grantOfKey,
  type GroupLink,
  renameFindingKey,
  type RoleReference,
} from '@gatehouse/domain'
import { adoptMembers, type Follows } from './adopt-members.ts'
import { answer, changeList, type Draft, draftOf, rolesFor } from './adoption-draft.ts'
import { freeTitle, namesOf } from './free-title.ts'

export function adoptIntoList(draft: Draft, link: GroupLink): void {
  const { view, mirror, shadow } = draft
  const { driftPolicy } = view.organization
  const group = mirror.observed.groups.get(link.awsGroup)
  const list = draftOf(draft, link.list)
  const held = mirror.observed.assignments.get(awsPrincipalKey({ type: 'GROUP', id: link.awsGroup }))
  if (!group || !list || link.ending) return
  const follows = (kind: keyof typeof driftPolicy): boolean =>
    (shadow && link.origin === 'adopted') ||
    driftPolicy[kind] === 'adopt' ||
    (!link.contentsAdopted && (kind === 'member-added' || kind === 'assignment-added'))

  adoptName(draft, link, group.displayName, follows('group-renamed'))
  if (link.side === 'members') adoptMembers(draft, link, group, follows)
  if (!held) return
  adoptGrants(draft, link, held, follows)
  if (!link.contentsAdopted)
    draft.records.push({
      put: 'group-link',
      link: { ...link, organization: view.organization.id, contentsAdopted: true },
    })
}

function adoptName(draft: Draft, link: GroupLink, name: string, follows: boolean): void {
  const key = renameFindingKey(link.group, link.pushedTitle, name)
  const list = draftOf(draft, link.list)
  if (!list || name === link.pushedTitle || !(follows || draft.followed.has(key))) return
  const { organization } = draft.view
  if (link.side !== 'members') return answer(draft, key, 'a group of owners is called as its list')
  const title = freeTitle(name, draft, namesOf(draft, list))
  if (title === undefined || (title !== name && !draft.shadow))
    return answer(draft, key, `another list is called "${name}"`)
  answer(draft, key)
  changeList(draft, list, { title }, [draft.followed.get(key)])
  const { adoptedUnder: _, ...rest } = link
  const under = title === name ? {} : { adoptedUnder: title }
  draft.records.push({
    put: 'group-link',
    link: { ...rest, organization: organization.id, pushedTitle: name, ...under },
  })
}

function adoptGrants(draft: Draft, link: GroupLink, held: ReadonlySet<GrantKey>, follows: Follows): void {
  const wanted = draft.desired.groups.get(link.group)
  const principal: AwsPrincipal = { type: 'GROUP', id: link.awsGroup }
  const side = link.side === 'members' ? 'grants' : 'ownerGrants'
  const isNewAccount = (key: GrantKey): boolean => !draft.mirror.adoptedAccounts.has(grantOfKey(key).account)
  const keyOf = (grant: GrantKey): string => assignmentOperationKey('delete-assignment', `group:${link.group}`, grant)
  const isFollowed = (grant: GrantKey): boolean => draft.followed.has(keyOf(grant))
  const added = [...held].filter(
    (key) =>
      !wanted?.assignments.has(key) &&
      !draft.memory.assignments.has(assignmentKey(principal, key)) &&
      (follows('assignment-added') || isFollowed(key) || isNewAccount(key)),
  )
  const list = draftOf(draft, link.list)
  const isNew = (role: RoleReference): boolean =>
    !list?.[side].roles.some((known) => known.pinned && role.pinned && grantKey(known.pinned) === grantKey(role.pinned))
  const fresh = added.flatMap((grant) => {
    const [role] = rolesFor(draft, [grant])
    const isDone = role !== undefined && isNew(role)
    answer(draft, keyOf(grant), isDone ? undefined : role ? 'the list grants it already' : 'it is not managed')
    return isDone ? [{ role, by: draft.followed.get(keyOf(grant)) }] : []
  })
  if (list && fresh.length > 0) {
    draft.summary.grants += fresh.length
    const roles = [...list[side].roles, ...fresh.map(({ role }) => role)]
    const by = fresh.map((one) => one.by)
    changeList(draft, list, { [side]: { ...list[side], roles } }, by)
  }
  if (!follows('assignment-removed')) return
  for (const key of wanted?.assignments.keys() ?? []) {
    if (held.has(key) || !draft.lost.has(assignmentKey(principal, key))) continue
    draft.removals.push(() => {
      const current = draftOf(draft, link.list)
      const stays = ({ pinned }: RoleReference): boolean => pinned === undefined || grantKey(pinned) !== key
      if (current && !current[side].roles.every(stays))
        changeList(draft, current, { [side]: { ...current[side], roles: current[side].roles.filter(stays) } })
    })
  }
}
