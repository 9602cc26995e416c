import {
  type AccessList,
  auditEvent,
  type AuditEvent,
  formatInstant,
  type Instant,
  listFields,
  type Reminder,
  remindersToRecord,
  userNameOf,
  type View,
} from '@gatehouse/domain'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'

/** So many lists in one commit; the rest comes with the next look. */
const MAX_LISTS = 500

/**
 * Records that reviews have come to a stage: once for each stage and date, whichever server looks first. Tasks do not
 * depend on it. The revision of a list stays, so that nobody's change is refused for a reminder.
 */
export async function recordReminders(ports: ReadPorts, signal: AbortSignal): Promise<number> {
  return decide(
    ports,
    ({ view, now }) => {
      const fresh = view.lists
        .flatMap((list) => {
          const found = remindersToRecord(list, now)
          return found ? [{ list, ...found }] : []
        })
        .slice(0, MAX_LISTS)
      return {
        changes: fresh.map(({ list, reminded }) => ({ put: 'list', list: { ...list, reminded } }) as const),
        events: fresh.flatMap(({ list, record }) => record.map((reminder) => eventOf(list, reminder, view, now))),
        result: fresh.length,
      }
    },
    signal,
  )
}

function eventOf(list: AccessList, { stage, dueAt }: Reminder, view: View, time: Instant): AuditEvent {
  const named = (entries: AccessList['owners'] | NonNullable<AccessList['escalation']>['to']): readonly string[] =>
    entries.map((entry) => (entry.kind === 'user' ? userNameOf(entry.user, view) : entry.list))
  const fields = {
    ...listFields(list, 'system'),
    stage,
    due_date: formatInstant(dueAt),
    owners: named(list.owners),
  }
  const shared = { time, subjects: [`list:${list.id}` as const] }
  switch (stage) {
    case 'open':
    case 'soon':
    case 'overdue':
      return auditEvent('access_list.review.reminder', { ...shared, fields })
    case 'suspended':
      return auditEvent('access_list.suspend', { ...shared, fields })
    case 'escalated':
      return auditEvent('access_list.review.escalate', {
        ...shared,
        fields: { ...fields, escalated_to: named(list.escalation?.to ?? []) },
      })
  }
}
