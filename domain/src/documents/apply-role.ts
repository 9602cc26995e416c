import { DomainError } from '../kernel/problems.ts'
import { isBuiltIn } from '../roles/preset-roles.ts'
import type { ParsedDocument, RoleDocument } from './document.ts'
import type { Drafts } from './drafts.ts'
import { place } from './lookup.ts'

/** Before anything that may name it. */
export function applyRole(document: RoleDocument, drafts: Drafts): void {
  const before = drafts.roles.get(document.name.toLowerCase())
  drafts.refuseExisting('role', document.name, before !== undefined)
  if (isBuiltIn(document))
    throw new DomainError({
      code: 'refused',
      message: `Role "${document.name}" is built in.`,
      remedy: 'Create a role of your own under another name.',
    })
  drafts.refuseOtherSpelling('role', document.name, before)
  const { kind: _, ...role } = document
  drafts.roles.set(document.name.toLowerCase(), drafts.settle('role', document.name, before, role))
}

/** Roles that a role names must exist by the time that all documents are read. */
export function checkRole(document: RoleDocument, parsed: ParsedDocument, { lookup }: Drafts): void {
  for (const side of ['allow', 'deny'] as const) {
    const { request, reviewRequests } = document[side]
    for (const name of [...request.searchAsRoles, ...reviewRequests.previewAsRoles])
      lookup.checkRoleName(name, place(parsed, `spec.${side}`))
  }
}
