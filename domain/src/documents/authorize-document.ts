import type { AccessList } from '../access-lists/access-list.ts'
import { standingIn } from '../access-lists/manage-members.ts'
import { DomainError } from '../kernel/problems.ts'
import { denyingRole, hidingRole, mayAct, mayActOnKind, refusalOf, type RuleResource } from '../roles/rules.ts'
import type { Document, MemberDocument } from './document.ts'
import type { ApplyInput } from './lookup.ts'

/** Asked about the record as it is and as it becomes. @throws DomainError `refused` */
export function authorizeRecord(
  document: Exclude<Document, MemberDocument>,
  before: RuleResource | undefined,
  { roles }: ApplyInput['by'],
): void {
  if (!roles) return
  const verb = before ? 'update' : 'create'
  const after = { name: document.name, labels: 'labels' in document ? document.labels : {} }
  for (const resource of [before ?? after, after])
    if (!mayAct(roles, verb, document.kind, resource)) {
      // Whoever may not read this kind is not to learn what exists.
      const told = mayActOnKind(roles, 'read', document.kind) ? verb : 'create'
      throw refusalOf(roles, told, document.kind)
    }
}

/**
 * Owners manage the members of their lists, and so does whoever may change the list.
 * @throws DomainError `refused`, and `not-found` for whom the list does not exist
 */
export function authorizeMember(document: MemberDocument, { by, view, now }: ApplyInput): void {
  const { roles } = by
  if (!roles) return
  const list = view.listById.get(document.list)
  if (mayAct(roles, 'update', 'access_list', { name: document.list, labels: list?.labels ?? {} })) return
  const standing = list && by.user && standingIn(list, by.user, view, now)
  const isHidden = list && hidingRole(roles, 'access_list', resourceOf(list)) !== undefined
  const isBarred = list && denyingRole(roles, 'update', 'access_list', resourceOf(list)) !== undefined
  if (standing?.isOwner && !isHidden && !isBarred) return
  const maySee = (standing?.isOwner && !isHidden) || (list && mayAct(roles, 'read', 'access_list', resourceOf(list)))
  if (maySee) throw refusalOf(roles, 'update', 'access_list')
  const isConcerned = standing?.isMember === true || standing?.isStandIn === true
  if (!isConcerned || isHidden) throw new DomainError({ code: 'not-found', kind: 'access list', name: document.list })
  throw new DomainError({
    code: 'refused',
    message: 'Only owners of a list manage its members.',
    remedy: 'Ask one of its owners.',
  })
}

/** A list as rules see it. */
export const resourceOf = ({ id, labels }: AccessList): RuleResource => ({ name: id, labels })
