import { type AccessList, type AccessRequest, DomainError, mayReview, standingIn, type View } from '@gatehouse/domain'
import type { Acting } from './actor.ts'
import type { Reading } from './read-view.ts'

/** What somebody may see. What he may not see does not exist for him: looking for it says "not found". */
export function maySeeRequest(request: AccessRequest, acting: Acting, view: View): boolean {
  if (acting.isEditor) return true
  return request.user === acting.user.id || mayReview(request, acting.roles, view)
}

/** @throws DomainError `not-found` */
export function getVisibleRequest(id: string, acting: Acting, { view }: Pick<Reading, 'view'>): AccessRequest {
  const request = view.requests.find((candidate) => candidate.id === id)
  if (request && maySeeRequest(request, acting, view)) return request
  throw new DomainError({ code: 'not-found', kind: 'access request', name: id })
}

export interface ListAccess {
  /** A mere member sees the list, and not who else is in it. */
  readonly maySeeMembers: boolean
  readonly mayManageMembers: boolean
  readonly mayEdit: boolean
  readonly isOwner: boolean
  readonly isMember: boolean
}

/** `undefined` when the list does not exist for this viewer. */
export function accessToList(
  list: AccessList,
  acting: Acting,
  { view, now }: Pick<Reading, 'view' | 'now'>,
): ListAccess | undefined {
  const standing = acting.user ? standingIn(list, acting.user, view, now) : { isOwner: false, isMember: false }
  if (!acting.isEditor && !standing.isOwner && !standing.isMember) return undefined
  const manages = acting.isEditor || standing.isOwner
  return {
    ...standing,
    maySeeMembers: manages,
    mayManageMembers: manages && list.type !== 'scim',
    mayEdit: acting.isEditor,
  }
}

/** @throws DomainError `not-found` */
export function getVisibleList(
  id: string,
  acting: Acting,
  reading: Pick<Reading, 'view' | 'now'>,
): { list: AccessList; access: ListAccess } {
  const list = reading.view.lists.find((candidate) => candidate.id === id)
  const access = list && accessToList(list, acting, reading)
  if (!list || !access) throw new DomainError({ code: 'not-found', kind: 'access list', name: id })
  return { list, access }
}

/** @throws DomainError `not-found`, or `refused` for a member who does not manage the list. */
export function getManagedList(id: string, acting: Acting, reading: Pick<Reading, 'view' | 'now'>): AccessList {
  const { list, access } = getVisibleList(id, acting, reading)
  if (acting.isEditor || access.isOwner) return list
  throw new DomainError({
    code: 'refused',
    message: 'Only owners of a list manage its members.',
    remedy: 'Ask one of its owners.',
  })
}
