import {
  type AwsGroupId,
  desiredForGroup,
  type GrantKey,
  grantOfKey,
  grantsHeldBy,
  type GroupLink,
  type Instant,
  MAX_SESSION,
  minus,
  type OrganizationView,
  parseDuration,
  plus,
  type RecordedAuditEvent,
  userNameInAws,
} from '@gatehouse/domain'
import type { AuditLog } from '../ports/audit-log.ts'
import type { HeldInAws, Store } from '../ports/store.ts'
import { type GroupHistory, lossesAt, readGroupHistory } from './group-history.ts'
import type { FoundAccessList } from './list-access-lists.ts'

/** Somebody who was taken out of a list's group, and may have credentials that were issued before. */
export interface Departure {
  readonly user: string
  readonly organization: string
  /** When AWS confirmed it: through the group no credentials are issued since. */
  readonly confirmedAt: Instant
  /** Those issued before end by then, by the sessions of the permission sets as they are now. */
  readonly sessionsEndBy: Instant
}

interface Ports {
  readonly auditLog: Pick<AuditLog, 'list'>
  readonly store: Pick<Store, 'readHeld'>
}

const MEMBERS_EVENT = 'aws_identity_center.group.members_changed'
const MOST_EVENTS = 1_000
const MOST = 50
/** So many people are looked up in AWS's reading at once. */
const LOOKED_UP = 500

/**
 * Who left a list's groups so recently that credentials may still work, the latest first. Whoever holds in AWS in another
 * way all that the group gave is left out: he gets new credentials. What nobody knows any more counts as long as AWS
 * lets a session be.
 */
export async function readDepartures(
  ports: Ports,
  { list, reading: { enrolled, now } }: Pick<FoundAccessList, 'list' | 'reading'>,
  signal: AbortSignal,
): Promise<readonly Departure[]> {
  const from = minus(now, MAX_SESSION)
  const query = { limit: MOST_EVENTS, event: MEMBERS_EVENT, subject: `list:${list.id}` as const, from }
  const events = await ports.auditLog.list(query, signal)
  if (events.length === 0) return []
  const history = await readGroupHistory(ports, { list: list.id, from }, signal)
  const departures = await Promise.all(
    enrolled.map((view) => departuresIn(ports, { view, list, moves: latestMoves(events, view), history, now }, signal)),
  )
  return departures
    .flat()
    .toSorted((a, b) => b.confirmedAt - a.confirmedAt)
    .slice(0, MOST)
}

interface Place {
  readonly view: OrganizationView
  readonly list: FoundAccessList['list']
  readonly moves: readonly Move[]
  readonly history: GroupHistory
  readonly now: Instant
}

/** The latest of one organization. People are looked up part by part until there are enough. */
async function departuresIn(
  { store }: Pick<Ports, 'store'>,
  place: Place,
  signal: AbortSignal,
): Promise<readonly Departure[]> {
  const { view, moves, now } = place
  if (moves.length === 0) return []
  const { organization } = view
  const groups = [...new Set(moves.map(({ group }) => group))]
  const lostBy = createLosses(place, await store.readHeld(organization.id, { groups, userNames: [] }, signal))
  const open = moves.filter((move) => endOf(move, lostBy(move), place) > now)
  const found: Departure[] = []
  for (let start = 0; start < open.length && found.length < MOST; start += LOOKED_UP) {
    const part = open.slice(start, start + LOOKED_UP)
    const userNames = [...new Set(part.map(({ user }) => user.toLowerCase()))]
    const held = await store.readHeld(organization.id, { groups: [], userNames }, signal)
    const heldBy = held.isRead ? held.users : wantedBy(new Set(userNames), view, now)
    for (const move of part) {
      const end = endOf(move, lostBy(move), place, heldBy.get(move.user.toLowerCase()))
      if (end <= now) continue
      found.push({ user: move.user, organization: organization.name, confirmedAt: move.at, sessionsEndBy: end })
    }
  }
  return found.slice(0, MOST)
}

interface Move {
  /** As AWS names him. */
  readonly user: string
  readonly group: AwsGroupId
  readonly at: Instant
}

/** Of each person and group of an organization the latest change, where that was the way out; the latest first. */
function latestMoves(events: readonly RecordedAuditEvent[], { organization }: OrganizationView): readonly Move[] {
  const seen = new Set<string>()
  return events
    .filter(({ fields }) => fields['organization'] === organization.id)
    .flatMap(({ time: at, fields }) => {
      const group = String(fields['external_id']) as AwsGroupId // as AWS named it when the event was recorded
      const isFirst = (user: string): boolean => {
        const key = `${group}|${user.toLowerCase()}`
        return seen.size < seen.add(key).size
      }
      textsOf(fields['added']).forEach(isFirst)
      return textsOf(fields['removed']).flatMap((user) => (isFirst(user) ? [{ user, group, at }] : []))
    })
}

type Losses = ReadonlyMap<GrantKey, Instant> | undefined

/** What each move took away; nothing where nobody knows what the group held. Whole groups leave at one instant. */
function createLosses({ view, list, history, now }: Place, held: HeldInAws): (move: Move) => Losses {
  const links = new Map([...view.groupLinkByKey.values()].map((link) => [link.awsGroup, link]))
  const known = new Map<string, Losses>()
  const heldNow = (group: AwsGroupId): ReadonlySet<GrantKey> | undefined => {
    const inAws = held.groups.get(group)
    const link = links.get(group)
    if (held.isRead || !link) return inAws
    const all = new Set([...(inAws ?? []), ...givenBy(link, list, view, now)])
    return all.size === 0 ? undefined : all
  }
  const find = ({ group, at }: Move): Losses => {
    const now = heldNow(group)
    const changes = history.changes.filter(
      (change) => change.group === group && change.organization === view.organization.id,
    )
    const losses = lossesAt(at, { changes }, now ?? new Set())
    const isKnown = at >= history.completeFrom && (now !== undefined || losses.size > 0)
    return isKnown ? losses : undefined
  }
  return (move) => {
    const key = `${move.group}|${move.at}`
    if (!known.has(key)) known.set(key, find(move))
    return known.get(key)
  }
}

/** By when the last credentials end that came through the group, for what the person does not hold in another way. */
function endOf({ at }: Move, losses: Losses, { view }: Place, held: ReadonlySet<GrantKey> = new Set()): Instant {
  if (!losses) return plus(at, MAX_SESSION)
  let end = at
  for (const [grant, lostAt] of losses) {
    if (held.has(grant)) continue
    const set = view.catalogue.permissionSets.get(grantOfKey(grant).permissionSet)
    const ending = plus(lostAt, set ? parseDuration(set.sessionDuration) : MAX_SESSION)
    if (ending > end) end = ending
  }
  return end
}

/** What the records give to people by the names that AWS has for them: as long as AWS has not been read, that has to do. */
function wantedBy(
  names: ReadonlySet<string>,
  view: OrganizationView,
  now: Instant,
): ReadonlyMap<string, ReadonlySet<GrantKey>> {
  const wanted = new Map<string, ReadonlySet<GrantKey>>()
  for (const link of view.userLinkByUser.values()) {
    const name = userNameInAws(link).toLowerCase()
    const user = names.has(name) ? view.userById.get(link.user) : undefined
    if (user) wanted.set(name, grantsHeldBy(user, view, now))
  }
  return wanted
}

const givenBy = ({ side }: GroupLink, list: FoundAccessList['list'], view: OrganizationView, now: Instant) =>
  desiredForGroup(list, side, view, now)?.assignments.keys() ?? []

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
