import { type AccessRequest, auditEvent, DomainError, requestFields, returnAccess } from '@gatehouse/domain'
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
      const next = { ...returnAccess(request, command.rows, now), revision: request.revision + 1 }
      const event = auditEvent('access_request.update', {
        time: now,
        user: acting.name,
        subjects: [`request:${request.id}`],
        fields: {
          ...requestFields(next, view),
          updated_by: acting.name,
          delegator: '',
          message: 'The access was returned before its end.',
          ...(command.rows === undefined ? {} : { returned_rows: command.rows }),
        },
      })
      return { changes: [{ put: 'request', request: next }], events: [event], result: next }
    },
    signal,
  )
}
