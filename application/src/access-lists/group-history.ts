import {
  type AccessListId,
  type Grant,
  type GrantKey,
  grantKey,
  type Instant,
  type RecordedAuditEvent,
} from '@gatehouse/domain'
import type { AuditLog } from '../ports/audit-log.ts'

/** Which assignments AWS gave to the groups of a list, and took from them, since some instant. */
export interface GroupHistory {
  readonly changes: readonly Change[]
  /** Before this there may have been more than was read. */
  readonly completeFrom: Instant
}

interface Change {
  readonly seq: number
  readonly at: Instant
  readonly kind: 'created' | 'deleted'
  readonly organization: unknown
  readonly group: unknown
  readonly grants: readonly GrantKey[]
}

const MOST_EVENTS = 1_000

/** The latest first. */
export async function readGroupHistory(
  { auditLog }: { readonly auditLog: Pick<AuditLog, 'list'> },
  { list, from }: { readonly list: AccessListId; readonly from: Instant },
  signal: AbortSignal,
): Promise<GroupHistory> {
  const read = async (kind: Change['kind']) => {
    const event = `aws_identity_center.account_assignment.${kind}`
    const events = await auditLog.list({ limit: MOST_EVENTS, event, subject: `list:${list}`, from }, signal)
    const oldest = events.length < MOST_EVENTS ? undefined : events.at(-1)?.time
    return { changes: events.flatMap((one) => changeOf(one, kind)), completeFrom: oldest ?? from }
  }
  const [created, deleted] = await Promise.all([read('created'), read('deleted')])
  const [first, second] = [created.completeFrom, deleted.completeFrom]
  return {
    changes: [...created.changes, ...deleted.changes].toSorted((a, b) => b.seq - a.seq),
    completeFrom: first > second ? first : second,
  }
}

function changeOf({ seq, time: at, fields }: RecordedAuditEvent, kind: Change['kind']): readonly Change[] {
  const { success, organization, principal_metadata: principal, principal_assignments: rows } = fields
  if (success !== true || !isObject(principal) || !Array.isArray(rows)) return []
  const grants = rows.filter(isObject).map(({ account_id: account, permission_set_arn: permissionSet }) => {
    const grant = { account, permissionSet } as Grant // as AWS named them when the event was recorded
    return grantKey(grant)
  })
  return [{ seq, at, kind, organization, group: principal['external_id'], grants }]
}

/**
 * What somebody who left a group at an instant lost by that or shortly before, each with when the group last gave it to
 * him. It follows from what the group holds now and what became of it since then.
 */
export function lossesAt(
  at: Instant,
  { changes }: Pick<GroupHistory, 'changes'>,
  heldNow: ReadonlySet<GrantKey>,
): ReadonlyMap<GrantKey, Instant> {
  const held = new Set(heldNow)
  const takenBefore = new Map<GrantKey, Instant>()
  for (const change of changes)
    for (const grant of change.grants) {
      if (change.kind === 'deleted' && change.at >= at) held.add(grant)
      else if (change.kind === 'created' && change.at > at) held.delete(grant)
      else if (change.kind === 'deleted' && !takenBefore.has(grant)) takenBefore.set(grant, change.at)
    }
  return new Map([...takenBefore, ...[...held].map((grant) => [grant, at] as const)])
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
