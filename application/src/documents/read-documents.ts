import {
  documentOfList,
  documentOfUser,
  DomainError,
  listSystemRoles,
  memberName,
  type PlainDocument,
  resolveName,
  plainDocument,
  plainAccount,
  plainIntegration,
  plainMember,
  plainPermissionSet,
  plainPlugin,
  plainRequest,
  plainSystemRole,
  type OrganizationView,
  type RoleName,
  type RuleKind,
  type RuleResource,
  type Verb,
  type View,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, may } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView, type Reading } from '../governance/read-view.ts'
import { RECORD_KINDS, type RecordKind } from './record-kinds.ts'
import { accessToList, listsAround, maySeeRequest, TO_LIST, TO_READ } from '../governance/visibility.ts'

export type DocumentKind =
  | 'role'
  | 'user'
  | 'access_list'
  | 'access_list_member'
  | 'access_request'
  | 'lock'
  | 'plugin'
  | 'integration'
  | 'aws_ic_account'
  | 'aws_ic_permission_set'
  | 'saml_idp_service_provider'
  | 'bundle'
  | 'approval_rule'

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
  const found = namedDocuments(query, { acting: actingAs(query.actor, reading), verbs: TO_LIST }, reading)
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ document }) => document())
}

export interface RolesQuery {
  readonly actor: Actor
  readonly clusterName: string
  readonly search: string | undefined
  readonly withSystem: boolean
  readonly from: number
  readonly limit: number
}

/**
 * A page of roles: stored ones by name, then system roles in the order of their permission sets and accounts. The latter
 * are only made for the page, so that no number of accounts makes it slow. `next` is the position of the page after it.
 */
export async function listAllRoles(
  ports: ReadPorts,
  { search, withSystem, from, limit, ...query }: RolesQuery,
  signal: AbortSignal,
): Promise<{ readonly documents: readonly PlainDocument[]; readonly next: number | undefined }> {
  const reading = await readView(ports, signal)
  const viewer: Viewer = { acting: actingAs(query.actor, reading), verbs: TO_LIST }
  const wanted = (search ?? '').toLowerCase()
  const stored = namedDocuments({ ...query, kind: 'role' }, viewer, reading)
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const documents = stored.slice(from, from + limit).map(({ document }) => document())
  const end = from + documents.length
  if (end < stored.length) return { documents, next: end }
  if (!withSystem) return { documents, next: undefined }
  const offering = reading.enrolled.filter(({ organization }) => organization.rolesSyncMode === 'ALL')
  const catalogues = offering.map(({ catalogue }) => catalogue)
  for (const { position, role } of listSystemRoles(catalogues, { from: Math.max(0, from - stored.length), search })) {
    if (documents.length === limit) return { documents, next: stored.length + position }
    if (mayRead(viewer, 'role', systemResource(role))) documents.push(plainSystemRole(role))
  }
  return { documents, next: undefined }
}

/** One document; a member is `<list>/<name>`. @throws DomainError `not-found`, also for what the viewer may not see, `conflict` */
export async function getDocument(
  ports: ReadPorts,
  query: ReadDocumentsQuery & { readonly name: string },
  signal: AbortSignal,
): Promise<PlainDocument> {
  const reading = await readView(ports, signal)
  const acting = actingAs(query.actor, reading)
  const all = namedDocuments(query, { acting, verbs: TO_READ }, reading)
  const [found, ...others] = fitting(query, all)
  if (found) {
    if (others.length > 0) throw ambiguous(query, [found, ...others])
    return found.document()
  }
  const resolved = resolveName(query.name as RoleName, reading.view) // unknown names resolve to nothing
  if (query.kind === 'role' && resolved.kind === 'system' && may(acting, 'read', 'role', systemResource(resolved.role)))
    return plainSystemRole(resolved.role)
  throw new DomainError({ code: 'not-found', kind: query.kind.replaceAll('_', ' '), name: query.name })
}

/** What is spelled just so, otherwise what is but for letter case; several where what tells them apart is not said. */
function fitting({ kind, name: asked }: { kind: DocumentKind; name: string }, all: readonly Named[]): readonly Named[] {
  const spelled = all.filter(({ name, id }) => name === asked || id === asked)
  const wanted = asked.toLowerCase()
  const found =
    spelled.length > 0 || kind === 'role' ? spelled : all.filter(({ name }) => name.toLowerCase() === wanted)
  return [...Map.groupBy(found, ({ id, name }) => id ?? name).values()].flatMap(([first]) => first ?? [])
}

/** Two organizations may call a permission set the same, and an account that moves is in both for a while. */
const ambiguous = (
  { kind, name }: { readonly kind: DocumentKind; readonly name: string },
  found: readonly Named[],
): DomainError =>
  new DomainError({
    code: 'conflict',
    message: `More than one ${kind.replaceAll('_', ' ')} is called "${name}".`,
    remedy: found.every(({ id }) => id !== undefined)
      ? `Give its ARN: ${found.map(({ id }) => id).join(', ')}.`
      : `Spell it as it is: ${found.map((one) => one.name).join(', ')}.`,
  })

interface Named {
  readonly name: string
  /** What tells it from others of its name, where there may be such. */
  readonly id?: string
  readonly document: () => PlainDocument
}

/** Derived roles have labels of their own only as documents. */
const systemResource = ({ name }: { readonly name: string }) => ({ name, labels: {} })

interface Viewer {
  readonly acting: Acting
  /** All of what is needed to be shown a record. */
  readonly verbs: readonly Verb[]
}

function namedDocuments(
  { kind, clusterName }: ReadDocumentsQuery,
  viewer: Viewer,
  { view, now, enrolled }: Reading,
): readonly Named[] {
  const { acting, verbs } = viewer
  switch (kind) {
    case 'user':
      return view.users
        .filter((user) => user.id === acting.user?.id || mayRead(viewer, 'user', user))
        .map((user) => ({
          name: user.name,
          document: () => plainDocument(documentOfUser(user, view), { revision: user.revision }),
        }))
    case 'access_list':
      return view.lists
        .filter((list) => accessToList(list, acting, { view, now }, verbs) !== undefined)
        .map((list) => ({
          name: list.id,
          document: () =>
            plainDocument(documentOfList(list, view), {
              revision: list.revision,
              ...statusOfList(listsAround(list, acting, { view, now }, verbs)),
            }),
        }))
    case 'access_list_member':
      return view.lists
        .filter((list) => accessToList(list, acting, { view, now }, verbs)?.maySeeMembers)
        .flatMap((list) =>
          list.members.map((member) => ({
            name: `${list.id}/${memberName(member, view)}`,
            // A member is a part of its list, and has no revision of its own.
            document: () => plainMember(list, member, view, { revision: list.revision }),
          })),
        )
    case 'access_request':
      return view.requests
        .filter((request) => maySeeRequest(request, acting, view, verbs))
        .map((request) => ({ name: request.id, document: () => plainRequest(request, view, clusterName) }))
    case 'role':
    case 'lock':
    case 'saml_idp_service_provider':
    case 'bundle':
    case 'approval_rule':
      return readableRecords(kind, viewer, view)
    case 'integration':
    case 'aws_ic_account':
    case 'aws_ic_permission_set':
    case 'plugin':
      return enrolled.flatMap((one) => documentsOfOrganization(kind, viewer, one))
  }
}

function documentsOfOrganization(
  kind: 'integration' | 'aws_ic_account' | 'aws_ic_permission_set' | 'plugin',
  viewer: Viewer,
  view: OrganizationView,
): readonly Named[] {
  const { organization, catalogue } = view
  switch (kind) {
    case 'integration': {
      const document = plainIntegration(organization)
      return document ? readable(viewer, 'integration', [plainly(document)], (one) => one) : []
    }
    case 'aws_ic_account':
      return readable(viewer, 'aws_identity_center', [...catalogue.accounts.values()].map(named), (account) => ({
        name: account.id,
        id: account.arn,
        document: () => plainAccount(catalogue.accounts.get(account.id) ?? account, organization),
      }))
    case 'aws_ic_permission_set':
      return readable(
        viewer,
        'aws_identity_center',
        [...catalogue.permissionSets.values()].map((set) => ({ ...set, labels: {} })),
        (set) => ({ name: set.name, id: set.arn, document: () => plainPermissionSet(set) }),
      )
    case 'plugin':
      return readable(viewer, 'plugin', [named(organization)], ({ name }) => ({
        name,
        document: () => plainPlugin(organization, view),
      }))
  }
}

function readableRecords<Kind extends RecordKind>(kind: Kind, viewer: Viewer, view: View): readonly Named[] {
  const { all, resource, document, stamp } = RECORD_KINDS[kind]
  return all(view)
    .filter((record) => mayRead(viewer, kind, resource(record)))
    .map((record) => ({
      name: resource(record).name,
      document: () =>
        plainDocument(document(record, view), { revision: record.revision, ...(stamp && { spec: stamp(record) }) }),
    }))
}

/** For conditions, a record without labels, named by its id where it has no name. */
const named = <T extends { readonly id: string; readonly name?: string }>(record: T): T & RuleResource => ({
  ...record,
  name: record.name ?? record.id,
  labels: {},
})

function statusOfList({ memberOf, ownerOf }: ReturnType<typeof listsAround>): {
  readonly status?: Record<string, unknown>
} {
  if (memberOf.length + ownerOf.length === 0) return {}
  return { status: { owner_of: ownerOf.map(({ id }) => id), member_of: memberOf.map(({ id }) => id) } }
}

const plainly = (document: PlainDocument): Named & RuleResource => ({
  name: String(document.metadata['name']),
  labels: {},
  document: () => document,
})

const mayRead = ({ acting, verbs }: Viewer, kind: RuleKind, resource: RuleResource): boolean =>
  verbs.every((verb) => may(acting, verb, kind, resource))

const readable = <T extends RuleResource>(
  viewer: Viewer,
  kind: RuleKind,
  records: readonly T[],
  present: (record: T) => Named,
): readonly Named[] => records.filter((record) => mayRead(viewer, kind, record)).map(present)
