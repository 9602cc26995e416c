import {
  type AccessRequest,
  auditEvent,
  type AuditEvent,
  DomainError,
  type GovernanceChange,
  type Instant,
  requestFields,
  returnAccess,
  returnProlonging,
  type View,
} from '@gatehouse/domain'
import { type Actor, actingAs, may } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { getVisibleRequest } from '../governance/visibility.ts'

export interface ReturnCommand {
  readonly actor: Actor
  readonly request: string
  /** Absent: everything. */
  readonly rows?: readonly string[]
}

/**
 * Ends access before its time: one's own, or anybody's for whoever may change requests.
 * @throws DomainError `not-found`, `refused`, `conflict`, `invalid-value`
 */
export async function returnRequestedAccess(
  ports: ReadPorts,
  command: ReturnCommand,
  signal: AbortSignal,
): Promise<AccessRequest> {
  return decide(
    ports,
    (reading) => {
      const { view, now } = reading
      const acting = actingAs(command.actor, reading)
      const request = getVisibleRequest(command.request, acting, reading)
      if (
        acting.user?.id !== request.user &&
        !may(acting, 'update', 'access_request', { name: request.id, labels: {} })
      )
        throw new DomainError({
          code: 'refused',
          message: 'The access is somebody else’s.',
          remedy: 'Lock the request, or have an administrator end it.',
        })
      const next = { ...returnAccess(request, command.rows, now, acting.user?.id), revision: request.revision + 1 }
      const message = 'The access was returned before its end.'
      const rows = command.rows === undefined ? {} : { returned_rows: command.rows }
      const event = returnEvent(next, { by: acting.name, message, ...rows }, view, now)
      const others = endedWith(returnProlonging(next, request, view, now), acting.name, view, now)
      return {
        changes: [{ put: 'request', request: next }, ...others.changes],
        events: [event, ...others.events],
        result: next,
      }
    },
    signal,
  )
}

/** What is saved and recorded of access that ends because what it prolongs has ended. */
export function endedWith(
  requests: readonly AccessRequest[],
  by: string,
  view: View,
  now: Instant,
): { readonly changes: readonly GovernanceChange[]; readonly events: readonly AuditEvent[] } {
  const message = 'The access that it prolongs was returned or taken away.'
  const ended = requests.map((request) => ({ ...request, revision: request.revision + 1 }))
  return {
    changes: ended.map((request) => ({ put: 'request', request }) as const),
    events: ended.map((request) => returnEvent(request, { by, message }, view, now)),
  }
}

function returnEvent(
  request: AccessRequest,
  { by, ...fields }: { readonly by: string; readonly message: string; readonly returned_rows?: readonly string[] },
  view: View,
  now: Instant,
): AuditEvent {
  return auditEvent('access_request.update', {
    time: now,
    user: by,
    subjects: [`request:${request.id}`],
    fields: { ...requestFields(request, view), updated_by: by, delegator: '', ...fields },
  })
}
