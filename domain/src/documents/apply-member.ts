import { type Member, memberKey } from '../access-lists/access-list.ts'
import { withMember } from '../access-lists/manage-members.ts'
import type { MemberDocument, ParsedDocument } from './document.ts'
import type { Drafts } from './drafts.ts'
import { notFound, place } from './lookup.ts'
import { sameContent } from './same-content.ts'

/** A member is a part of its list, which changes with it. */
export function applyMember(document: MemberDocument, parsed: ParsedDocument, drafts: Drafts): void {
  const list = drafts.lists.get(document.list)
  if (!list) throw notFound('access list', document.list, drafts.lists.keys(), place(parsed, 'spec.access_list'))
  const { now, by, view } = drafts.input
  const details = {
    joined: now,
    reason: document.reason,
    addedBy: by.name,
    ...(document.expires === undefined ? {} : { expires: document.expires }),
  }
  const member: Member = { ...drafts.lookup.member(document, list, parsed), ...details }
  const before = list.members.find((known) => memberKey(known) === memberKey(member))
  const name = `${document.list}/${document.member.name}`
  drafts.refuseExisting('access list member', name, before !== undefined)
  const next = withMember(list, member, now)
  const isSame = before && sameContent(before, { ...member, joined: before.joined, addedBy: before.addedBy })
  const action = isSame ? 'unchanged' : before ? 'updated' : 'created'
  drafts.outcomes.push({ kind: 'access_list_member', name, action })
  if (isSame) return
  drafts.lists.set(list.id, { ...next, revision: (view.listById.get(list.id)?.revision ?? 0) + 1 })
}
