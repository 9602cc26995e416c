import {
  type AccessList,
  type AccessListId,
  type AccessRequest,
  denyingRole,
  DomainError,
  hidingRole,
  keepsMembers,
  mayReview,
  NO_STANDING,
  refusalOf,
  type RuleResource,
  standingIn,
  type Verb,
  type View,
} from '@gatehouse/domain'
import { type Acting, demand, may } from './actor.ts'
import type { Reading } from './read-view.ts'

/** What it takes to be shown one record, and to be shown it among others. */
export const TO_READ: readonly Verb[] = ['read']
export const TO_LIST: readonly Verb[] = ['list', 'read']

/** What somebody may see. What he may not see does not exist for him: looking for it says "not found". */
export function maySeeRequest(request: AccessRequest, acting: Acting, view: View, verbs = TO_READ): boolean {
  const resource = { name: request.id, labels: {} }
  if (verbs.every((verb) => may(acting, verb, 'access_request', resource)) || !acting.roles) return true
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
  /** Its review is overdue and has gone to him as well. */
  readonly isStandIn: boolean
}

/** `undefined` when the list does not exist for this viewer. */
export function accessToList(
  list: AccessList,
  acting: Acting,
  { view, now }: Pick<Reading, 'view' | 'now'>,
  verbs = TO_READ,
): ListAccess | undefined {
  const standing = acting.user ? standingIn(list, acting.user, view, now) : NO_STANDING
  const resource = { name: list.id, labels: list.labels }
  const mayRead = verbs.every((verb) => may(acting, verb, 'access_list', resource))
  const isConcerned = standing.isOwner || standing.isMember || standing.isStandIn
  if (!mayRead && (!isConcerned || isDenied(acting, resource))) return undefined
  const mayEdit = may(acting, 'update', 'access_list', resource)
  return {
    ...standing,
    maySeeMembers: mayRead || standing.isOwner || standing.isStandIn,
    mayManageMembers: (mayEdit || (standing.isOwner && !isBarred(list, acting))) && keepsMembers(list),
    mayEdit,
  }
}

/** The lists that this one is in, and those that it owns, of which the viewer may see. */
export function listsAround(
  { id }: AccessList,
  acting: Acting,
  reading: Pick<Reading, 'view' | 'now'>,
  verbs = TO_READ,
): { readonly memberOf: readonly AccessList[]; readonly ownerOf: readonly AccessList[] } {
  const { view } = reading
  const visible = (ids: readonly AccessListId[] = []): readonly AccessList[] =>
    ids.flatMap((one) => {
      const list = view.listById.get(one)
      return list && accessToList(list, acting, reading, verbs) ? [list] : []
    })
  return { memberOf: visible(view.parentsOf.get(id)), ownerOf: visible(view.ownedThrough.get(id)) }
}

/** Being an owner or a member lets somebody see a list, unless a rule says that he must not. */
const isDenied = ({ roles }: Acting, resource: RuleResource): boolean =>
  roles !== undefined && hidingRole(roles, 'access_list', resource) !== undefined

/** Being an owner lets somebody manage and review a list, unless a rule says that he must not. */
export const isBarred = ({ id, labels }: AccessList, { roles }: Acting): boolean =>
  roles !== undefined && denyingRole(roles, 'update', 'access_list', { name: id, labels }) !== undefined

/** @throws DomainError `refused` where a rule denies changing the list, to its owners too. */
export function refuseDenied(list: AccessList, acting: Acting): void {
  if (isBarred(list, acting)) throw refusalOf(acting.roles, 'update', 'access_list')
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
  if (access.isOwner) refuseDenied(list, acting)
  if (access.mayEdit || access.isOwner) return list
  if (access.maySeeMembers) demand(acting, 'update', 'access_list', { name: list.id, labels: list.labels })
  throw new DomainError({
    code: 'refused',
    message: 'Only owners of a list manage its members.',
    remedy: 'Ask one of its owners.',
  })
}

/** For those who manage a list, and those to whom its overdue review has gone. @throws DomainError `not-found`, `refused` */
export function getReviewedList(id: string, acting: Acting, reading: Pick<Reading, 'view' | 'now'>): AccessList {
  const { list, access } = getVisibleList(id, acting, reading)
  if (!access.isStandIn) return getManagedList(id, acting, reading)
  refuseDenied(list, acting)
  return list
}
