import {
  type AccessListId,
  auditEvent,
  type AuditEvent,
  DomainError,
  type DriftFinding,
  findingKey,
  followersOf,
  followKey,
  type Instant,
  type GroupKey,
  type Operation,
  operationKey,
  type OrganizationId,
  parseGroupKey,
  type Subject,
  type UserId,
  type OrganizationView,
  whyNotFollow,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, demand } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView, viewOfOrganization } from '../governance/read-view.ts'
import { doubtKeyOf, parseDoubtKey } from './believed-loss.ts'
import type { EngineStatus } from './engine-status.ts'
import type { OrganizationEngine } from './organization-engine.ts'
import { MAX_TOLD } from './report-waiting.ts'

export interface ReleaseCommand {
  readonly organization: string
  /** Who says so. */
  readonly actor: Actor
  /** Keys of held operations, and of findings that are taken back. */
  readonly operations: readonly string[]
  /** Keys of doubts about readings, as they were shown: with how much is gone by them. */
  readonly findings: readonly string[]
  /** Keys of findings that the records follow, as AWS has it. */
  readonly follow: readonly string[]
}

/**
 * Lets go ahead what waits for a person. Who follows AWS gives access, and needs the rights to give it by hand.
 * @returns how much it was
 * @throws DomainError `not-found` for what does not wait any more, `refused` for what records can't follow, `plan-changed`
 * for a doubt that is about more by now
 */
export async function releaseWaiting(
  ports: Pick<ReadPorts, 'records' | 'clock'>,
  engine: OrganizationEngine,
  command: ReleaseCommand,
  signal: AbortSignal,
): Promise<number> {
  const operations = [...new Set(command.operations)]
  const findings = [...new Set(command.findings)]
  const follow = [...new Set(command.follow)]
  const asked = { ...command, operations, findings, follow }
  const reading = await readView(ports, signal)
  const acting = actingAs(command.actor, reading)
  demand(acting, 'update', 'aws_identity_center')
  const view = viewOfOrganization(reading, { name: command.organization })
  const waiting = waitingOf(engine.status())
  refuseUnknown(asked, waiting)
  const doubts = findings.map((key) => presentDoubt(key, waiting))
  refuseStuck(asked, waiting, view)
  refuseContradicted(asked, waiting, engine.released())
  demandFollowing(acting, followedOf(asked, waiting), view)
  const { id } = view.organization
  const taken = operations.map((key) => operationKeyOf(key, waiting))
  await engine.release([...taken, ...doubts, ...follow.map((key) => followKey(key, acting.name))], {
    events: eventsOf(asked, waiting, { user: acting.name, time: reading.now, id }),
  })
  return operations.length + findings.length + follow.length
}

interface Waiting {
  readonly held: ReadonlySet<string>
  readonly drift: ReadonlyMap<string, DriftFinding>
  readonly findings: EngineStatus['findings']
}

const waitingOf = ({ held, drift, findings }: EngineStatus): Waiting => ({
  held: new Set(held.map(({ operation }) => operationKey(operation))),
  drift: new Map(drift.map((finding) => [findingKey(finding), finding])),
  findings,
})

function operationKeyOf(key: string, { drift }: Waiting): string {
  const finding = drift.get(key)
  return finding ? operationKey(finding.operation) : key
}

const followedOf = ({ follow }: ReleaseCommand, { drift }: Waiting): readonly DriftFinding[] =>
  follow.flatMap((key) => drift.get(key) ?? [])

function refuseUnknown({ operations, findings, follow }: ReleaseCommand, { held, drift, ...waiting }: Waiting): void {
  const unknown =
    operations.find((key) => !held.has(key) && !drift.has(key)) ??
    findings.find((key) => !waiting.findings.has(findingOf(key))) ??
    follow.find((key) => !drift.has(key))
  if (unknown !== undefined)
    throw new DomainError({
      code: 'not-found',
      kind: 'held operation or finding',
      name: unknown,
      remedy: 'It may be done or gone by now. Look at what waits: "tctl plugins status".',
    })
}

const findingOf = (key: string): string => parseDoubtKey(key)?.id ?? key

/** @throws DomainError `plan-changed` when it is about more than was shown, `refused` when there is nothing to believe */
function presentDoubt(key: string, { findings }: Waiting): string {
  const finding = findings.get(findingOf(key))
  const present = finding && doubtKeyOf(finding)
  if (present === undefined)
    throw new DomainError({
      code: 'refused',
      message: `"${key}" is no doubt about what is gone, so there is nothing to believe.`,
      remedy: 'It goes by itself with the next reading that succeeds.',
    })
  if ((parseDoubtKey(key)?.amount ?? 0) < (finding?.amount ?? 0))
    throw new DomainError({
      code: 'plan-changed',
      message: `"${key}" does not say how much is gone by now: ${finding?.message}`,
      remedy: `Look at it again. If all of it is meant, release "${present}".`,
    })
  return present
}

function refuseStuck({ operations, follow }: ReleaseCommand, { drift }: Waiting, view: OrganizationView): void {
  const twice = follow.find((key) => operations.includes(key))
  if (twice !== undefined)
    throw new DomainError({
      code: 'refused',
      message: `"${twice}" can't be taken back and followed.`,
      remedy: 'Name it among the operations, or among those to follow.',
    })
  for (const key of follow) {
    const finding = drift.get(key)
    const refusal = finding && whyNotFollow(finding, view)
    if (refusal)
      throw new DomainError({
        code: 'refused',
        message: `No record can follow this: ${finding.message.replace(/\.$/, '')}, but ${refusal.why}.`,
        remedy: refusal.remedy,
      })
  }
}

/** Somebody else may have decided the other way a moment ago, and that is not done yet. @throws DomainError `refused` */
function refuseContradicted(
  { operations, follow }: ReleaseCommand,
  waiting: Waiting,
  released: ReadonlySet<string>,
): void {
  const followed = followersOf(released)
  const said =
    operations.flatMap((key) => (followed.has(key) ? `"${key}" is followed already.` : []))[0] ??
    follow.flatMap((key) => (released.has(operationKeyOf(key, waiting)) ? `"${key}" is taken back already.` : []))[0]
  if (said !== undefined)
    throw new DomainError({ code: 'refused', message: said, remedy: 'Wait for the next reading, and look again.' })
}

/** What it would take to do the same here, list by list and person by person. @throws DomainError `refused` */
function demandFollowing(acting: Acting, findings: readonly DriftFinding[], view: OrganizationView): void {
  for (const list of new Set(findings.flatMap(({ operation }) => listOf(operation) ?? []))) {
    const resource = view.listById.get(list)
    if (resource) demand(acting, 'update', 'access_list', { name: resource.id, labels: resource.labels })
  }
  for (const id of new Set(findings.flatMap(({ operation }) => userOf(operation) ?? []))) {
    const resource = view.userById.get(id)
    if (resource) demand(acting, 'update', 'user', resource)
  }
}

function listOf(operation: Operation): AccessListId | undefined {
  const group = groupOf(operation)
  return group === undefined ? undefined : parseGroupKey(group).list
}

function groupOf(operation: Operation): GroupKey | undefined {
  switch (operation.kind) {
    case 'create-group':
    case 'rename-group':
    case 'delete-group':
      return operation.group
    case 'add-member':
    case 'remove-member':
      return operation.group.group
    case 'create-assignment':
    case 'delete-assignment':
      return operation.principal.type === 'GROUP' ? operation.principal.group : undefined
    case 'create-user':
    case 'update-user':
    case 'delete-user':
      return undefined
  }
}

/** Whose own assignment it is. */
const userOf = (operation: Operation): UserId | undefined =>
  (operation.kind === 'create-assignment' || operation.kind === 'delete-assignment') &&
  operation.principal.type === 'USER'
    ? operation.principal.user
    : undefined

/** Who comes into a group or out of it. */
const memberOf = (operation: Operation): UserId | undefined =>
  operation.kind === 'add-member' || operation.kind === 'remove-member' ? operation.member.user : undefined

/** So many keys are named in one event. */
const MAX_NAMED = 100

/** So many subjects has one event. */
const MAX_SUBJECTS = 200

function subjectsOf(organization: OrganizationId | undefined, findings: readonly DriftFinding[]): readonly Subject[] {
  const subjects = new Set<Subject>(organization === undefined ? [] : [`organization:${organization}`])
  for (const { operation } of findings) {
    const [list, user] = [listOf(operation), userOf(operation) ?? memberOf(operation)]
    if (list !== undefined) subjects.add(`list:${list}`)
    if (user !== undefined) subjects.add(`user:${user}`)
    if (subjects.size >= MAX_SUBJECTS) break
  }
  return [...subjects].slice(0, MAX_SUBJECTS)
}

function eventsOf(
  command: ReleaseCommand,
  { held, drift }: Waiting,
  { user, time, id }: { readonly user: string; readonly time: Instant; readonly id: OrganizationId | undefined },
): readonly AuditEvent[] {
  const { organization, findings } = command
  const operations = command.operations.filter((key) => held.has(key))
  const findingsOf = (keys: readonly string[]) => keys.flatMap((key) => drift.get(key) ?? [])
  const [takenBack, followed] = [findingsOf(command.operations), findingsOf(command.follow)] as const
  const messagesOf = (some: readonly DriftFinding[]) => some.slice(0, MAX_TOLD).map(({ message }) => message)
  const released = {
    time,
    user,
    subjects: subjectsOf(id, []),
    fields: {
      organization,
      operations: operations.slice(0, MAX_NAMED),
      operations_count: operations.length,
      findings: findings.slice(0, MAX_NAMED),
      findings_count: findings.length,
    },
  }
  const decided = {
    time,
    user,
    subjects: subjectsOf(id, [...takenBack, ...followed]),
    fields: {
      organization,
      taken_back: messagesOf(takenBack),
      taken_back_count: takenBack.length,
      followed: messagesOf(followed),
      followed_count: followed.length,
    },
  }
  return [
    ...(operations.length + findings.length > 0 ? [auditEvent('aws_identity_center.removals.released', released)] : []),
    ...(takenBack.length + followed.length > 0 ? [auditEvent('aws_identity_center.drift.decided', decided)] : []),
  ]
}
