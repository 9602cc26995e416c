import { type AccessList, type Member, memberKey, NO_GRANTS } from '../access-lists/access-list.ts'
import { refuseExternal, withMember } from '../access-lists/manage-members.ts'
import { withFirstAuditDate } from '../access-lists/next-audit-date.ts'
import type { AccessListDocument, MemberEntry, ParsedDocument } from './document.ts'
import type { Drafts } from './drafts.ts'
import { place } from './lookup.ts'

/** Puts a new list in place, so that other documents may name it. */
export function identifyList(document: AccessListDocument, { lists }: Drafts): void {
  if (lists.has(document.name)) return
  lists.set(document.name, { ...settingsOf(document), id: document.name, revision: 0, members: [] })
}

/** `identifyList` has been there before. */
export function applyList(document: AccessListDocument, parsed: ParsedDocument, drafts: Drafts): void {
  const before = drafts.lists.get(document.name)
  const isNew = before?.revision === 0
  drafts.refuseExisting('access list', document.name, before !== undefined && !isNew)
  if (!before) return
  const { lookup } = drafts
  const list = {
    ...settingsOf(document),
    id: before.id,
    signOffs: before.signOffs,
    ...(before.reminded ? { reminded: before.reminded } : {}),
    ...(before.askedRemovals ? { askedRemovals: before.askedRemovals } : {}),
    ...(document.escalation
      ? { escalation: lookup.escalation(document.escalation, place(parsed, 'spec.audit.escalate_to')) }
      : {}),
    members: document.members ? membersOf(document.members, before, parsed, drafts) : before.members,
    owners: document.owners.map((owner, index) => lookup.owner(owner, place(parsed, `spec.owners[${index}]`))),
    grants: lookup.grants(document.grants, before.grants.roles, place(parsed, 'spec.grants.roles')),
    ownerGrants: lookup.grants(
      document.ownerGrants,
      before.ownerGrants.roles,
      place(parsed, 'spec.owner_grants.roles'),
    ),
    audit: {
      ...(before.audit.nextAuditDate === undefined ? {} : { nextAuditDate: before.audit.nextAuditDate }),
      ...document.audit,
    },
  }
  for (const name of document.membershipRequires.roles)
    lookup.checkRoleName(name, place(parsed, 'spec.membership_requires.roles'))
  for (const name of document.ownershipRequires.roles)
    lookup.checkRoleName(name, place(parsed, 'spec.ownership_requires.roles'))
  const dated = withFirstAuditDate({ ...list, revision: before.revision }, drafts.input.now)
  drafts.lists.set(document.name, drafts.settle('access_list', document.name, isNew ? undefined : before, dated))
}

/** Exactly these people; who is there already keeps when and by whom he was added. */
function membersOf(
  entries: readonly MemberEntry[],
  list: AccessList,
  parsed: ParsedDocument,
  { lookup, input: { now, by } }: Drafts,
): readonly Member[] {
  refuseExternal(list)
  let next: AccessList = { ...list, members: [] }
  const named = new Set<Member>()
  const before = new Map(list.members.map((member) => [memberKey(member), member]))
  for (const [index, entry] of entries.entries()) {
    const identity = lookup.entry(entry, list, place(parsed, `spec.members[${index}]`))
    const member: Member = {
      ...identity,
      joined: now,
      addedBy: by.name,
      reason: entry.reason,
      ...(entry.expires === undefined ? {} : { expires: entry.expires }),
    }
    const known = before.get(memberKey(member))
    // What is there and stays as it is may have ended meanwhile; only a new end must lie ahead.
    if (known && known.expires === member.expires)
      next = { ...next, members: [...next.members, { ...known, reason: member.reason }] }
    else
      next = withMember(known && !named.has(known) ? { ...next, members: [...next.members, known] } : next, member, now)
    if (known) named.add(known)
  }
  return next.members
}

function settingsOf(document: AccessListDocument): Omit<AccessList, 'id' | 'members' | 'revision'> {
  const { kind: _, name: __, members: ___, escalation: ____, ...list } = document
  return { ...list, owners: [], signOffs: [], grants: NO_GRANTS, ownerGrants: NO_GRANTS }
}
