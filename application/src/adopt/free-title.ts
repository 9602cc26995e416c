import { type AccessList, groupKey, isGroupWanted, ORIGIN_IDENTITY_CENTER, ORIGIN_LABEL } from '@gatehouse/domain'
import type { Draft } from './adoption-draft.ts'

/** What lists and groups are called, in lower case. */
export interface Names {
  readonly lists: Map<string, AccessList>
  readonly groups: ReadonlySet<string>
}

/** @param own the list that is to be called otherwise */
export function namesOf({ view, lists, mirror }: Draft, own?: AccessList): Names {
  const all = [...view.lists.filter(({ id }) => !lists.has(id)), ...lists.values()]
  return {
    lists: new Map(all.flatMap((list) => (list.id === own?.id ? [] : [[list.title.toLowerCase(), list]]))),
    groups: new Set([...mirror.observed.groups.values()].map(({ displayName }) => displayName.toLowerCase())),
  }
}

/**
 * What the list of a group is called: as the group. Where a list that was made of another organization's group is called
 * so, the organization's name is added, and once more where that is another group's name. A list that somebody made is
 * not taken over, and not doubled either.
 */
export function freeTitle(name: string, { view }: Draft, { lists, groups }: Names): string | undefined {
  for (let title = name; ; title = `${title} (${view.organization.name})`) {
    const other = lists.get(title.toLowerCase())
    if (other && !isOfAnotherGroup(other, view)) return undefined
    if (!other && (title === name || !groups.has(title.toLowerCase()))) return title
  }
}

/** Another organization's, or one that was adopted a moment ago. */
function isOfAnotherGroup(list: AccessList, view: Draft['view']): boolean {
  if (list.labels[ORIGIN_LABEL] !== ORIGIN_IDENTITY_CENTER) return false
  if (!view.listById.has(list.id)) return true
  return !view.groupLinkByKey.has(groupKey(list.id, 'members')) && !isGroupWanted(list, 'members', view)
}
