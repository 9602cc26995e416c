import type { DesiredGroup } from '../desired-state/desired-for.ts'
import type { GroupKey, GroupLink } from '../organizations/link.ts'
import { mayHoldAssignments, type Planner } from './planner.ts'

export function planGroupOf(planner: Planner, group: GroupKey): void {
  const wanted = planner.desired.groups.get(group)
  const link = planner.view.groupLinkByKey.get(group)
  if (wanted) planGroup(planner, wanted, link)
  else if (link) planUnwantedGroup(planner, link)
}

function planGroup(
  { view, observed, operations, notes, drift, ...planner }: Planner,
  wanted: DesiredGroup,
  link: GroupLink | undefined,
): void {
  const { driftPolicy } = view.organization
  const present = link && observed.groups.get(link.awsGroup)
  if (link && present) {
    const renamedThere = present.displayName !== link.pushedTitle && driftPolicy['group-renamed'] === 'revert'
    const isDoubtful = planner.uncertain.has(`group ${link.awsGroup}`)
    const operation = {
      kind: 'rename-group',
      group: wanted.group,
      awsGroup: link.awsGroup,
      title: wanted.title,
      from: present.displayName,
    } as const
    if (wanted.title !== link.pushedTitle || isDoubtful || (renamedThere && present.displayName !== wanted.title))
      operations.push(operation)
    else if (present.displayName !== link.pushedTitle) {
      const message = `Group ${wanted.title} was renamed in AWS to "${present.displayName}".`
      drift.push({ kind: 'group-renamed', message, operation })
    }
    return
  }
  const { group, title } = wanted
  const isKept = link?.adoptedUnder !== undefined && link.pushedTitle === title
  const under = isKept ? { adoptedUnder: link.adoptedUnder } : {}
  const replaces = link && { replaces: { awsGroup: link.awsGroup, origin: link.origin } }
  const operation = { kind: 'create-group', group, title, ...under, ...replaces } as const
  if (link && driftPolicy['group-deleted'] !== 'revert') {
    drift.push({ kind: 'group-deleted', message: `Group ${wanted.title} was deleted in AWS.`, operation })
    return
  }
  if (planner.groupNames.has(wanted.title.toLowerCase())) {
    notes.push({ kind: 'name-conflict', about: wanted.title, message: nameTaken(wanted.title, view, observed) })
    return
  }
  operations.push(operation)
}

/** Whose the name is in AWS by now, and what to do. */
function nameTaken(name: string, { groupLinks, listById }: Planner['view'], { groups }: Planner['observed']): string {
  const isCalledSo = ({ awsGroup }: GroupLink): boolean =>
    groups.get(awsGroup)?.displayName.toLowerCase() === name.toLowerCase()
  const link = groupLinks.find(isCalledSo)
  if (!link)
    return `Identity Center has a group "${name}" that is not linked. Nothing is written until "tctl plugins link" says it is this list's.`
  const list = listById.get(link.list)
  if (!list || link.ending)
    return `The group "${name}" in Identity Center is that of a list that was removed. Nothing is written before it is gone; where it is to stay there, give this list another title.`
  return `The group "${name}" in Identity Center is that of the list "${list.title}". Nothing is written until one of the two lists is given another title; its group is then called so, too.`
}

function planUnwantedGroup(planner: Planner, link: GroupLink): void {
  if (!planner.observed.groups.has(link.awsGroup) || link.ending?.how === 'release') return
  if (mayHoldAssignments(planner, { type: 'GROUP', id: link.awsGroup })) return
  planner.operations.push({
    kind: 'delete-group',
    group: link.group,
    awsGroup: link.awsGroup,
    title: link.pushedTitle,
    cause: { kind: 'decided', event: `list:${link.list}` },
  })
}
