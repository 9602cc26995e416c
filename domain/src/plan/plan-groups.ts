import { mayHoldAssignments, type Planner } from './planner.ts'

export function planGroups(planner: Planner): void {
  const { view, desired, observed, operations, notes, groupNames } = planner
  const { driftPolicy } = view.organization
  for (const wanted of desired.groups.values()) {
    const link = view.groupLinkByKey.get(wanted.group)
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
      continue
    }
    if (link && driftPolicy['group-deleted'] !== 'revert') {
      notes.push({ kind: 'drift-reported', about: wanted.title, message: 'The group was deleted in AWS.' })
      continue
    }
    if (groupNames.has(wanted.title.toLowerCase())) {
      notes.push({
        kind: 'name-conflict',
        about: wanted.title,
        message: `Identity Center has a group "${wanted.title}" that is not linked. Nothing is written until "tctl plugins link" says it is this list's.`,
      })
      continue
    }
    operations.push({ kind: 'create-group', group: wanted.group, title: wanted.title })
  }
  for (const link of view.groupLinks) {
    if (desired.groups.has(link.group) || !observed.groups.has(link.awsGroup) || link.ending?.how === 'release')
      continue
    if (mayHoldAssignments(planner, { type: 'GROUP', id: link.awsGroup })) continue
    operations.push({
      kind: 'delete-group',
      group: link.group,
      awsGroup: link.awsGroup,
      title: link.pushedTitle,
      cause: { kind: 'decided', event: `list:${link.list}` },
    })
  }
}
