import {
  type AccessRequestId,
  DomainError,
  effectiveRoles,
  type EffectiveRoles,
  mayAct,
  mayActOnKind,
  refusalOf,
  type RuleKind,
  type RuleResource,
  type User,
  type UserId,
  type Verb,
} from '@gatehouse/domain'
import type { Reading } from './read-view.ts'

/** Who asks: a signed-in person with the requests he has assumed, or the server itself. */
export type Actor =
  | { readonly kind: 'user'; readonly user: UserId; readonly assumed: readonly AccessRequestId[] }
  | { readonly kind: 'system' }

/** The person behind a command, and what counts for him now. */
export interface Person {
  readonly user: User
  readonly name: string
  readonly roles: EffectiveRoles
}

/** What an actor may be in every use case: a person, or the server, which may do everything. */
export type Acting = Person | { readonly user: undefined; readonly name: string; readonly roles?: never }

/** @throws DomainError `not-signed-in` when the person is gone, `refused` when he is locked. */
export function actingAs(actor: Actor, { view, now }: Pick<Reading, 'view' | 'now'>): Acting {
  if (actor.kind === 'system') return { user: undefined, name: 'system' }
  const user = view.userById.get(actor.user)
  if (!user) throw new DomainError({ code: 'not-signed-in' })
  if (view.isLocked({ kind: 'user', user: user.id }, now))
    throw new DomainError({ code: 'refused', message: 'You are locked.', remedy: 'Ask an administrator.' })
  return { user, name: user.name, roles: effectiveRoles(user, view, now, { assumed: actor.assumed }) }
}

/** @throws DomainError `refused` unless it is a person, who alone can ask for access or review. */
export function personOf(acting: Acting): Person {
  if (acting.user !== undefined) return acting
  throw new DomainError({
    code: 'refused',
    message: 'Only a person can do this.',
    remedy: 'Sign in as the person who does it.',
  })
}

/** Says whether the rules let somebody do this with one record; the server may do everything. */
export const may = ({ roles }: Acting, verb: Verb, kind: RuleKind, resource: RuleResource): boolean =>
  !roles || mayAct(roles, verb, kind, resource)

/**
 * For one record, or without one before it is known which.
 * @throws DomainError `refused`, naming verb and kind
 */
export function demand({ roles }: Acting, verb: Verb, kind: RuleKind, resource?: RuleResource): void {
  if (!roles) return
  const allowed = resource ? mayAct(roles, verb, kind, resource) : mayActOnKind(roles, verb, kind)
  if (!allowed) throw refusalOf(roles, verb, kind)
}
