import type { AccessList, Escalation, Member, Owner } from '../access-lists/access-list.ts'
import { standingIn } from '../access-lists/manage-members.ts'
import type { View } from '../desired-state/view.ts'
import { looksLikeSystemRole } from '../identity-center/system-roles.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, RoleName, UserId } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { suggest } from '../kernel/suggest.ts'
import type { Lock } from '../locks/lock.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import { canonicalName, isKnown, referToAll, unknownRole } from '../roles/role-names.ts'
import type { RoleReference } from '../roles/role.ts'
import { mayAct } from '../roles/rules.ts'
import type { ReadServiceProvider } from '../saml/service-provider.ts'
import type { User } from '../users/user.ts'
import type {
  DocumentWarning,
  EscalationEntry,
  LockDocument,
  MemberDocument,
  MemberEntry,
  NamedGrants,
  OwnerEntry,
  ParsedDocument,
} from './document.ts'

export interface ApplyInput {
  readonly view: View
  readonly now: Instant
  /** `create` refuses what exists; `update` what does not, and what is no more as it was when the document was read. */
  readonly mode: 'create' | 'replace' | 'update'
  /** Who does it: a person, whose rules decide and who manages members of lists that he owns; or the server itself. */
  readonly by: {
    readonly name: string
    readonly user: User | undefined
    readonly roles?: EffectiveRoles
  }
  readonly newUserId: () => UserId
  /** Reads what describes a service provider, which is XML. */
  readonly readServiceProvider: ReadServiceProvider
}

/** Finds what documents name, among the records and among the other documents. */
export class Lookup {
  readonly #input: ApplyInput
  readonly #users: ReadonlyMap<string, User>
  readonly #lists: ReadonlyMap<AccessListId, AccessList>
  readonly #warnings: DocumentWarning[]
  /** Knows the roles of the documents, once they are read. */
  view: View

  constructor(
    input: ApplyInput,
    drafts: { users: ReadonlyMap<string, User>; lists: ReadonlyMap<AccessListId, AccessList> },
    warnings: DocumentWarning[],
  ) {
    this.#input = input
    this.view = input.view
    this.#users = drafts.users
    this.#lists = drafts.lists
    this.#warnings = warnings
  }

  checkRoleName(name: RoleName, field: string): void {
    if (!isKnown({ name }, this.view) && !looksLikeSystemRole(name)) throw unknownRole(name, this.view, field)
  }

  lockTarget(target: LockDocument['target'], parsed: ParsedDocument): Lock['target'] {
    const field = place(parsed, 'spec.target')
    switch (target.kind) {
      case 'user':
        return { kind: 'user', user: this.userId(target.user, field) }
      case 'role':
        this.checkRoleName(target.role, field)
        return { kind: 'role', role: canonicalName({ name: target.role }, this.view) }
      case 'access-request':
        if (!this.#input.view.requests.some(({ id }) => id === target.request))
          throw new DomainError({ code: 'not-found', kind: 'access request', name: target.request, field })
        return target
    }
  }

  owner({ kind, name, description }: OwnerEntry, field: string): Owner {
    return kind === 'user'
      ? { kind, user: this.userId(name, field), description }
      : { kind, list: this.listId(name, field), description }
  }

  escalation({ after, to }: EscalationEntry, field: string): Escalation {
    return {
      after,
      to: to.map(({ kind, name }, index) =>
        kind === 'user'
          ? { kind, user: this.userId(name, `${field}[${index}]`) }
          : { kind, list: this.listId(name, `${field}[${index}]`) },
      ),
    }
  }

  userId(name: string, field: string): UserId {
    const user = this.#users.get(name.toLowerCase())
    if (!user) throw notFound('user', name, this.#users.keys(), field)
    return user.id
  }

  /** Owners learn only of lists that they may see. */
  listId(name: string, field: string): AccessListId {
    const { by, view, now } = this.#input
    const list = [...this.#lists.values()].find(({ id }) => id === name)
    const standing = list && by.user && standingIn(list, by.user, view, now)
    const { roles } = by
    const mayRead = (one: AccessList): boolean =>
      !roles || mayAct(roles, 'read', 'access_list', { name: one.id, labels: one.labels })
    if (list && (mayRead(list) || standing?.isOwner || standing?.isMember)) return list.id
    const readable = [...this.#lists.values()].filter(mayRead)
    throw notFound(
      'access list',
      name,
      readable.map(({ id }) => id),
      field,
    )
  }

  grants(grants: NamedGrants, before: readonly RoleReference[], field: string): AccessList['grants'] {
    return { roles: this.references(grants.roles, before, field), traits: grants.traits }
  }

  references(names: readonly RoleName[], before: readonly RoleReference[], field: string): readonly RoleReference[] {
    const references = referToAll(names, before, this.view, field)
    for (const { name } of references)
      if (!isKnown({ name }, this.view))
        this.#warnings.push({ field, message: `AWS has no account and permission set for "${name}" now; it may come` })
    return references
  }

  member(document: MemberDocument, list: AccessList, parsed: ParsedDocument): MemberIdentity {
    const { member } = document
    const field = place(parsed, 'metadata.name')
    if (member.kind === 'user') return { kind: 'user', user: this.userId(member.name, field) }
    if (member.kind === 'list') return { kind: 'list', list: this.listId(member.name, field) }
    const known = list.members.some((entry) => entry.kind === 'aws-only' && entry.awsUser === member.awsUser)
    if (!known)
      throw new DomainError({
        code: 'refused',
        message: `"${member.name}" is known to AWS only, and can not be added to a list.`,
        remedy: 'Create a user of that name first; members whom AWS has are taken over by adoption.',
      })
    return { kind: 'aws-only', awsUser: member.awsUser, userName: member.name }
  }

  entry({ kind, name }: MemberEntry, list: AccessList, field: string): MemberIdentity {
    if (kind === 'list') return { kind, list: this.listId(name, field) }
    const stranger = list.members.find(
      (member) => member.kind === 'aws-only' && member.userName.toLowerCase() === name.toLowerCase(),
    )
    if (stranger?.kind === 'aws-only' && !this.#users.has(name.toLowerCase()))
      return { kind: 'aws-only', awsUser: stranger.awsUser, userName: stranger.userName }
    return { kind, user: this.userId(name, field) }
  }
}

export type MemberIdentity =
  | Pick<Extract<Member, { kind: 'user' }>, 'kind' | 'user'>
  | Pick<Extract<Member, { kind: 'list' }>, 'kind' | 'list'>
  | Pick<Extract<Member, { kind: 'aws-only' }>, 'kind' | 'awsUser' | 'userName'>

export const place = ({ document, line }: ParsedDocument, path: string): string =>
  `line ${line} (${document.kind}), ${path}`

export function notFound(kind: string, name: string, known: Iterable<string>, field: string): DomainError {
  const suggestion = suggest(name, known)
  return new DomainError({ code: 'not-found', kind, name, field, ...(suggestion === undefined ? {} : { suggestion }) })
}
