import {
  auditEvent,
  type AuditEvent,
  findingKey,
  type Instant,
  operationKey,
  type OrganizationId,
} from '@gatehouse/domain'
import type { Log } from '../ports/log.ts'
import type { MadePlan } from './make-plan.ts'

/** So many differences are told in one event; the status has them all. */
export const MAX_TOLD = 50

interface ReportPorts {
  readonly log: Log
  readonly commit: (changes: { readonly events: readonly AuditEvent[] }) => Promise<void>
}

/** Records what waits for a person: once for each set of it, and not once per round. */
export function createWaitingReport(
  { log, commit }: ReportPorts,
  organization: OrganizationId,
): (made: Pick<MadePlan, 'held' | 'drift'>, at: Instant) => Promise<void> {
  let told = { held: '', drift: '' }

  return async ({ held, drift }, at) => {
    const events: AuditEvent[] = []
    const subjects = [`organization:${organization}`] as const
    const now = {
      held: joined(held.map(({ operation }) => operationKey(operation))),
      drift: joined(drift.map(findingKey)),
    }
    if (now.held !== told.held && held.length > 0) {
      log.warn('removals that nobody decided are held back', { organization, count: held.length })
      const fields = { organization, count: held.length, reason: held[0]?.reason }
      events.push(auditEvent('aws_identity_center.removals.held', { time: at, subjects, fields }))
    }
    if (now.drift !== told.drift && drift.length > 0) {
      log.warn('AWS was changed, and drift policy leaves it to a person', { organization, count: drift.length })
      const messages = drift.slice(0, MAX_TOLD).map(({ message }) => message)
      const fields = { organization, count: drift.length, messages }
      events.push(auditEvent('aws_identity_center.drift.found', { time: at, subjects, fields }))
    }
    if (events.length > 0) await commit({ events })
    told = now // not before it is kept
  }
}

const joined = (keys: readonly string[]): string => keys.toSorted().join('\n')
