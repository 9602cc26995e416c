import {
  type AssignmentKey,
  auditEvent,
  type AwsGroupId,
  type AwsPrincipal,
  awsPrincipalKey,
  type AwsUserId,
  DomainError,
  followersOf,
  type GrantKey,
  type Instant,
  isFollowKey,
  type MembershipKey,
  membershipKey,
  type OrganizationId,
  type PlanNote,
  type Thing,
} from '@gatehouse/domain'
import { ADOPT_REMOVALS } from '../adopt/adoption-draft.ts'
import { linkedElsewhere } from '../adopt/linked-elsewhere.ts'
import { planAdoption } from '../adopt/plan-adoption.ts'
import type { RecordsCache } from '../governance/records-cache.ts'
import type { IdentityCenter } from '../ports/identity-center.ts'
import type { Commit, Finding, MirrorChange, RecordChange } from '../ports/store.ts'
import { accountsMoved } from './account-moves.ts'
import { believedLosses } from './believed-loss.ts'
import type { EngineState } from './engine-state.ts'
import type { Freshness } from './freshness.ts'
import { ingestReading } from './ingest-reading.ts'
import { READ_FAILED, viewOfEngine } from './make-plan.ts'
import { pinNames } from './pin-names.ts'
import { selectorsOf, unreadFacts } from './read-account-facts.ts'
import { type Descriptions, readAws } from './read-aws.ts'
import type { ReportProgress } from './sweep-progress.ts'

export interface SweepPorts {
  readonly identityCenter: IdentityCenter
  readonly records: RecordsCache
  /** Saves and applies to the engine's state. */
  readonly commit: (commit: Commit) => Promise<void>
  readonly whileReading: Freshness['whileReading']
}

export interface SweepContext {
  readonly organization: OrganizationId
  readonly state: EngineState
  readonly descriptions: Descriptions
  readonly now: () => Instant
  readonly report: ReportProgress
}

/** A link made in one pass shows the next one what to adopt; more passes than this mean that records keep changing. */
const MAX_PASSES = 6

/** Reads AWS, brings the mirror up to date and adopts what has to be. @throws IdentityCenterError when a read fails */
export async function sweep(
  ports: SweepPorts,
  context: SweepContext,
  signal: AbortSignal,
): Promise<readonly PlanNote[]> {
  const { changes, managementAccount, notes } = await ports.whileReading((isFresh) =>
    updateMirror(ports, context, isFresh, signal),
  )
  await noteManagementAccount(ports, context, managementAccount, signal)
  context.report('adopting', 0)
  return [...notes, ...(await adopt(ports, context, lostIn(changes), signal))]
}

interface Updated {
  readonly changes: readonly MirrorChange[]
  readonly managementAccount: string | undefined
  readonly notes: readonly PlanNote[]
}

async function updateMirror(
  ports: SweepPorts,
  { state, organization, descriptions, now: clock, report }: SweepContext,
  isFresh: (key: Thing) => boolean,
  signal: AbortSignal,
): Promise<Updated> {
  const view = viewOfEngine(await ports.records.read(signal), state, organization)
  const reading = await readAws(
    ports.identityCenter,
    { view, mirror: state.mirror, descriptions, now: clock(), report },
    signal,
  )
  const now = clock()
  const { believed, keys } = believedLosses(state.memory.released, (id) => id !== ADOPT_REMOVALS)
  const { changes, findings, moves } = ingestReading({ mirror: state.mirror, reading, now, isFresh, believed })
  const known = new Set(state.mirror.findings.keys())
  const settled: MirrorChange[] = known.has(READ_FAILED) ? [{ delete: 'finding', id: READ_FAILED }] : []
  const used = keys.map((key) => ({ delete: 'released', key }) as const)
  await ports.commit({
    mirror: [...changes, ...settled],
    memory: used,
    events: [
      auditEvent('aws_identity_center.resource_sync.success', {
        time: now,
        subjects: [`organization:${organization}`],
        fields: {
          organization,
          total_accounts: reading.accounts.length,
          total_permission_sets: reading.permissionSets.length,
          total_account_assignments: [...reading.assignments.values()].reduce((sum, grants) => sum + grants.size, 0),
          total_user_groups: reading.groups.length,
          success: true,
          message: 'Everything was read.',
        },
      }),
      ...(moves ? [accountsMoved(moves, organization)] : []),
      ...findings.filter(({ id }) => !known.has(id)).map((finding) => suspicious(finding, organization)),
    ],
  })
  const notes = [...reading.notes, ...unreadFacts(reading.accounts, selectorsOf(view))]
  return { changes, managementAccount: reading.managementAccount, notes }
}

/** In the organization as it is by now: a reading takes minutes, in which somebody may have decided about it. */
async function noteManagementAccount(
  ports: SweepPorts,
  { state, organization: id }: SweepContext,
  managementAccount: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const records = await ports.records.read(signal)
  const { organization } = viewOfEngine(records, state, id)
  if (managementAccount === undefined || managementAccount === organization.managementAccount) return
  const next = { ...organization, managementAccount, revision: organization.revision + 1 }
  await ports
    .commit({ expecting: records.version, records: [{ put: 'organization', organization: next }] })
    .catch((error: unknown) => {
      if (!isStale(error)) throw error // otherwise the next sweep does it
    })
}

const isStale = (error: unknown): boolean =>
  error instanceof DomainError && error.problem.code === 'stale' && error.problem.kind === 'records'

const suspicious = ({ foundAt, kind, message }: Finding, organization: OrganizationId) =>
  auditEvent('aws_identity_center.read.suspicious', {
    time: foundAt,
    subjects: [`organization:${organization}`],
    fields: { organization, kind, message },
  })

/** What this very reading took out of the mirror: it changed in AWS, and not here. */
function lostIn(changes: readonly MirrorChange[]): ReadonlySet<AssignmentKey | MembershipKey> {
  return new Set(
    changes.flatMap((change) => {
      if (!('delete' in change)) return []
      if (change.delete === 'member') return [membershipKey(change.group, change.user)]
      return change.delete === 'assignment' ? [`${change.principal}|${change.grant}` as const] : []
    }),
  )
}

/** Makes records of what AWS held before us, until there is nothing left to make. */
export async function adopt(
  ports: SweepPorts,
  { state, organization, now }: SweepContext,
  lost: ReadonlySet<AssignmentKey | MembershipKey>,
  signal: AbortSignal,
): Promise<readonly PlanNote[]> {
  const notFollowed: PlanNote[] = []
  for (let pass = 1; ; pass++) {
    const records = await ports.records.read(signal)
    const view = viewOfEngine(records, state, organization)
    if (view.organization.withdrawal) return notFollowed // what goes there now is no decision of anybody's about records
    const { believed, keys } = believedLosses(state.memory.released, (id) => id === ADOPT_REMOVALS)
    const followed = followersOf(state.memory.released)
    const followKeys = [...state.memory.released].filter(isFollowKey)
    const adoption = planAdoption({
      view,
      mirror: state.mirror,
      memory: state.memory,
      lost,
      now: now(),
      removalsBelieved: believed.get(ADOPT_REMOVALS) ?? 0,
      followed,
      elsewhere: linkedElsewhere(records, organization),
    })
    const changes = [...adoption.records, ...pinNames(view).filter((change) => !isTouched(change, adoption.records))]
    const notes = [...notFollowed, ...adoption.notes]
    const used = [...keys, ...followKeys]
    if (changes.length === 0 && adoption.mirror.length === 0 && used.length === 0) return notes
    try {
      await ports.commit({
        expecting: records.version,
        records: changes,
        mirror: adoption.mirror,
        // Each is for what somebody has looked at: what it did not do now, it does not do at another time.
        memory: used.map((key) => ({ delete: 'released', key })),
        events: adoption.events,
      })
    } catch (error) {
      if (!isStale(error) || pass >= MAX_PASSES) throw error
      continue
    }
    notFollowed.push(...adoption.notFollowed)
    if (adoption.records.length === 0 || pass >= MAX_PASSES) return [...notes, ...adoption.notFollowed]
  }
}

const isTouched = (change: RecordChange, others: readonly RecordChange[]): boolean =>
  others.some(
    (other) =>
      'put' in change &&
      'put' in other &&
      change.put === 'list' &&
      other.put === 'list' &&
      change.list.id === other.list.id,
  )

/** Reads one principal afresh, in a visit or because the effect of a write is unknown. Says what AWS shows. */
export async function visit(
  ports: SweepPorts,
  { state, now }: SweepContext,
  principal: AwsPrincipal,
  signal: AbortSignal,
): Promise<ReadonlySet<GrantKey>> {
  const key = awsPrincipalKey(principal)
  return ports.whileReading(async (isFresh) => {
    const grants = await ports.identityCenter.listAssignments(principal, { lane: 'sweep', signal })
    const known = state.mirror.observed.assignments.get(key) ?? new Set()
    const isOld = (grant: GrantKey): boolean => !isFresh(`${key}|${grant}`)
    await ports.commit({
      mirror: [
        ...[...grants]
          .filter((grant) => !known.has(grant) && isOld(grant))
          .map((grant): MirrorChange => ({ put: 'assignment', principal: key, grant })),
        ...[...known]
          .filter((grant) => !grants.has(grant) && isOld(grant))
          .map((grant): MirrorChange => ({ delete: 'assignment', principal: key, grant })),
        { put: 'assignments-read', principal: key, at: now() },
      ],
    })
    return grants
  })
}

/** Reads one group afresh, with who is in it. Says what AWS shows, where that is more than the mirror takes over. */
export async function visitGroup(
  ports: SweepPorts,
  context: SweepContext,
  group: AwsGroupId,
  signal: AbortSignal,
): Promise<GroupContents> {
  const grants = await visit(ports, context, { type: 'GROUP', id: group }, signal)
  return ports.whileReading(async (isFresh) => {
    const members = new Set(await ports.identityCenter.listGroupMembers(group, { lane: 'sweep', signal }))
    const known = context.state.mirror.observed.groups.get(group)?.members ?? new Set<AwsUserId>()
    const isOld = (user: AwsUserId): boolean => !isFresh(membershipKey(group, user))
    const come = [...members.difference(known)].filter(isOld)
    const gone = [...known].filter((user) => !members.has(user) && isOld(user))
    await ports.commit({
      mirror: [
        ...come.map((user): MirrorChange => ({ put: 'member', group, user })),
        ...gone.map((user): MirrorChange => ({ delete: 'member', group, user })),
      ],
    })
    return { grants, members }
  })
}

export interface GroupContents {
  readonly grants: ReadonlySet<GrantKey>
  readonly members: ReadonlySet<AwsUserId>
}
