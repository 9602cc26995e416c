import {
  type AccessListId,
  type AccessPath,
  type AccessRequestId,
  type AuditEventName,
  type Explanation,
  type GrantKey,
  grantKey,
  grantOfKey,
  type Instant,
  latest,
  type RecordedAuditEvent,
  type Subject,
  userNameOf,
  type View,
  viewOfGrant,
} from '@gatehouse/domain'
import type { Actor } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { Holdings, Store } from '../ports/store.ts'
import { holdingsAt } from '../governance/read-holdings.ts'
import { explainAccess } from './explain-access.ts'
import { type AwsMoment, awsMomentsOf } from './read-aws-moments.ts'

/** One step in the life of an account assignment of one person. */
export interface AccessMoment {
  readonly at: Instant
  readonly kind: 'decided' | AwsMoment['kind'] | 'read' | 'ends'
  /** Who decided, through what, or what AWS said. */
  readonly text: string
  readonly request?: AccessRequestId
}

export interface AccessTrace {
  readonly grant: GrantKey
  readonly view: View
  readonly explanation: Explanation
  /** In the organization of the account. */
  readonly holdings: Holdings | undefined
  /** The oldest first; what is to come last. */
  readonly moments: readonly AccessMoment[]
}

/** Of each kind of event, for the person and for each list: what is older is not looked for. */
const MOST_EVENTS = 200
const MOST_LISTS = 5
/** What is older is left out. */
const MOST_MOMENTS = 100

/**
 * When somebody's access to an account was decided, sent to AWS, confirmed, taken away and last seen, and when it ends.
 * Whoever may ask why may ask this. @throws DomainError `not-found`
 */
export async function traceAccess(
  ports: ReadPorts & { readonly store: Pick<Store, 'readHoldings'>; readonly auditLog: Pick<AuditLog, 'list'> },
  query: { readonly actor: Actor; readonly user: string; readonly account: string; readonly permissionSet: string },
  signal: AbortSignal,
): Promise<AccessTrace> {
  const { account, permissionSet, ...who } = query
  const place = { account, permissionSet }
  const { result: explanation, view, holdings, asked } = await explainAccess(ports, { ...who, place }, signal)
  if (asked?.permissionSet === undefined) throw new Error('a place with a permission set was asked for')
  const grant = grantKey({ account: asked.account, permissionSet: asked.permissionSet })
  const { paths, user } = explanation
  const held = holdingsAt(grant, holdings, view)
  const lists = [...new Set(paths.flatMap(({ side, through }) => (side === undefined ? [] : through.slice(-1))))]
  const events = await Promise.all([
    eventsOf(ports.auditLog, `user:${user.id}`, ASSIGNMENT_EVENTS, signal),
    ...lists
      .slice(0, MOST_LISTS)
      .map((list) => eventsOf(ports.auditLog, `list:${list}`, [...ASSIGNMENT_EVENTS, MEMBERS_EVENT], signal)),
  ])
  const past = [
    ...paths.flatMap((path) => decisionsOf(path, explanation, view)),
    ...awsMomentsOf(events.flat(), {
      grant: grantOfKey(grant),
      userName: user.name,
      organization: viewOfGrant(grantOfKey(grant), view)?.organization.id,
    }),
  ].toSorted((a, b) => a.at - b.at)
  const kept = distinct(past).slice(-MOST_MOMENTS)
  const moments = [...kept, ...readOf(held, kept.at(-1)?.at), ...endOf(paths)]
  return { grant, view, explanation, holdings: held, moments }
}

const ASSIGNMENT_EVENTS: readonly AuditEventName[] = [
  'aws_identity_center.account_assignment.created',
  'aws_identity_center.account_assignment.deleted',
]
const MEMBERS_EVENT: AuditEventName = 'aws_identity_center.group.members_changed'

async function eventsOf(
  auditLog: Pick<AuditLog, 'list'>,
  subject: Subject,
  names: readonly AuditEventName[],
  signal: AbortSignal,
): Promise<readonly RecordedAuditEvent[]> {
  const found = await Promise.all(names.map((event) => auditLog.list({ limit: MOST_EVENTS, subject, event }, signal)))
  return found.flat()
}

/** Where it is known when somebody decided: a role that is written for somebody does not say. */
function decisionsOf(
  { lease: { cause }, through }: AccessPath,
  { user }: Explanation,
  view: View,
): readonly AccessMoment[] {
  if (cause.kind === 'request') {
    const request = view.requests.find(({ id }) => id === cause.request)
    if (request?.state !== 'approved') return []
    const approvers = request.reviews.filter(({ verdict }) => verdict === 'approve')
    const by = approvers.map(({ author }) => userNameOf(author, view)).join(', ')
    return [
      {
        at: request.resolvedAt,
        kind: 'decided',
        text: by === '' ? 'approved' : `approved by ${by}`,
        request: request.id,
      },
    ]
  }
  return joined(through[0], user, view)
}

function joined(id: AccessListId | undefined, user: Explanation['user'], view: View): readonly AccessMoment[] {
  const list = id === undefined ? undefined : view.listById.get(id)
  const member = list?.members.find((one) => one.kind === 'user' && one.user === user.id)
  if (!list || !member) return []
  // What adoption found has no author.
  const by = member.addedBy === 'system' ? 'found there in AWS' : `added by ${member.addedBy}`
  return [{ at: member.joined, kind: 'decided', text: `in ${list.title}, ${by}` }]
}

/** What was read before the latest step says nothing of it. */
const readOf = (held: Holdings | undefined, since: Instant | undefined): readonly AccessMoment[] =>
  held?.readAt === undefined || (since !== undefined && held.readAt < since)
    ? []
    : [{ at: held.readAt, kind: 'read', text: 'what the user holds by himself' }]

/** When the last way to it ends, unless one has no end. */
function endOf(paths: readonly AccessPath[]): readonly AccessMoment[] {
  const ends = paths.flatMap(({ lease: { until } }) => until ?? [])
  if (ends.length === 0 || ends.length < paths.length) return []
  return [{ at: latest(...ends), kind: 'ends', text: '' }]
}

function distinct(moments: readonly AccessMoment[]): readonly AccessMoment[] {
  return [...new Map(moments.map((moment) => [JSON.stringify(moment), moment])).values()]
}
