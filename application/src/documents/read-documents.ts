import {
  documentOfList,
  documentOfLock,
  documentOfRole,
  documentOfServiceProvider,
  documentOfUser,
  DomainError,
  memberName,
  type PlainDocument,
  plainDocument,
  plainMember,
  plainPlugin,
  plainRequest,
  plainSystemRole,
  type RoleName,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView, type Reading } from '../governance/read-view.ts'
import { accessToList, maySeeRequest } from '../governance/visibility.ts'

export type DocumentKind =
  | 'role'
  | 'user'
  | 'access_list'
  | 'access_list_member'
  | 'access_request'
  | 'lock'
  | 'plugin'
  | 'saml_idp_service_provider'

export interface ReadDocumentsQuery {
  readonly actor: Actor
  readonly kind: DocumentKind
  readonly clusterName: string
}

/** All documents of a kind that the viewer may see, by name. Derived system roles are read one by one. */
export async function listDocuments(
  ports: ReadPorts,
  query: ReadDocumentsQuery,
  signal: AbortSignal,
): Promise<readonly PlainDocument[]> {
  const reading = await readView(ports, signal)
  const found = namedDocuments(query, actingAs(query.actor, reading), reading)
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ document }) => document())
}

/** One document; a member is `<list>/<name>`. @throws DomainError `not-found`, also for what the viewer may not see */
export async function getDocument(
  ports: ReadPorts,
  query: ReadDocumentsQuery & { readonly name: string },
  signal: AbortSignal,
): Promise<PlainDocument> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const found = namedDocuments(query, acting, reading).find(
    ({ name }) => name === query.name || (query.kind !== 'role' && name.toLowerCase() === query.name.toLowerCase()),
  )
  if (found) return found.document()
  const resolved = reading.view.resolveRole({ name: query.name as RoleName }) // unknown names resolve to nothing
  if (query.kind === 'role' && acting.isEditor && resolved.kind === 'system') return plainSystemRole(resolved.role)
  throw new DomainError({ code: 'not-found', kind: query.kind.replaceAll('_', ' '), name: query.name })
}

interface Named {
  readonly name: string
  readonly document: () => PlainDocument
}

function namedDocuments(
  { kind, clusterName }: ReadDocumentsQuery,
  acting: Acting,
  { view, now }: Reading,
): readonly Named[] {
  switch (kind) {
    case 'user':
      return view.users
        .filter((user) => acting.isEditor || user.id === acting.user.id)
        .map((user) => ({
          name: user.name,
          document: () => plainDocument(documentOfUser(user, view), { revision: user.revision }),
        }))
    case 'access_list':
      return view.lists
        .filter((list) => accessToList(list, acting, { view, now }) !== undefined)
        .map((list) => ({
          name: list.id,
          document: () => plainDocument(documentOfList(list, view), { revision: list.revision }),
        }))
    case 'access_list_member':
      return view.lists
        .filter((list) => accessToList(list, acting, { view, now })?.maySeeMembers)
        .flatMap((list) =>
          list.members.map((member) => ({
            name: `${list.id}/${memberName(member, view)}`,
            document: () => plainMember(list, member, view),
          })),
        )
    case 'access_request':
      return view.requests
        .filter((request) => maySeeRequest(request, acting, view))
        .map((request) => ({ name: request.id, document: () => plainRequest(request, view, clusterName) }))
    case 'role':
      return forEditors(acting, view.roles, (role) => ({
        name: role.name,
        document: () => plainDocument(documentOfRole(role), { revision: role.revision }),
      }))
    case 'lock':
      return forEditors(acting, view.locks, (lock) => ({
        name: lock.id,
        document: () => plainDocument(documentOfLock(lock, view), { revision: lock.revision }),
      }))
    case 'saml_idp_service_provider':
      return forEditors(acting, view.serviceProviders, (provider) => ({
        name: provider.name,
        document: () => plainDocument(documentOfServiceProvider(provider), { revision: provider.revision }),
      }))
    case 'plugin':
      return forEditors(acting, view.organization.id === '' ? [] : [view.organization], (organization) => ({
        name: organization.name,
        document: () => plainPlugin(organization, view),
      }))
  }
}

const forEditors = <T>(acting: Acting, records: readonly T[], present: (record: T) => Named): readonly Named[] =>
  acting.isEditor ? records.map(present) : []
