import {
  type AwsUserId,
  type DriftKind,
  type GroupLink,
  type Member,
  membershipKey,
  memberOperationKey,
  type ObservedGroup,
  whyNotLed,
} from '@gatehouse/domain'
import { answer, changeList, type Draft, draftOf, linkOf, memberFor } from './adoption-draft.ts'

export type Follows = (kind: DriftKind) => boolean
type MemberDrift = 'member-added' | 'member-removed'

export function adoptMembers(draft: Draft, link: GroupLink, group: ObservedGroup, follows: Follows): void {
  const expected = expectedIn(draft, link)
  const leads = awsLeads(draft, link, follows)
  const unknown = [...group.members].filter(
    (awsUser) => !expected.has(awsUser) && !draft.memory.members.has(membershipKey(link.awsGroup, awsUser)),
  )
  const isDecided = (awsUser: AwsUserId): boolean => draft.followed.has(keyOf(draft, link, awsUser))
  const unasked = unknown.filter((awsUser) => !isDecided(awsUser))
  const isLeading = unasked.length > 0 && leads('member-added', unasked)
  addMembers(draft, link, isLeading ? unknown : unknown.filter(isDecided))
  const lost = [...expected].filter(
    (awsUser) => draft.lost.has(membershipKey(link.awsGroup, awsUser)) && !group.members.has(awsUser),
  )
  if (lost.length === 0 || !leads('member-removed', lost)) return
  for (const awsUser of lost) draft.removals.push(() => removeMember(draft, link, awsUser))
}

function expectedIn(draft: Draft, { group }: GroupLink): ReadonlySet<AwsUserId> {
  const expected = new Set<AwsUserId>(draft.desired.groups.get(group)?.awsOnly.keys())
  for (const user of draft.desired.membersOf.get(group)?.keys() ?? []) {
    const awsUser = draft.view.userLinkByUser.get(user)?.awsUser
    if (awsUser !== undefined) expected.add(awsUser)
  }
  return expected
}

/** Who is in a list that gives more than what is this organization's is decided here. Whoever links it has decided that. */
function awsLeads(draft: Draft, { list: id, origin, contentsAdopted }: GroupLink, follows: Follows) {
  return (kind: MemberDrift, about: readonly AwsUserId[]): boolean => {
    const list = draftOf(draft, id)
    if (!list || !follows(kind)) return false
    const isLinked = kind === 'member-added' && origin === 'adopted' && !contentsAdopted
    const why = isLinked ? undefined : whyNotLed(list, draft.view, draft.elsewhere)
    if (why === undefined) return true
    const [first, ...others] = about.map((awsUser) => draft.mirror.observed.users.get(awsUser)?.userName ?? awsUser)
    const who = `${first}${others.length === 0 ? '' : ` and ${others.length} more`}`
    const what =
      kind === 'member-added'
        ? `${who} was put into this group in AWS and not into the list, because ${why}. Add to the list whoever belongs there.`
        : `${who} was taken out of this group in AWS and not out of the list, because ${why}. Take out of the list whoever does not belong there.`
    draft.notes.push({ kind: 'not-followed', about: list.title, message: what })
    return false
  }
}

function addMembers(draft: Draft, link: GroupLink, added: readonly AwsUserId[]): void {
  const list = draftOf(draft, link.list)
  const known = new Set(list?.members.map(idOf))
  const entries = added.flatMap((awsUser) => {
    const key = keyOf(draft, link, awsUser)
    const fresh = memberFor(draft, awsUser, draft.followed.get(key)).filter((member) => !known.has(idOf(member)))
    answer(draft, key, fresh.length > 0 ? undefined : 'the list has an entry of this person already')
    return fresh
  })
  if (!list || entries.length === 0) return
  draft.summary.members += entries.length
  const by = entries.map(({ addedBy }) => (addedBy === 'system' ? undefined : addedBy))
  changeList(draft, list, { members: [...list.members, ...entries] }, by)
}

function removeMember(draft: Draft, link: GroupLink, awsUser: AwsUserId): void {
  const list = draftOf(draft, link.list)
  const user = linkOf(draft, awsUser)?.user
  const stays = (member: Member): boolean =>
    !(member.kind === 'aws-only' ? member.awsUser === awsUser : member.kind === 'user' && member.user === user)
  if (list) changeList(draft, list, { members: list.members.filter(stays) })
}

const keyOf = ({ linkByAwsUser }: Draft, { group }: GroupLink, awsUser: AwsUserId): string =>
  memberOperationKey('remove-member', group, linkByAwsUser.get(awsUser)?.user ?? awsUser)

/** Equal for two entries of the same. */
function idOf(member: Member): string {
  switch (member.kind) {
    case 'user':
      return `user ${member.user}`
    case 'list':
      return `list ${member.list}`
    case 'aws-only':
      return `aws-only ${member.awsUser}`
  }
}
