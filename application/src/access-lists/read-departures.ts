import {
  desiredForGroup,
  type GroupLink,
  grantsHeldBy,
  type Instant,
  longestSession,
  MAX_SESSION,
  minus,
  type OrganizationView,
  plus,
  type RecordedAuditEvent,
  type User,
  userNameInAws,
} from '@gatehouse/domain'
import type { AuditLog } from '../ports/audit-log.ts'
import type { FoundAccessList } from './list-access-lists.ts'

/** Somebody who was taken out of a list's group, and may have credentials that were issued before. */
export interface Departure {
  readonly user: string
  readonly organization: string
  /** When AWS confirmed it: no credentials are issued since. */
  readonly confirmedAt: Instant
  /** Those issued before end by then. */
  readonly sessionsEndBy: Instant
}

const MEMBERS_EVENT = 'aws_identity_center.group.members_changed'
const MOST_EVENTS = 200
const MOST = 50

/**
 * Who left a list's groups so recently that credentials may still work, the latest first. Whoever holds in another way
 * all that the group gives is left out: he gets new credentials.
 */
export async function readDepartures(
  { auditLog }: { readonly auditLog: Pick<AuditLog, 'list'> },
  { list, reading: { enrolled, now } }: Pick<FoundAccessList, 'list' | 'reading'>,
  signal: AbortSignal,
): Promise<readonly Departure[]> {
  const events = await auditLog.list(
    { limit: MOST_EVENTS, event: MEMBERS_EVENT, subject: `list:${list.id}`, from: minus(now, MAX_SESSION) },
    signal,
  )
  if (events.length === 0) return []
  const departures = enrolled.flatMap((view) => departuresIn(view, list, events, now))
  return departures.toSorted((a, b) => b.confirmedAt - a.confirmedAt).slice(0, MOST)
}

function departuresIn(
  view: OrganizationView,
  list: FoundAccessList['list'],
  events: readonly RecordedAuditEvent[],
  now: Instant,
): readonly Departure[] {
  const groups = new Map([...view.groupLinkByKey.values()].map((link) => [link.awsGroup as string, link]))
  const moves = latestMoves(events, view).slice(0, MOST)
  const users = usersNamed(new Set(moves.map(({ user }) => user.toLowerCase())), view)
  return moves.flatMap(({ user, group, at }) => {
    const link = groups.get(group)
    const session = link && sessionLost(link, users.get(user.toLowerCase()), list, view, now)
    const end = session === undefined ? at : plus(at, session)
    return end > now ? [{ user, organization: view.organization.name, confirmedAt: at, sessionsEndBy: end }] : []
  })
}

interface Move {
  readonly user: string
  /** As AWS names it. */
  readonly group: string
  readonly at: Instant
}

/** Of each person and group of an organization the latest change, where that was the way out. */
function latestMoves(events: readonly RecordedAuditEvent[], { organization }: OrganizationView): readonly Move[] {
  const seen = new Set<string>()
  return events
    .filter(({ fields }) => fields['organization'] === organization.id)
    .flatMap(({ time: at, fields }) => {
      const group = String(fields['external_id'])
      const isFirst = (user: string): boolean => {
        const key = `${group}|${user.toLowerCase()}`
        return seen.size < seen.add(key).size
      }
      textsOf(fields['added']).forEach(isFirst)
      return textsOf(fields['removed']).flatMap((user) => (isFirst(user) ? [{ user, group, at }] : []))
    })
}

/** By the names that AWS has for them. */
function usersNamed(names: ReadonlySet<string>, view: OrganizationView): ReadonlyMap<string, User> {
  const found = new Map<string, User>()
  for (const link of view.userLinkByUser.values()) {
    const name = userNameInAws(link).toLowerCase()
    const user = names.has(name) ? view.userById.get(link.user) : undefined
    if (user) found.set(name, user)
  }
  return found
}

/** The longest session of what the group gives and the user holds in no other way. */
function sessionLost(
  { side }: GroupLink,
  user: User | undefined,
  list: FoundAccessList['list'],
  view: OrganizationView,
  now: Instant,
) {
  const given = [...(desiredForGroup(list, side, view, now)?.assignments.keys() ?? [])]
  const held = user && grantsHeldBy(user, view, now)
  return longestSession(
    given.filter((grant) => held?.has(grant) !== true),
    view.catalogue,
  )
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
