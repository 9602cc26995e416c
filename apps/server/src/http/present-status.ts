import type { OrganizationStatusView } from '@gatehouse/api'
import type { EngineStatus, MadePlan } from '@gatehouse/application'
import { formatInstant, type Organization, type View } from '@gatehouse/domain'
import { presentOperation } from './present-operation.ts'

export interface KnownStatus extends EngineStatus {
  /** Changes that the guard lets through, those in flight included. */
  readonly planned: number
}

/** What the engine of an organization knows about itself, and how many changes to AWS are planned at this moment. */
export function presentStatus(name: string, status: KnownStatus, view: View): OrganizationStatusView {
  const { sweep, round, managed, adopted } = status
  const findings = [...status.findings.values()]
  return {
    organization: name,
    mode: view.organization.mode,
    ...healthOf(status, view.organization.mode),
    sweep: {
      running: sweep.running,
      ...(sweep.lastAt === undefined ? {} : { lastAt: formatInstant(sweep.lastAt) }),
      ...(sweep.nextAt === undefined ? {} : { nextAt: formatInstant(sweep.nextAt) }),
      ...(sweep.error === undefined ? {} : { error: sweep.error }),
    },
    round: {
      ...(round.lastAt === undefined ? {} : { lastAt: formatInstant(round.lastAt) }),
      ...(round.error === undefined ? {} : { error: round.error }),
    },
    ...(status.oldestVisitAt === undefined ? {} : { oldestVisitAt: formatInstant(status.oldestVisitAt) }),
    adopted,
    managed: { ...managed },
    inFlight: [
      ...status.running.map(({ key, operation, since, state }) => ({
        key,
        kind: operation.kind,
        summary: presentOperation(operation, view).summary,
        state,
        attempts: 1,
        since: formatInstant(since),
      })),
      ...status.waiting.map(({ key, kind, state, attempts, createdAt, notBefore, error }) => ({
        key,
        kind,
        summary: key,
        state,
        attempts,
        since: formatInstant(createdAt),
        ...(notBefore === undefined ? {} : { nextTryAt: formatInstant(notBefore) }),
        ...(error === undefined ? {} : { error }),
      })),
    ],
    held: presentHeld(status, view),
    findings: findings.map(({ id, kind, message, foundAt }) => ({
      id,
      kind,
      message,
      foundAt: formatInstant(foundAt),
    })),
    notes: [...status.notes],
  }
}

export const presentHeld = ({ held }: Pick<MadePlan, 'held'>, view: View) =>
  held.map(({ operation, reason }) => ({ operation: presentOperation(operation, view), reason }))

function healthOf(status: KnownStatus, mode: Organization['mode']): Pick<OrganizationStatusView, 'health' | 'message'> {
  if (status.sweep.error !== undefined)
    return { health: 'failing', message: `AWS could not be read: ${status.sweep.error}` }
  if (status.round.error !== undefined)
    return { health: 'failing', message: `The last round failed: ${status.round.error}` }
  if (status.sweep.lastAt === undefined)
    return { health: 'attention', message: 'AWS is being read for the first time.' }
  if (status.clockBehind)
    return {
      health: 'attention',
      message: 'The clock is behind what was acted on before; nothing new is granted until it has caught up.',
    }
  if (status.held.length > 0)
    return { health: 'attention', message: `${status.held.length} removals that nobody decided are held back.` }
  if (status.findings.size > 0)
    return { health: 'attention', message: 'A read from AWS was not believed; see the findings.' }
  if (status.waiting.length > 0)
    return { health: 'attention', message: `${status.waiting.length} writes failed and are tried again.` }
  return { health: 'ok', message: progressOf(status, mode) }
}

/** AWS may differ from the decisions although nothing is wrong: they take a moment to get there. */
function progressOf({ adopted, planned, running }: KnownStatus, mode: Organization['mode']): string {
  if (!adopted) return 'What AWS holds is being adopted.'
  const changes = Math.max(planned, running.length)
  if (changes === 0) return 'AWS equals the decisions.'
  const [what, are] = changes === 1 ? ['1 change', 'is'] : [`${changes} changes`, 'are']
  return mode === 'shadow'
    ? `${what} ${changes === 1 ? 'waits' : 'wait'} until Gatehouse may write to AWS: "tctl plan", then "tctl plugins start".`
    : `${what} ${are} on the way to AWS.`
}
