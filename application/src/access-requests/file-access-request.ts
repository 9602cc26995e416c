import {
  type AccessRequest,
  type AccessRequestId,
  auditEvent,
  denialOfSignIn,
  DomainError,
  effectiveRoles,
  fileRequest,
  grantsAskedFor,
  type GrantKey,
  type Instant,
  leftOut,
  type LongTerm,
  longTermOf,
  requestFields,
  type RequestWish,
  settle,
  type SetReadings,
  setsToRead,
  type View,
} from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { hashOfShown, type PermissionSetReader, readShown, rememberingSets } from './permission-set-reader.ts'
import { resolutionEvent } from './resolution-event.ts'

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
  /** Of a request for membership: what lists could give it. */
  readonly longTerm?: LongTerm
  /** What it was worked out from. */
  readonly reading: Reading
}

type Ports = Pick<GovernancePorts, 'store' | 'records' | 'clock' | 'ids'> & {
  readonly permissionSets: PermissionSetReader
}

/** Asks for access, for oneself only. @throws DomainError `refused`, `not-found`, `invalid-value`, `too-large` */
export async function fileAccessRequest(
  ports: Ports,
  command: FileRequestCommand,
  signal: AbortSignal,
): Promise<FiledRequest> {
  const id = ports.ids.uuid() as AccessRequestId // a UUID is a request's id once it is filed under it
  const readings = await readForRule(ports, command, id, signal)
  return decide(
    ports,
    (reading) => {
      const { view, now } = reading
      const { user, name } = personOf(actingAs(command.actor, { view, now }))
      // A dry run shows which list gives what, also where it could not be filed so.
      const wish = command.dryRun ? { ...command.wish, longTerm: false } : command.wish
      const filed = fileRequest(id, user, wish, view, now)
      const longTerm = command.wish.longTerm ? { longTerm: longTermOf(filed, user, view, now) } : {}
      const request = readings ? approvedByRule(filed, readings, view, now) : filed
      const grants = grantsAskedFor(request, view)
      const useless = grants.length > 0 ? denialOfSignIn(effectiveRoles(user, view, now))?.message : undefined
      const warnings = [...leftOut(command.wish, request, view), ...(useless === undefined ? [] : [useless])]
      const result = { request, grants, warnings, ...longTerm, reading }
      if (command.dryRun) return { changes: [], events: [], result }
      const event = auditEvent('access_request.create', {
        time: now,
        user: name,
        // Not the user: asking takes nothing away, so no removal of his may name it as the decision behind it.
        subjects: [`request:${id}`],
        fields: requestFields(request, view),
      })
      const settled = request.state === 'pending' ? [] : [resolutionEvent(request, byRule(request), view, now)]
      return { changes: [{ put: 'request', request }], events: [event, ...settled], result }
    },
    signal,
  )
}

/**
 * A rule approves what AWS has now, like a person. Where AWS can't be read people have to decide.
 */
async function readForRule(
  ports: Ports,
  { actor, wish, dryRun }: FileRequestCommand,
  id: AccessRequestId,
  signal: AbortSignal,
): Promise<SetReadings | undefined> {
  if (dryRun) return undefined
  const reading = await readView(ports, signal)
  const draft = fileRequest(id, personOf(actingAs(actor, reading)).user, wish, reading.view, reading.now)
  if (draft.automatic?.verdict !== 'approve') return undefined
  try {
    return (await readShown(ports, draft, { view: reading.view, maxAgeMs: 0 }, signal)).readings
  } catch (error) {
    if (error instanceof DomainError && error.problem.code === 'upstream') return undefined
    throw error
  }
}

function approvedByRule(request: AccessRequest, readings: SetReadings, view: View, now: Instant): AccessRequest {
  const { automatic } = request
  if (automatic?.verdict !== 'approve') return request
  // A set that came in since it was read is nothing that a rule has seen.
  if (setsToRead(request, view).some((arn) => !readings.has(arn))) return request
  const shown = hashOfShown(request, view, readings)
  const approved = settle({ ...request, automatic: { ...automatic, shown } }, { view, now, isRead: true })
  return rememberingSets(approved, readings)
}

const byRule = ({ automatic }: AccessRequest): string => (automatic ? `rule:${automatic.rule}` : 'system')
