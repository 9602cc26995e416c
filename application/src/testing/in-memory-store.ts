import {
  type AccessList,
  AUDIT_CODES,
  type AuditEvent,
  type AwsGroupId,
  type AwsPrincipalKey,
  type AwsUserId,
  awsPrincipalKey,
  createCatalogue,
  DECISION_EVENTS,
  DomainError,
  type GrantKey,
  type Instant,
  latest,
  type ObservedGroup,
  type OrganizationId,
  type RecordedAuditEvent,
  type Remembered,
  type Subject,
} from '@gatehouse/domain'
import type { AccessListReviews } from '../ports/access-list-reviews.ts'
import type { ReviewDrafts } from '../ports/review-drafts.ts'
import type { AuditLog, AuditQuery } from '../ports/audit-log.ts'
import type { Commit, JournalChange, MemoryChange, MirrorChange, Records, RecordChange, Store } from '../ports/store.ts'
import { draftKey, inMemoryDrafts, inMemoryReviews, sweepDrafts } from './in-memory-reviews.ts'
import { emptyState, mirrorOf, type RecordState, type State } from './in-memory-state.ts'

export interface InMemoryStore extends Store, AuditLog {
  readonly reviews: AccessListReviews
  readonly drafts: ReviewDrafts
  /** All audit events, oldest first. */
  readonly events: readonly RecordedAuditEvent[]
  /** From now on only commits with this token, or with none, are taken. */
  setFence(token: number): void
}

/** Keeps everything in memory, with the rules of a database: versions, unique names, cascades, all or nothing. */
export function createInMemoryStore(): InMemoryStore {
  let state: State = emptyState()
  let fence: number | undefined

  return {
    get events() {
      return state.events
    },
    reviews: inMemoryReviews(() => state.records),
    drafts: inMemoryDrafts(() => state.records),
    setFence(token) {
      fence = token
    },
    async readRecords(_, since) {
      return toRecords(state, since)
    },
    async recordsVersion() {
      return state.version
    },
    async readCatalogue(organization) {
      const { accounts, permissionSets, catalogueVersion } = mirrorOf(state, organization)
      return {
        version: catalogueVersion,
        catalogue: createCatalogue([...accounts.values()], [...permissionSets.values()]),
      }
    },
    async catalogueVersion(organization) {
      return mirrorOf(state, organization).catalogueVersion
    },
    async readHoldings(organization, user) {
      const mirror = mirrorOf(state, organization)
      const isRead = mirror.sweptAt !== undefined
      if (user === undefined) return { isRead, direct: new Set(), throughGroups: new Set() }
      const principal = awsPrincipalKey({ type: 'USER', id: user })
      const readAt = mirror.assignmentsReadAt.get(principal)
      const groups = [...mirror.members].flatMap(([id, members]) => (members.has(user) ? [id] : []))
      return {
        isRead,
        direct: new Set(mirror.assignments.get(principal)),
        ...(readAt === undefined ? {} : { readAt }),
        throughGroups: new Set(
          groups.flatMap((id) => [...(mirror.assignments.get(awsPrincipalKey({ type: 'GROUP', id })) ?? [])]),
        ),
      }
    },
    async readHeld(organization, { groups, userNames }) {
      const mirror = mirrorOf(state, organization)
      const heldBy = (principal: Parameters<typeof awsPrincipalKey>[0]): readonly GrantKey[] => [
        ...(mirror.assignments.get(awsPrincipalKey(principal)) ?? []),
      ]
      const users = [...mirror.users.values()].flatMap(({ id: user, userName, active }) => {
        const name = userName.toLowerCase()
        if (active === false || !userNames.includes(name)) return []
        const through = [...mirror.members].flatMap(([id, members]) =>
          members.has(user) ? heldBy({ type: 'GROUP', id }) : [],
        )
        const grants = new Set([...heldBy({ type: 'USER', id: user }), ...through])
        return grants.size === 0 ? [] : [[name, grants] as const]
      })
      const known = groups.filter((id) => mirror.groups.has(id))
      return {
        isRead: mirror.sweptAt !== undefined,
        groups: new Map(known.map((id) => [id, new Set(heldBy({ type: 'GROUP', id }))])),
        users: new Map(users),
      }
    },
    async readGroups(organization, groups) {
      const mirror = mirrorOf(state, organization)
      return {
        ...(mirror.sweptAt === undefined ? {} : { sweptAt: mirror.sweptAt }),
        memberCounts: new Map(
          groups.filter((id) => mirror.groups.has(id)).map((id) => [id, mirror.members.get(id)?.size ?? 0]),
        ),
      }
    },
    async readMirror(organization) {
      const mirror = mirrorOf(state, organization)
      return {
        catalogue: createCatalogue([...mirror.accounts.values()], [...mirror.permissionSets.values()]),
        adoptedAccounts: new Set(mirror.adoptedAccounts),
        observed: {
          users: new Map(mirror.users),
          groups: new Map(
            [...mirror.groups].map(([id, group]): [AwsGroupId, ObservedGroup] => [
              id,
              { ...group, members: new Set(mirror.members.get(id)) },
            ]),
          ),
          assignments: new Map([...mirror.assignments].map(([principal, grants]) => [principal, new Set(grants)])),
        },
        assignmentsReadAt: new Map(mirror.assignmentsReadAt),
        sweptAt: mirror.sweptAt,
        accountsSeen: mirror.accountsSeen,
        findings: [...mirror.findings.values()],
      }
    },
    async readMemory(organization) {
      const memory = mirrorOf(state, organization)
      return {
        assignments: new Map(memory.rememberedAssignments),
        members: new Map(memory.rememberedMembers),
        decidedSince: latestDecisions(state.events, memory.roundSeq),
        roundSeq: memory.roundSeq,
        removals: [...memory.removals],
        released: new Set(memory.released),
        made: new Set(memory.made),
        found: new Set(memory.found),
        clockFloor: memory.clockFloor,
      }
    },
    async readJournal(organization) {
      return [...mirrorOf(state, organization).journal.values()]
    },
    async commit(commit) {
      if (commit.fence !== undefined && fence !== undefined && commit.fence !== fence)
        throw new DomainError({ code: 'stale', kind: 'leadership', name: String(commit.fence) })
      if (commit.expecting !== undefined && commit.expecting !== state.version)
        throw new DomainError({ code: 'stale', kind: 'records', name: String(commit.expecting) })
      const next = structuredClone(state) // a change that is refused half-way leaves nothing behind
      apply(next, structuredClone(commit))
      state = next
      return { version: state.version, auditSeq: state.events.length }
    },
    async list({ limit, order, ...filter }) {
      const found = state.events.filter((recorded) => isFound(recorded, filter))
      return (order === 'oldest' ? found : found.toReversed()).slice(0, limit)
    },
    async latestDecisions(after) {
      return latestDecisions(state.events, after)
    },
    async lastSignIns(users) {
      const succeeded = state.events.filter(({ code }) => code === AUDIT_CODES['user.login'][0])
      return new Map(
        users.flatMap((user) => {
          const last = succeeded.findLast(({ subjects }) => subjects.includes(user))
          return last ? [[user, last.time] as const] : []
        }),
      )
    },
    async hasSignedInTo(entityId, from) {
      return state.events.some(
        ({ event, time, fields }) =>
          event === 'saml.idp.auth' &&
          time >= from &&
          fields['success'] === true &&
          fields['service_provider_entity_id'] === entityId,
      )
    },
    async verify() {
      const broken = state.events.find(
        ({ seq, previousHash }) => previousHash !== (state.events[seq - 2]?.hash ?? 'start'),
      )
      return { events: state.events.length, ...(broken ? { firstBroken: broken.seq } : {}) }
    },
  }
}

function isFound(recorded: RecordedAuditEvent, filter: Omit<AuditQuery, 'limit' | 'order'>): boolean {
  const { before = Number.POSITIVE_INFINITY, after = 0, event, code, user, subject, from, to, text, uid } = filter
  const { seq, time } = recorded
  const words = [recorded.event, recorded.user, JSON.stringify(recorded.fields)].join(' ').toLowerCase()
  return (
    seq < before &&
    seq > after &&
    (uid === undefined || recorded.uid === uid) &&
    (event === undefined || recorded.event === event) &&
    (code === undefined || recorded.code === code) &&
    (user === undefined || recorded.user === user) &&
    (subject === undefined || recorded.subjects.includes(subject)) &&
    (from === undefined || time >= from) &&
    (to === undefined || time < to) &&
    (text === undefined || words.includes(text.toLowerCase()))
  )
}

function apply(state: State, commit: Commit): void {
  for (const change of commit.records ?? [])
    if ('delete' in change && change.delete === 'organization') forgetMirror(state, change)
  for (const change of commit.records ?? []) applyRecord(state.records, change)
  if (commit.records && commit.records.length > 0) {
    state.version++
    checkUnique(state.records)
    sweepDrafts(state.records)
  }
  for (const change of commit.mirror ?? []) applyMirror(state, organizationOf(commit), change)
  for (const change of commit.memory ?? []) applyMemory(state, organizationOf(commit), change)
  for (const change of commit.journal ?? []) applyJournal(state, organizationOf(commit), change)
  for (const event of commit.events ?? []) record(state, event)
}

function organizationOf({ organization }: Commit): OrganizationId {
  if (organization === undefined) throw new Error('A change of mirror, memory or journal names its organization.')
  return organization
}

function applyRecord(records: RecordState, change: RecordChange): void {
  if ('put' in change) {
    switch (change.put) {
      case 'user':
        return void records.users.set(change.user.id, change.user)
      case 'role':
        return void records.roles.set(change.role.name, change.role)
      case 'list':
        return void records.lists.set(change.list.id, change.list)
      case 'list-review':
        return void records.reviews.push({ ...change.review, seq: records.reviews.length + 1 })
      case 'request':
        return void records.requests.set(change.request.id, change.request)
      case 'lock':
        return void records.locks.set(change.lock.id, change.lock)
      case 'service-provider':
        return void records.serviceProviders.set(change.provider.name, change.provider)
      case 'bundle':
        return void records.bundles.set(change.bundle.name, change.bundle)
      case 'approval-rule':
        return void records.approvalRules.set(change.rule.name, change.rule)
      case 'organization':
        return void records.organizations.set(change.organization.id, change.organization)
      case 'user-link':
        return void records.userLinks.set(`${change.link.organization} ${change.link.user}`, change.link)
      case 'group-link':
        return void records.groupLinks.set(`${change.link.organization} ${change.link.group}`, change.link)
      case 'adopted': {
        const { organization, user, grant } = change.adopted
        return void records.adopted.set(`${organization} ${user} ${grant}`, change.adopted)
      }
    }
  }
  switch (change.delete) {
    case 'user': {
      records.users.delete(change.id)
      for (const [id, list] of records.lists) records.lists.set(id, withoutUser(list, change.id))
      for (const [key, link] of records.userLinks)
        if (link.user === change.id) records.userLinks.set(key, { ...link, userDeleted: true })
      for (const [key, adopted] of records.adopted) if (adopted.user === change.id) records.adopted.delete(key)
      return
    }
    case 'role':
      return void records.roles.delete(change.name)
    case 'list':
      return void records.lists.delete(change.id)
    case 'request':
      return void records.requests.delete(change.id)
    case 'lock':
      return void records.locks.delete(change.id)
    case 'service-provider':
      return void records.serviceProviders.delete(change.name)
    case 'bundle':
      return void records.bundles.delete(change.name)
    case 'approval-rule':
      return void records.approvalRules.delete(change.name)
    case 'organization': {
      records.organizations.delete(change.id)
      for (const rows of [records.userLinks, records.groupLinks, records.adopted])
        for (const [key, { organization }] of rows) if (organization === change.id) rows.delete(key)
      return
    }
    case 'user-link':
      return void records.userLinks.delete(`${change.organization} ${change.user}`)
    case 'group-link':
      return void records.groupLinks.delete(`${change.organization} ${change.group}`)
    case 'adopted':
      return void records.adopted.delete(`${change.organization} ${change.user} ${change.grant}`)
    case 'review-draft':
      return void records.reviewDrafts.delete(draftKey(change))
  }
}

function forgetMirror(
  state: State,
  { id: organization, released, settled }: Extract<RecordChange, { delete: 'organization' }>,
): void {
  const { journal, catalogueVersion, rememberedAssignments, rememberedMembers, made } = mirrorOf(state, organization)
  if ([...journal.values()].some((entry) => entry.state === 'intended' || entry.state === 'sent'))
    throw new DomainError({
      code: 'conflict',
      message: 'A write to AWS is under way.',
      remedy: 'Wait until it is done, and repeat.',
    })
  const isLeft = ([key, { until, ending }]: readonly [string, Remembered]): boolean =>
    (until !== undefined || ending !== undefined) && !released.includes(key)
  if ([...rememberedAssignments, ...rememberedMembers].some(isLeft))
    throw new DomainError({
      code: 'conflict',
      message: 'Access in AWS that has an end, or that was taken away here, has come since the report.',
      remedy: 'Read the report again.',
    })
  const links = [...state.records.groupLinks.values()].filter((link) => link.organization === organization)
  const groups = links.flatMap(({ origin, awsGroup }) => (origin === 'created' ? [`group ${awsGroup}`] : []))
  if (settled && [...made, ...groups].some((key) => !settled.includes(key)))
    throw new DomainError({
      code: 'conflict',
      message: 'Access in AWS that has an end, or that was taken away here, has come since the report.',
      remedy: 'Read the report again.',
    })
  state.mirrors.delete(organization)
  mirrorOf(state, organization).catalogueVersion = catalogueVersion + 1
}

function withoutUser(list: AccessList, user: string): AccessList {
  return {
    ...list,
    members: list.members.filter((member) => member.kind !== 'user' || member.user !== user),
    owners: list.owners.filter((owner) => owner.kind !== 'user' || owner.user !== user),
  }
}

function checkUnique(records: RecordState): void {
  const names = [
    ['user', [...records.users.values()].map(({ name }) => name)],
    ['role', [...records.roles.values()].map(({ name }) => name)],
    ['access list', [...records.lists.values()].map(({ title }) => title)],
    ['bundle', [...records.bundles.values()].map(({ name }) => name)],
    ['approval rule', [...records.approvalRules.values()].map(({ name }) => name)],
  ] as const
  for (const [kind, taken] of names) {
    const seen = new Set<string>()
    for (const name of taken) {
      const folded = name.toLowerCase()
      if (seen.has(folded))
        throw new DomainError({
          code: 'conflict',
          message: `There is a ${kind} "${name}" already.`,
          remedy: 'Choose another name.',
        })
      seen.add(folded)
    }
  }
}

function applyMirror(state: State, organization: OrganizationId, change: MirrorChange): void {
  const mirror = mirrorOf(state, organization)
  const what = 'put' in change ? change.put : change.delete
  if (what === 'account' || what === 'permission-set') mirror.catalogueVersion++
  if ('put' in change) {
    switch (change.put) {
      case 'account':
        return void mirror.accounts.set(change.account.id, change.account)
      case 'adopted-account':
        return void mirror.adoptedAccounts.add(change.id)
      case 'permission-set':
        return void mirror.permissionSets.set(change.permissionSet.arn, change.permissionSet)
      case 'user':
        return void mirror.users.set(change.user.id, change.user)
      case 'group':
        return void mirror.groups.set(change.group.id, change.group)
      case 'member':
        return void valuesOf(mirror.members, change.group).add(change.user)
      case 'assignment':
        return void valuesOf(mirror.assignments, change.principal).add(change.grant)
      case 'assignments-read':
        valuesOf(mirror.assignments, change.principal)
        return void mirror.assignmentsReadAt.set(change.principal, change.at)
      case 'swept':
        mirror.sweptAt = change.at
        return
      case 'accounts-seen':
        mirror.accountsSeen = change.seen
        return
      case 'finding':
        return void mirror.findings.set(change.finding.id, change.finding)
    }
  }
  switch (change.delete) {
    case 'account':
      return void mirror.accounts.delete(change.id)
    case 'permission-set':
      return void mirror.permissionSets.delete(change.arn)
    case 'user':
      mirror.users.delete(change.id)
      for (const members of mirror.members.values()) members.delete(change.id)
      return forget(awsPrincipalKey({ type: 'USER', id: change.id }))
    case 'group':
      mirror.groups.delete(change.id)
      mirror.members.delete(change.id)
      return forget(awsPrincipalKey({ type: 'GROUP', id: change.id }))
    case 'member':
      return void mirror.members.get(change.group)?.delete(change.user)
    case 'assignment':
      return void mirror.assignments.get(change.principal)?.delete(change.grant)
    case 'finding':
      return void mirror.findings.delete(change.id)
  }

  function forget(principal: AwsPrincipalKey): void {
    mirror.assignments.delete(principal)
    mirror.assignmentsReadAt.delete(principal)
  }
}

function valuesOf<K extends string, V extends AwsUserId | GrantKey>(map: Map<K, Set<V>>, key: K): Set<V> {
  const values = map.get(key) ?? new Set<V>()
  map.set(key, values)
  return values
}

function applyMemory(state: State, organization: OrganizationId, change: MemoryChange): void {
  const memory = mirrorOf(state, organization)
  if ('put' in change) {
    switch (change.put) {
      case 'assignment':
        return void memory.rememberedAssignments.set(change.key, change.remembered)
      case 'member':
        return void memory.rememberedMembers.set(change.key, change.remembered)
      case 'round':
        memory.roundSeq = change.seq
        return
      case 'removal':
        return void memory.removals.push({ kind: change.kind, at: change.at })
      case 'released':
        return void memory.released.add(change.key)
      case 'made':
        return void memory.made.add(change.key)
      case 'found':
        return void memory.found.add(change.key)
      case 'clock-floor':
        memory.clockFloor = forward(memory.clockFloor, change.at)
        return
    }
  }
  switch (change.delete) {
    case 'assignment':
      return void memory.rememberedAssignments.delete(change.key)
    case 'member':
      return void memory.rememberedMembers.delete(change.key)
    case 'released':
      return void memory.released.delete(change.key)
    case 'made':
      return void memory.made.delete(change.key)
    case 'found':
      return void memory.found.delete(change.key)
  }
}

const forward = (floor: Instant | undefined, at: Instant): Instant => (floor === undefined ? at : latest(floor, at))

function applyJournal(state: State, organization: OrganizationId, change: JournalChange): void {
  const { journal } = mirrorOf(state, organization)
  if ('put' in change) journal.set(change.entry.id, change.entry)
  else journal.delete(change.id)
}

function record(state: State, event: AuditEvent): void {
  const seq = state.events.length + 1
  const previousHash = state.events.at(-1)?.hash ?? 'start'
  state.events.push({ ...event, seq, uid: `event-${seq}`, previousHash, hash: `hash-${seq}` })
}

function latestDecisions(events: readonly RecordedAuditEvent[], after: number): Map<Subject, string> {
  const found = new Map<Subject, string>()
  for (const { seq, uid, event, subjects } of events) {
    if (seq <= after || !DECISION_EVENTS.includes(event)) continue
    for (const subject of subjects) found.set(subject, uid)
  }
  return found
}

/** What equals a record of the copy is that very record. */
function toRecords({ version, events, records }: State, since?: Records): Records {
  return {
    version,
    auditSeq: events.length,
    users: reused(since?.users, records.users),
    roles: reused(since?.roles, records.roles),
    lists: reused(since?.lists, records.lists),
    requests: reused(since?.requests, records.requests),
    locks: reused(since?.locks, records.locks),
    serviceProviders: reused(since?.serviceProviders, records.serviceProviders),
    bundles: reused(since?.bundles, records.bundles),
    approvalRules: reused(since?.approvalRules, records.approvalRules),
    organizations: reused(since?.organizations, records.organizations),
    userLinks: reused(since?.userLinks, records.userLinks),
    groupLinks: reused(since?.groupLinks, records.groupLinks),
    adopted: reused(since?.adopted, records.adopted),
  }
}

function reused<T>(old: readonly T[] | undefined, records: ReadonlyMap<string, T>): readonly T[] {
  const known = new Map(old?.map((record) => [JSON.stringify(record), record]))
  return [...records.values()].map((record) => known.get(JSON.stringify(record)) ?? record)
}
