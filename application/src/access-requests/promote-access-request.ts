import {
  type AccessListId,
  type AccessRequest,
  auditEvent,
  checkLists,
  eventsOfChanges,
  type GovernanceChange,
  type Instant,
  promoteRequest,
  requestFields,
  viewAfter,
} from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { getVisibleRequest } from '../governance/visibility.ts'
import { resolutionEvent } from './resolution-event.ts'

export interface PromoteCommand {
  readonly actor: Actor
  readonly request: string
  readonly list: string
  readonly reason: string
  readonly expires?: Instant
}

/** Makes whoever asked a member of a list that gives it. @throws DomainError `not-found`, `refused`, `conflict` */
export async function promoteAccessRequest(
  ports: ReadPorts,
  command: PromoteCommand,
  signal: AbortSignal,
): Promise<AccessRequest> {
  return decide(
    ports,
    (reading) => {
      const { view, now } = reading
      const reviewer = personOf(actingAs(command.actor, reading))
      const request = getVisibleRequest(command.request, reviewer, reading)
      const promotion = { ...command, list: command.list as AccessListId } // looked up among the candidates
      const promoted = promoteRequest(request, reviewer.user, promotion, view, now)
      const next = { ...promoted.request, revision: request.revision + 1 }
      const list = { ...promoted.list, revision: promoted.list.revision + 1 }
      const changes: GovernanceChange[] = [
        { put: 'list', list },
        { put: 'request', request: next },
      ]
      const after = viewAfter(view, changes)
      checkLists(after.lists, new Set([list.id]))
      const event = auditEvent('access_request.review', {
        time: now,
        user: reviewer.name,
        subjects: [`request:${request.id}`, `list:${list.id}`],
        fields: {
          ...requestFields(next, view),
          proposed_state: 'PROMOTED',
          reviewer: reviewer.name,
          reason: command.reason,
          promoted_access_list: { name: list.id, title: list.title },
        },
      })
      const resolved = resolutionEvent(next, reviewer.name, view, now)
      return {
        changes,
        events: [event, resolved, ...eventsOfChanges(changes, view, after, now, reviewer.name)],
        result: next,
      }
    },
    signal,
  )
}
