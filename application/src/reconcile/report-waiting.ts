import { auditEvent, type AuditEvent, type Instant, operationKey, type OrganizationId } from '@gatehouse/domain'
import type { Log } from '../ports/log.ts'
import type { MadePlan } from './make-plan.ts'

/** So many differences are told in one event; the status has them all. */
const MAX_TOLD = 50

interface ReportPorts {
  readonly log: Log
  readonly commit: (changes: { readonly events: readonly AuditEvent[] }) => Promise<void>
}

/** Records what waits for a person: once for each set of it, and not once per round. */
export function createWaitingReport(
  { log, commit }: ReportPorts,
  organization: OrganizationId,
): (made: Pick<MadePlan, 'held' | 'drift'>, at: Instant) => Promise<void> {
  const told = { held: '', drift: '' }

  /** Says whether there is another set than before, with something in it. */
  function isNews(what: keyof typeof told, waiting: MadePlan['held'] | MadePlan['drift']): boolean {
    const keys = waiting
      .map(({ operation }) => operationKey(operation))
      .toSorted()
      .join('\n')
    const isSame = keys === told[what]
    told[what] = keys
    return !isSame && waiting.length > 0
  }

  return async ({ held, drift }, at) => {
    const events: AuditEvent[] = []
    if (isNews('held', held)) {
      log.warn('removals that nobody decided are held back', { organization, count: held.length })
      const fields = { count: held.length, reason: held[0]?.reason }
      events.push(auditEvent('aws_identity_center.removals.held', { time: at, fields }))
    }
    if (isNews('drift', drift)) {
      log.warn('AWS was changed, and drift policy leaves it to a person', { organization, count: drift.length })
      const messages = drift.slice(0, MAX_TOLD).map(({ message }) => message)
      const subjects = [`organization:${organization}`] as const
      const fields = { count: drift.length, messages }
      events.push(auditEvent('aws_identity_center.drift.found', { time: at, subjects, fields }))
    }
    if (events.length > 0) await commit({ events })
  }
}
