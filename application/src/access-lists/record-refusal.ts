import {
  type AccessList,
  auditEvent,
  type AuditEvent,
  DomainError,
  type Instant,
  listFields,
  memberFields,
  type UserName,
  type View,
} from '@gatehouse/domain'
import type { Actor } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'

interface Attempt {
  readonly event: 'access_list.review' | 'access_list.member.create' | 'access_list.member.delete'
  readonly actor: Actor
  readonly list: string
}

/** Does the work. What is refused to a person is recorded before he reads it; a list he may not see is no refusal. */
export async function recordingRefusal<Result>(
  ports: ReadPorts,
  attempt: Attempt,
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError && error.problem.code === 'refused')
      await recordRefusal(ports, attempt, error.message, signal)
    throw error
  }
}

async function recordRefusal(ports: ReadPorts, attempt: Attempt, error: string, signal: AbortSignal): Promise<void> {
  const { view, now } = await readView(ports, signal)
  const list = view.lists.find(({ id }) => id === attempt.list)
  const user = attempt.actor.kind === 'user' ? view.userById.get(attempt.actor.user) : undefined
  if (!list || !user) return
  await ports.store.commit({ events: [eventOf(attempt.event, { list, by: user.name, error, view, now })] }, signal)
}

function eventOf(
  event: Attempt['event'],
  refusal: { list: AccessList; by: UserName; error: string; view: View; now: Instant },
): AuditEvent {
  const { list, by, error, view, now } = refusal
  const shared = { time: now, user: by, subjects: [`list:${list.id}` as const], success: false }
  const failed = { success: false, error }
  if (event !== 'access_list.review')
    return auditEvent(event, { ...shared, fields: { ...memberFields(list, [], view, by), ...failed } })
  const nothing = {
    review_id: '',
    notes: '',
    removed_members: [],
    asked_removals: [],
    membership_requirements_changed: null,
    review_frequency_changed: '',
    review_day_of_month_changed: '',
    next_audit_date: '',
  }
  return auditEvent(event, { ...shared, fields: { ...listFields(list, by), ...nothing, ...failed } })
}
