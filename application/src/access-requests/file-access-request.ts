import {
  type AccessRequest,
  type AccessRequestId,
  auditEvent,
  denialOfSignIn,
  effectiveRoles,
  fileRequest,
  grantKey,
  grantsOfRole,
  type GrantKey,
  leftOut,
  requestFields,
  type RequestWish,
} from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'

export interface FileRequestCommand {
  readonly actor: Actor
  readonly wish: RequestWish
  /** Works everything out and stores nothing. */
  readonly dryRun?: boolean
}

export interface FiledRequest {
  readonly request: AccessRequest
  /** What it gives in AWS once approved. */
  readonly grants: readonly GrantKey[]
  /** What it leaves out, and why it would not help: AWS could not be signed in to. */
  readonly warnings: readonly string[]
}

/** Asks for access, for oneself only. @throws DomainError `refused`, `not-found`, `invalid-value`, `too-large` */
export async function fileAccessRequest(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock' | 'ids'>,
  command: FileRequestCommand,
  signal: AbortSignal,
): Promise<FiledRequest> {
  const id = ports.ids.uuid() as AccessRequestId // a UUID is a request's id once it is filed under it
  return decide(
    ports,
    ({ view, now }) => {
      const { user, name } = personOf(actingAs(command.actor, { view, now }))
      const request = fileRequest(id, user, command.wish, view, now)
      const grants =
        request.resources.length > 0
          ? request.resources.map(grantKey)
          : [...new Set(request.roles.flatMap((reference) => [...grantsOfRole(reference, view, user.traits)]))]
      const useless = grants.length > 0 ? denialOfSignIn(effectiveRoles(user, view, now))?.message : undefined
      const warnings = [...leftOut(command.wish, request, view), ...(useless === undefined ? [] : [useless])]
      const result = { request, grants, warnings }
      if (command.dryRun) return { changes: [], events: [], result }
      const event = auditEvent('access_request.create', {
        time: now,
        user: name,
        // Not the user: asking takes nothing away, so no removal of his may name it as the decision behind it.
        subjects: [`request:${id}`],
        fields: requestFields(request, view),
      })
      return { changes: [{ put: 'request', request }], events: [event], result }
    },
    signal,
  )
}
