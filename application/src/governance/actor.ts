import {
  type AccessRequestId,
  DomainError,
  effectiveRoles,
  type EffectiveRoles,
  EDITOR,
  type User,
  type UserId,
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
  readonly isEditor: boolean
}

/** What an actor may be in every use case: a person, or the server, which may do everything. */
export type Acting = Person | { readonly user: undefined; readonly name: string; readonly isEditor: true }

/** @throws DomainError `not-signed-in` when the person is gone, `refused` when he is locked. */
export function actingAs(actor: Actor, { view, now }: Pick<Reading, 'view' | 'now'>): Acting {
  if (actor.kind === 'system') return { user: undefined, name: 'system', isEditor: true }
  const user = view.userById.get(actor.user)
  if (!user) throw new DomainError({ code: 'not-signed-in' })
  if (view.isLocked({ kind: 'user', user: user.id }, now))
    throw new DomainError({ code: 'refused', message: 'You are locked.', remedy: 'Ask an administrator.' })
  const roles = effectiveRoles(user, view, now, actor.assumed)
  return { user, name: user.name, roles, isEditor: roles.allowing.some(({ name }) => name === EDITOR) }
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

/** @throws DomainError `refused` */
export function requireEditor(acting: Acting, what: string): void {
  if (acting.isEditor) return
  throw new DomainError({
    code: 'refused',
    message: `Only administrators may ${what}.`,
    remedy: 'Ask a holder of the role "editor".',
  })
}
