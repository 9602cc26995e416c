import { awsNameBeside, type Member, profileOf } from '@gatehouse/domain'
import { changeList, type Draft } from './adoption-draft.ts'

/** Only while AWS leads or another provider keeps the users; later an administrator makes the link. */
export function linkUsersByName(draft: Draft): void {
  const { view, mirror } = draft
  if (!draft.shadow && !view.organization.hybrid) return
  const taken = new Set(view.userLinks.map(({ awsUser }) => awsUser)) // those of deleted users too: never linked again unasked
  const byName = new Map([...mirror.observed.users.values()].map((user) => [user.userName.toLowerCase(), user]))
  for (const user of view.users) {
    const found = byName.get(user.name.toLowerCase())
    if (!found || taken.has(found.id) || view.userLinkByUser.has(user.id)) continue
    draft.summary.users++
    draft.records.push({
      put: 'user-link',
      link: {
        organization: view.organization.id,
        user: user.id,
        awsUser: found.id,
        origin: 'adopted',
        pushed: { ...profileOf(user), active: true },
        ...awsNameBeside(profileOf(user), found.userName),
        assignmentsAdopted: false,
        userDeleted: false,
      },
    })
  }
}

/** Members whom only AWS knew and who have been linked since are our users from now on. */
export function knowLinkedMembers(draft: Draft): void {
  const users = new Map(
    draft.view.userLinks.flatMap((link) => (link.userDeleted ? [] : [[link.awsUser, link.user] as const])),
  )
  for (const list of draft.view.lists) {
    const isKnown = (member: Member): boolean => member.kind === 'aws-only' && users.has(member.awsUser)
    if (!list.members.some(isKnown)) continue
    const named = new Set(list.members.flatMap((member) => (member.kind === 'user' ? [member.user] : [])))
    const members = list.members.flatMap((member): Member[] => {
      const user = member.kind === 'aws-only' ? users.get(member.awsUser) : undefined
      if (member.kind !== 'aws-only' || user === undefined) return [member]
      const { joined, reason, addedBy, expires } = member
      if (named.has(user)) return []
      return [{ kind: 'user', user, joined, reason, addedBy, ...(expires === undefined ? {} : { expires }) }]
    })
    changeList(draft, list, { members })
  }
}
