import { auditEvent, DomainError, endProlonging, type Removal, requestFields } from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, may } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import type { Reading } from '../governance/read-view.ts'
import { getVisibleRequest } from '../governance/visibility.ts'
import { endedWith } from './return-access.ts'

/**
 * Takes a request away, and with it the access that it gives. Whoever asked may withdraw it while it is pending, an
 * administrator at any time. @throws DomainError `not-found`, `refused`
 */
export async function removeRequest(
  ports: ReadPorts,
  command: { readonly actor: Actor; readonly request: string },
  signal: AbortSignal,
): Promise<void> {
  await decide(
    ports,
    (reading) => ({
      ...removalOfRequest(command.request, actingAs(command.actor, reading), reading),
      result: undefined,
    }),
    signal,
  )
}

export function removalOfRequest(id: string, acting: Acting, reading: Reading): Removal {
  const { view, now } = reading
  const request = getVisibleRequest(id, acting, reading)
  const isOwn = acting.user?.id === request.user
  const mayDelete = may(acting, 'delete', 'access_request', { name: request.id, labels: {} })
  if (!mayDelete && !(isOwn && request.state === 'pending'))
    throw new DomainError({
      code: 'refused',
      message: isOwn ? 'The request has been decided, so it can not be withdrawn.' : 'The request is somebody else’s.',
      remedy: 'Ask an administrator to remove it.',
    })
  const event = auditEvent('access_request.delete', {
    time: now,
    user: acting.name,
    subjects: [`request:${request.id}`, `user:${request.user}`],
    fields: requestFields(request, view),
  })
  const others = endedWith(endProlonging(request, view, now), acting.name, view, now)
  return {
    changes: [{ delete: 'request', id: request.id }, ...others.changes],
    events: [event, ...others.events],
  }
}
