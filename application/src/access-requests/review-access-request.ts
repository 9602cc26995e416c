import { type AccessRequest, auditEvent, requestFields, reviewRequest, type ReviewWish } from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { getVisibleRequest } from '../governance/visibility.ts'
import { resolutionEvent } from './resolution-event.ts'

export interface ReviewCommand extends ReviewWish {
  readonly actor: Actor
  readonly request: string
}

/** Files the caller's own review. @throws DomainError `not-found`, `refused`, `conflict` */
export async function reviewAccessRequest(
  ports: ReadPorts,
  command: ReviewCommand,
  signal: AbortSignal,
): Promise<AccessRequest> {
  return decide(
    ports,
    (reading) => {
      const { view, now } = reading
      const reviewer = personOf(actingAs(command.actor, reading))
      const request = getVisibleRequest(command.request, reviewer, reading)
      const next = { ...reviewRequest(request, reviewer.user, command, view, now), revision: request.revision + 1 }
      const event = auditEvent('access_request.review', {
        time: now,
        user: reviewer.name,
        subjects: [`request:${request.id}`],
        fields: {
          ...requestFields(next, view),
          proposed_state: command.verdict === 'approve' ? 'APPROVED' : 'DENIED',
          reviewer: reviewer.name,
          reason: command.reason,
        },
      })
      const resolved = next.state === 'pending' ? [] : [resolutionEvent(next, reviewer.name, view, now)]
      return { changes: [{ put: 'request', request: next }], events: [event, ...resolved], result: next }
    },
    signal,
  )
}
