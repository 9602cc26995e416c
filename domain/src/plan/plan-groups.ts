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
  { view, observed, operations, notes, ...planner }: Planner,
  wanted: DesiredGroup,
  link: GroupLink | undefined,
): void {
  const { driftPolicy } = view.organization
  const present = link && observed.groups.get(link.awsGroup)
  if (link && present) {
    const renamedThere = present.displayName !== link.pushedTitle && driftPolicy['group-renamed'] === 'revert'
    const isDoubtful = planner.uncertain.has(`group ${link.awsGroup}`)
    if (wanted.title !== link.pushedTitle || isDoubtful || (renamedThere && present.displayName !== wanted.title)) {
      operations.push({
        kind: 'rename-group',
        group: wanted.group,
        awsGroup: link.awsGroup,
        title: wanted.title,
        from: present.displayName,
      })
    } else if (present.displayName !== link.pushedTitle) {
      notes.push({
        kind: 'drift-reported',
        about: wanted.title,
        message: `The group was renamed in AWS to "${present.displayName}".`,
      })
    }
    return
  }
  if (link && driftPolicy['group-deleted'] !== 'revert') {
    notes.push({ kind: 'drift-reported', about: wanted.title, message: 'The group was deleted in AWS.' })
    return
  }
  if (planner.groupNames.has(wanted.title.toLowerCase())) {
    notes.push({
      kind: 'name-conflict',
      about: wanted.title,
      message: `Identity Center has a group "${wanted.title}" that is not linked. Nothing is written until "tctl plugins link" says it is this list's.`,
    })
    return
  }
  operations.push({ kind: 'create-group', group: wanted.group, title: wanted.title })
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
