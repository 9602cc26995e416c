import type { OrganizationStatusView } from '@gatehouse/api'
import {
  doubtKeyOf,
  type EngineStatus,
  type Finding,
  type NamedAccounts,
  operationOf,
  type SweepProgress,
} from '@gatehouse/application'
import {
  counted,
  days,
  type DriftFinding,
  findingKey,
  formatInstant,
  type HeldOperation,
  type Instant,
  mayFollow,
  type Organization,
  plus,
  type OrganizationView,
} from '@gatehouse/domain'
import { nextOf, type Range } from './paging.ts'
import { presentOperation } from './present-operation.ts'
import { remedyOf } from './remedy-of.ts'

export interface KnownStatus extends EngineStatus {
  /** Changes that the guard lets through, those in flight included. */
  readonly planned: number
  readonly now: Instant
  readonly scimTokenGivenAt?: Instant
}

/** AWS ends a SCIM token a year after it was made (IAM Identity Center User Guide, "Rotate an access token"). */
const SCIM_TOKEN_LASTS = days(365)
/** Time enough for whoever may make another in AWS. */
const SCIM_TOKEN_NOTICE = days(30)

/**
 * What the engine of an organization knows about itself, and how many changes to AWS are planned at this moment; of its
 * lists the part that is asked for.
 */
export function presentStatus(
  name: string,
  status: KnownStatus,
  { view, range }: { readonly view: OrganizationView; readonly range: Range },
): OrganizationStatusView {
  const { sweep, round, managed, adopted, held, drift, notes } = status
  const { start, end } = range
  const findings = [...status.findings.values()]
  const totals = {
    inFlight: status.running.length + status.waiting.length,
    held: held.length,
    drift: drift.length,
    findings: findings.length,
    notes: notes.length,
  }
  return {
    organization: name,
    mode: view.organization.mode,
    ...healthOf(status, view.organization),
    sweep: {
      running: sweep.running,
      ...(sweep.progress ? { progress: { ...sweep.progress, since: formatInstant(sweep.progress.since) } } : {}),
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
    managed: { ...managed, adopted: view.adopted.length },
    ...presentToken(status),
    ...presentMoves(status),
    inFlight: presentInFlight(status, { view, range }),
    held: held.slice(start, end).map((one) => presentHeld(one, view)),
    drift: drift.slice(start, end).map((one) => presentDrift(one, view)),
    findings: findings.slice(start, end).map(presentFinding),
    notes: notes.slice(start, end),
    totals,
    ...nextOf(range, totals),
  }
}

function presentToken({ scimTokenGivenAt: givenAt }: KnownStatus): Pick<OrganizationStatusView, 'scimToken'> {
  if (givenAt === undefined) return {}
  return { scimToken: { givenAt: formatInstant(givenAt), endsBy: formatInstant(plus(givenAt, SCIM_TOKEN_LASTS)) } }
}

function presentMoves({ accountMoves: moves }: KnownStatus): Pick<OrganizationStatusView, 'accountMoves'> {
  if (moves === undefined) return {}
  const present = ({ count, names }: NamedAccounts) => ({ count, names: [...names] })
  return {
    accountMoves: {
      at: formatInstant(moves.at),
      letIn: present(moves.letIn),
      keptOut: present(moves.keptOut),
      addedInAws: present(moves.addedInAws),
      goneFromAws: present(moves.goneFromAws),
    },
  }
}

/** First what is being written, then what failed and is tried again. */
function presentInFlight(
  { running, waiting }: KnownStatus,
  { view, range: { start, end } }: { readonly view: OrganizationView; readonly range: Range },
): OrganizationStatusView['inFlight'] {
  const rows = [...running, ...waiting].slice(start, end)
  return rows.map((row) =>
    'operation' in row
      ? {
          key: row.key,
          kind: row.operation.kind,
          summary: presentOperation(row.operation, view).summary,
          state: row.state,
          attempts: 1,
          since: formatInstant(row.since),
        }
      : {
          key: row.key,
          kind: row.kind,
          summary: presentOperation(operationOf(row), view).summary,
          state: row.state,
          attempts: row.attempts,
          since: formatInstant(row.createdAt),
          ...(row.notBefore === undefined ? {} : { nextTryAt: formatInstant(row.notBefore) }),
          ...(row.error === undefined ? {} : { error: row.error, remedy: remedyOf(row.error) }),
        },
  )
}

export const presentHeld = ({ operation, reason }: HeldOperation, view: Pick<OrganizationView, 'catalogue'>) => ({
  operation: presentOperation(operation, view),
  reason,
})

function presentFinding(finding: Finding): OrganizationStatusView['findings'][number] {
  const { id, kind, message, foundAt } = finding
  const key = doubtKeyOf(finding)
  return { id, kind, message, foundAt: formatInstant(foundAt), ...(key === undefined ? {} : { key }) }
}

const presentDrift = (finding: DriftFinding, view: OrganizationView): OrganizationStatusView['drift'][number] => ({
  kind: finding.kind,
  message: finding.message,
  operation: { ...presentOperation(finding.operation, view), key: findingKey(finding) },
  mayFollow: mayFollow(finding, view),
})

function healthOf(
  status: KnownStatus,
  { mode, withdrawal }: Organization,
): Pick<OrganizationStatusView, 'health' | 'message'> {
  if (status.sweep.error !== undefined)
    return { health: 'failing', message: `AWS could not be read: ${status.sweep.error}` }
  if (status.round.error !== undefined)
    return { health: 'failing', message: `The last round failed: ${status.round.error}` }
  if (status.sweep.lastAt === undefined)
    return { health: 'attention', message: `AWS is being read for the first time${phaseOf(status.sweep.progress)}.` }
  if (withdrawal)
    return {
      health: 'attention',
      message:
        'The organization is being removed: AWS is told to let go of what Gatehouse made there, and nothing is given.',
    }
  if (status.clockBehind)
    return {
      health: 'attention',
      message: 'The clock is behind what was acted on before; nothing new is granted until it has caught up.',
    }
  if (status.held.length > 0)
    return {
      health: 'attention',
      message: `${counted(status.held.length, 'removal that nobody decided is', 'removals that nobody decided are')} held back.`,
    }
  if (status.findings.size > 0)
    return { health: 'attention', message: 'A read from AWS was not believed; see the findings.' }
  if (status.waiting.length > 0)
    return {
      health: 'attention',
      message: `${counted(status.waiting.length, 'write failed and is', 'writes failed and are')} tried again.`,
    }
  if (status.drift.length > 0)
    return { health: 'attention', message: `${sayDifferences(status.drift.length)} made in AWS; see the drift.` }
  const { scimTokenGivenAt: givenAt, now } = status
  if (givenAt !== undefined && plus(givenAt, SCIM_TOKEN_LASTS) < plus(now, SCIM_TOKEN_NOTICE))
    return {
      health: 'attention',
      message: `AWS ends the SCIM token on ${formatInstant(plus(givenAt, SCIM_TOKEN_LASTS)).slice(0, 10)} at the latest, and takes no change of users and groups then; put another in its place.`,
    }
  return { health: 'ok', message: progressOf(status, mode) }
}

const sayDifferences = (count: number): string => (count === 1 ? 'A change was' : `${count} changes were`)

const PHASES: Readonly<Record<SweepProgress['phase'], string>> = {
  listing: 'accounts, users and groups',
  'permission-sets': 'permission sets',
  members: 'members of groups',
  assignments: 'assignments',
  adopting: 'lists are made from groups',
}

function phaseOf(progress: SweepProgress | undefined): string {
  if (!progress) return ''
  const { phase, done, total } = progress
  return `: ${PHASES[phase]}${total === undefined ? '' : `, ${done} of ${total}`}`
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
