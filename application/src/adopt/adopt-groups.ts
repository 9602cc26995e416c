import {
  type AccessList,
  type AccessListId,
  type AwsGroupId,
  awsPrincipalKey,
  type GrantKey,
  type GroupLink,
  groupKey,
  nextAuditDateAfter,
  NO_GRANTS,
  NO_REQUIREMENTS,
  ORIGIN_IDENTITY_CENTER,
  ORIGIN_LABEL,
  type ObservedGroup,
  passesFilter,
  DEFAULT_SCHEDULE,
} from '@gatehouse/domain'
import type { Of } from '../ports/store.ts'
import { type Draft, memberFor, rolesFor } from './adoption-draft.ts'
import { freeTitle, namesOf } from './free-title.ts'

type Group = Pick<ObservedGroup, 'id' | 'displayName' | 'externalId'>

export function adoptGroups(draft: Draft): void {
  const { view, mirror } = draft
  if (!draft.shadow) return
  const names = namesOf(draft)
  const linked = new Set(view.groupLinks.map(({ awsGroup }) => awsGroup))
  for (const group of mirror.observed.groups.values()) {
    const isRead = mirror.observed.assignments.has(awsPrincipalKey({ type: 'GROUP', id: group.id }))
    if (
      linked.has(group.id) ||
      !isRead ||
      !passesFilter(view.organization.groupFilter, { id: group.id, name: group.displayName })
    )
      continue
    if (view.listById.has(listIdOf(group.id))) {
      draft.notes.push({
        kind: 'name-conflict',
        about: group.displayName,
        message: `The list "${group.id}" exists already, so the group was not adopted. Link them with "tctl plugins link".`,
      })
      continue
    }
    const maker = madeFrom(group, view)
    if (maker) {
      draft.records.push({ put: 'group-link', link: linkBack(draft, group, maker) })
      continue
    }
    const title = freeTitle(group.displayName, draft, names)
    if (title === undefined) {
      draft.notes.push({
        kind: 'name-conflict',
        about: group.displayName,
        message: `A list of the title "${group.displayName}" exists already, so the group was not adopted. Rename the list, or link it with "tctl plugins link".`,
      })
      continue
    }
    const id = listIdOf(group.id)
    draft.summary.lists++
    const list: AccessList = {
      id,
      title,
      description: '',
      type: '',
      labels: { [ORIGIN_LABEL]: ORIGIN_IDENTITY_CENTER },
      owners: view.organization.defaultOwners.map((user) => ({ kind: 'user', user, description: '' })),
      members: [...group.members].flatMap((awsUser) => memberFor(draft, awsUser)),
      membershipRequires: NO_REQUIREMENTS,
      ownershipRequires: NO_REQUIREMENTS,
      grants: { roles: rolesFor(draft, grantsHeldBy(draft, group.id)), traits: {} },
      ownerGrants: NO_GRANTS,
      audit: { ...DEFAULT_SCHEDULE, nextAuditDate: nextAuditDateAfter(draft.now, DEFAULT_SCHEDULE) },
      signOffs: [],
      revision: 1,
    }
    draft.lists.set(id, list)
    names.lists.set(title.toLowerCase(), list)
    draft.records.push({
      put: 'group-link',
      link: {
        organization: view.organization.id,
        group: groupKey(id, 'members'),
        list: id,
        side: 'members',
        awsGroup: group.id,
        origin: 'adopted',
        pushedTitle: group.displayName,
        ...(title === group.displayName ? {} : { adoptedUnder: title }),
        contentsAdopted: true,
      },
    })
  }
}

/**
 * A group that we made from a list in a former enrolment carries that list's id in AWS; if the list is still there and
 * is called so, the group is its again.
 */
function madeFrom(group: Group, view: Draft['view']): AccessList | undefined {
  if (group.externalId === undefined) return undefined
  return view.lists.find(
    ({ id, title }) =>
      group.externalId === groupKey(id, 'members') && title.toLowerCase() === group.displayName.toLowerCase(),
  )
}

/**
 * What the group holds by now is adopted into the list before anything is compared. So is who is in it, if the list gives
 * no more than the group does; otherwise whoever was put there since is shown in the plan.
 */
const linkBack = ({ view }: Draft, group: Group, { id }: AccessList): GroupLink & Of => ({
  organization: view.organization.id,
  group: groupKey(id, 'members'),
  list: id,
  side: 'members',
  awsGroup: group.id,
  origin: 'created',
  pushedTitle: group.displayName,
  contentsAdopted: false,
})

/** An imported list is named by its group's id (governance facts, "Group import"). */
const listIdOf = (group: AwsGroupId): AccessListId => group as string as AccessListId // same text, now as our own immutable name

function grantsHeldBy({ mirror }: Draft, group: AwsGroupId): ReadonlySet<GrantKey> {
  return mirror.observed.assignments.get(awsPrincipalKey({ type: 'GROUP', id: group })) ?? new Set()
}
