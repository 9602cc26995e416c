import {
  auditEvent,
  type AuditEvent,
  DomainError,
  type DriftFinding,
  followKey,
  type Instant,
  mayFollow,
  operationKey,
} from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'
import type { EngineStatus, OrganizationEngine } from './organization-engine.ts'

export interface ReleaseCommand {
  readonly organization: string
  /** Who says so. */
  readonly user: string
  /** Keys of held operations, and of those that take drift back. */
  readonly operations: readonly string[]
  /** Ids of readings that were doubted. */
  readonly findings: readonly string[]
  /** Keys of operations that would take drift back: the records follow AWS instead. */
  readonly follow: readonly string[]
}

/**
 * Lets go ahead what waits for a person.
 * @returns how much it was
 * @throws DomainError `not-found` for what does not wait any more, `refused` for what records can't follow
 */
export async function releaseWaiting(
  { clock }: { readonly clock: Clock },
  engine: OrganizationEngine,
  command: ReleaseCommand,
): Promise<number> {
  const operations = [...new Set(command.operations)]
  const findings = [...new Set(command.findings)]
  const follow = [...new Set(command.follow)]
  const asked = { ...command, operations, findings, follow }
  const waiting = waitingOf(engine.status())
  refuseUnknown(asked, waiting)
  refuseStuck(asked, waiting)
  await engine.release([...operations, ...findings, ...follow.map(followKey)], {
    events: eventsOf(asked, waiting, clock.now()),
  })
  return operations.length + findings.length + follow.length
}

interface Waiting {
  readonly held: ReadonlySet<string>
  readonly drift: ReadonlyMap<string, DriftFinding>
  readonly findings: { has(id: string): boolean }
}

const waitingOf = ({ held, drift, findings }: EngineStatus): Waiting => ({
  held: new Set(held.map(({ operation }) => operationKey(operation))),
  drift: new Map(drift.map((finding) => [operationKey(finding.operation), finding])),
  findings,
})

function refuseUnknown({ operations, findings, follow }: ReleaseCommand, { held, drift, ...waiting }: Waiting): void {
  const unknown =
    operations.find((key) => !held.has(key) && !drift.has(key)) ??
    findings.find((id) => !waiting.findings.has(id)) ??
    follow.find((key) => !drift.has(key))
  if (unknown !== undefined)
    throw new DomainError({ code: 'not-found', kind: 'held operation or finding', name: unknown })
}

function refuseStuck({ operations, follow }: ReleaseCommand, { drift }: Waiting): void {
  const twice = follow.find((key) => operations.includes(key))
  if (twice !== undefined)
    throw new DomainError({
      code: 'refused',
      message: `"${twice}" can't be taken back and followed.`,
      remedy: 'Name it among the operations, or among those to follow.',
    })
  const stuck = follow.flatMap((key) => drift.get(key) ?? []).find((finding) => !mayFollow(finding))
  if (stuck)
    throw new DomainError({
      code: 'refused',
      message: `No record can follow this: ${stuck.message}`,
      remedy: 'Take it back, or take away here what grants it: the role, the list or the membership.',
    })
}

function eventsOf(command: ReleaseCommand, { held, drift }: Waiting, time: Instant): readonly AuditEvent[] {
  const { organization, user, findings } = command
  const messagesOf = (keys: readonly string[]) => keys.flatMap((key) => drift.get(key)?.message ?? [])
  const operations = command.operations.filter((key) => held.has(key))
  const [taken_back, followed] = [messagesOf(command.operations), messagesOf(command.follow)] as const
  const released = { time, user, fields: { organization, operations, findings } }
  const decided = { time, user, fields: { organization, taken_back, followed } }
  return [
    ...(operations.length + findings.length > 0 ? [auditEvent('aws_identity_center.removals.released', released)] : []),
    ...(taken_back.length + followed.length > 0 ? [auditEvent('aws_identity_center.drift.decided', decided)] : []),
  ]
}
