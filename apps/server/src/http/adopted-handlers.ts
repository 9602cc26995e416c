import type { AdoptedAssignmentView } from '@gatehouse/api'
import {
  type EndedAdopted,
  endAdopted,
  findAdopted,
  type NamedAdopted,
  readView,
  viewOfOrganization,
} from '@gatehouse/application'
import {
  adoptedKey,
  awsPrincipalKey,
  createEndings,
  type Ending,
  formatInstant,
  grantOfKey,
  type ObservedState,
  type OrganizationView,
} from '@gatehouse/domain'
import { actorOf } from './actor-of.ts'
import { awaitEngine } from './await-engine.ts'
import type { HandlerPorts } from './create-handlers.ts'
import { createEndedReader } from './ended-adopted.ts'
import { endingInAws } from './ending-in-aws.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceAfter, sliceOf } from './paging.ts'

type Names = 'listAdoptedAssignments' | 'endAdoptedAssignments' | 'listEndedAssignments'

/** Assignments of people that were found in AWS and taken over, and what became of those that were ended. */
export function adoptedHandlers(ports: HandlerPorts): Pick<ServerHandlers, Names> {
  const readEnded = createEndedReader(ports)
  const read = async (name: string, signal: AbortSignal) => {
    const reading = await readView(ports, signal)
    const view = viewOfOrganization(reading, { name })
    const engine = await awaitEngine(ports.engine, view.organization.id, { signal })
    return { view, engine, now: reading.now }
  }
  return {
    async listAdoptedAssignments({ params: { name }, query: { limit, cursor, ...filter }, signal }) {
      const { view, engine, now } = await read(name, signal)
      const found = findAdopted(view, filter)
      const endingOf = createEndings(view, now)
      return {
        total: view.adopted.length,
        found: found.length,
        ...sliceOf(found, { limit, cursor }, (row) => {
          const ending = endingInAws(endingOf(row), row, view, engine.observed())
          return present(row, ending, view, engine.observed())
        }),
      }
    },
    async endAdoptedAssignments({ params: { name }, body, signal, ...who }) {
      const { confirmRemovals, ...rest } = body
      const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
      const command = { ...rest, ...confirmed, actor: actorOf(who), organization: name }
      const { engine } = await read(name, signal)
      return presentEnded(await endAdopted(ports, command, signal), engine.observed())
    },
    async listEndedAssignments({ params: { name }, query, signal }) {
      const { view, engine, now } = await read(name, signal)
      const { rows, present: presentRow } = await readEnded({ view, engine, now }, signal)
      return { total: rows.length, ...sliceAfter(rows, query, { idOf: adoptedKey, present: presentRow }) }
    },
  }
}

function present(
  row: NamedAdopted,
  { effect, reasons, revision }: Ending,
  view: OrganizationView,
  observed: ObservedState,
): AdoptedAssignmentView {
  const { account, permissionSet } = grantOfKey(row.grant)
  return {
    key: row.key,
    user: row.owner.name,
    account,
    accountName: row.account?.name ?? account,
    permissionSet,
    permissionSetName: row.permissionSet?.name ?? permissionSet,
    since: formatInstant(row.adoptedAt),
    ...(row.keptBy === undefined ? {} : { keptBy: row.keptBy }),
    aws: inAws(row, view, observed),
    effect,
    reasons: [...reasons],
    ...(row.permissionSet ? { sessionDuration: row.permissionSet.sessionDuration } : {}),
    revision,
  }
}

function inAws(
  { user, grant }: NamedAdopted,
  { userLinkByUser }: OrganizationView,
  observed: ObservedState,
): AdoptedAssignmentView['aws'] {
  const link = userLinkByUser.get(user)
  if (!link || !observed.users.has(link.awsUser)) return 'missing'
  const held = observed.assignments.get(awsPrincipalKey({ type: 'USER', id: link.awsUser }))
  if (!held) return 'unread'
  return held.has(grant) ? 'held' : 'missing'
}

function presentEnded({ assignments, view }: EndedAdopted, observed: ObservedState) {
  const rows = assignments.map((row) => ({ ...row, ending: endingInAws(row.ending, row, view, observed) }))
  const lost = rows.filter(({ ending }) => ending.effect === 'goes')
  return {
    people: new Set(lost.map(({ user }) => user)).size,
    assignments: lost.length,
    ended: rows.map((row) => present(row, row.ending, view, observed)),
  }
}
