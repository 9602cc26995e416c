import type { User } from '../users/user.ts'
import { whyNotPushed } from '../users/user-profile.ts'
import type { ParsedDocument, UserDocument } from './document.ts'
import type { Drafts } from './drafts.ts'
import { place } from './lookup.ts'

/** Gives a new user an id, so that other documents may name him. */
export function identifyUser({ name }: UserDocument, { users, input: { now, newUserId } }: Drafts): void {
  if (users.has(name.toLowerCase())) return
  const fresh: User = { id: newUserId(), name, roles: [], traits: {}, labels: {}, createdAt: now, revision: 0 }
  users.set(name.toLowerCase(), fresh)
}

/** `identifyUser` has been there before. */
export function applyUser(document: UserDocument, parsed: ParsedDocument, drafts: Drafts): void {
  const before = drafts.users.get(document.name.toLowerCase())
  const isNew = before?.revision === 0
  drafts.refuseExisting('user', document.name, before !== undefined && !isNew)
  if (!before) return
  drafts.refuseOtherSpelling('user', document.name, before)
  const user = {
    id: before.id,
    name: document.name,
    roles: drafts.lookup.references(document.roles, before.roles, place(parsed, 'spec.roles')),
    traits: document.traits,
    labels: document.labels,
    createdAt: before.createdAt,
  }
  const settled = drafts.settle('user', document.name, isNew ? undefined : before, user)
  drafts.users.set(document.name.toLowerCase(), settled)
  const unpushed = whyNotPushed(settled)
  if (unpushed) drafts.warnings.push({ field: 'metadata.name', line: parsed.line, message: unpushed })
}
