import {
  type AccessRequest,
  type AuditEvent,
  auditEvent,
  checkReview,
  DomainError,
  requestFields,
  reviewRequest,
  type ReviewWish,
  type SetReadings,
  type View,
} from '@gatehouse/domain'
import { type Actor, actingAs, type Person, personOf } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { getVisibleRequest } from '../governance/visibility.ts'
import { hashOfShown, type PermissionSetReader, readShown, rememberingSets } from './permission-set-reader.ts'
import { resolutionEvent, voidReviews } from './resolution-event.ts'

export interface ReviewCommand extends ReviewWish {
  readonly actor: Actor
  readonly request: string
}

/**
 * Files the caller's own review. The permission sets are read afresh first: what was approved before and is not the same
 * any more does not count.
 * @throws DomainError `not-found`, `refused`, `conflict`, `invalid-value`, `upstream`
 */
export async function reviewAccessRequest(
  ports: ReadPorts & { readonly permissionSets: PermissionSetReader },
  command: ReviewCommand,
  signal: AbortSignal,
): Promise<AccessRequest> {
  const readings = await readFor(ports, command, signal)
  return decide(
    ports,
    (reading) => {
      const { view, now } = reading
      const { reviewer, request } = open(command, reading)
      // A set that came in since it was read counts as missing: then this is not what the reviewer was shown.
      const shown = readings ? { shown: hashOfShown(request, view, readings) } : {}
      const reviewed = reviewRequest(request, reviewer.user, command, { view, now, ...shown })
      const next = { ...rememberingSets(reviewed, readings ?? new Map()), revision: request.revision + 1 }
      const resolved = next.state === 'pending' ? [] : [resolutionEvent(next, reviewer.name, view, now)]
      const events = [reviewEvent(next, command, { reviewer, before: request, view }), ...resolved]
      return { changes: [{ put: 'request', request: next }], events, result: next }
    },
    signal,
  )
}

function open(command: ReviewCommand, reading: Reading): { reviewer: Person; request: AccessRequest } {
  const reviewer = personOf(actingAs(command.actor, reading))
  return { reviewer, request: getVisibleRequest(command.request, reviewer, reading) }
}

/**
 * Nothing of AWS's quota is spent before it is clear that the review counts. A denial goes through when AWS can't be read:
 * then it approves nothing that others had approved.
 */
async function readFor(
  ports: ReadPorts & { readonly permissionSets: PermissionSetReader },
  command: ReviewCommand,
  signal: AbortSignal,
): Promise<SetReadings | undefined> {
  const reading = await readView(ports, signal)
  const { reviewer, request } = open(command, reading)
  checkReview(request, reviewer.user, command, reading)
  try {
    return (await readShown(ports, request, { view: reading.view, maxAgeMs: 0 }, signal)).readings
  } catch (error) {
    const isUnread = error instanceof DomainError && error.problem.code === 'upstream'
    if (command.verdict === 'deny' && isUnread) return undefined
    throw error
  }
}

function reviewEvent(
  next: AccessRequest,
  { verdict, reason }: ReviewCommand,
  { reviewer, before, view }: { readonly reviewer: Person; readonly before: AccessRequest; readonly view: View },
): AuditEvent {
  const review = next.reviews.at(-1)
  return auditEvent('access_request.review', {
    time: review?.at ?? next.createdAt,
    user: reviewer.name,
    subjects: [`request:${next.id}`],
    fields: {
      ...requestFields(next, view),
      proposed_state: verdict === 'approve' ? 'APPROVED' : 'DENIED',
      reviewer: reviewer.name,
      reason,
      ...(review?.rows ? { approved_rows: review.rows } : {}),
      ...(review?.shown === undefined ? {} : { shown: review.shown }),
      ...voidReviews(next, before, view),
    },
  })
}
