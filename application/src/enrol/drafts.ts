import {
  DomainError,
  editDraft,
  type EnrolmentChanges,
  type EnrolmentDraft,
  eventOfRemoval,
  eventOfStart,
  eventsOfEdit,
  startDraft,
} from '@gatehouse/domain'
import { ownerNamed } from '../adopt/enrol.ts'
import { notFound } from '../documents/not-found.ts'
import { type Acting, type Actor, actingAs, demand } from '../governance/actor.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import type { EnrolmentPorts } from './enrolment-ports.ts'

type DraftPorts = Pick<EnrolmentPorts, 'store' | 'records' | 'clock' | 'enrolments'>

export interface FoundDraft {
  readonly draft: EnrolmentDraft
  readonly acting: Acting
  readonly reading: Reading
}

export interface DraftQuery {
  readonly actor: Actor
  readonly name: string
  /** Of the draft that somebody has looked at; absent: whatever it is now. */
  readonly revision?: number | undefined
}

/** For whoever may enrol, whoever began it. @throws DomainError `refused`, `not-found`, `stale` */
export async function getDraft(
  ports: DraftPorts,
  { actor, name, revision }: DraftQuery,
  signal: AbortSignal,
): Promise<FoundDraft> {
  const reading = await readView(ports, signal)
  const acting = actingAs(actor, reading)
  demand(acting, 'create', 'plugin')
  const draft = await ports.enrolments.find(name, signal)
  if (draft && revision !== undefined && revision !== draft.revision)
    throw new DomainError({ code: 'stale', kind: 'enrolment', name: draft.name })
  if (draft) return { draft, acting, reading }
  const all = await ports.enrolments.list(signal)
  throw notFound(
    'enrolment',
    name,
    all.map((one) => one.name),
  )
}

/**
 * @throws DomainError `already-exists` when it was begun before, or an organization of that name is enrolled; `conflict`
 * when there are too many
 */
export async function startEnrolment(
  ports: DraftPorts,
  { actor, name }: { readonly actor: Actor; readonly name: string },
  signal: AbortSignal,
): Promise<EnrolmentDraft> {
  const reading = await readView(ports, signal)
  const acting = actingAs(actor, reading)
  demand(acting, 'create', 'plugin')
  if (reading.records.organizations.some((organization) => organization.name === name))
    throw new DomainError({ code: 'already-exists', kind: 'organization', name, remedy: 'Choose another name.' })
  const draft = startDraft(name, acting.name, reading.now)
  const events = [eventOfStart(draft, { by: acting.name, now: reading.now })]
  await ports.enrolments.save(draft, { replacing: undefined, events }, signal)
  return draft
}

export interface EditEnrolmentCommand extends DraftQuery {
  readonly given: EnrolmentChanges
  readonly scimToken?: string | null
}

/** Keeps what was given; AWS is asked nothing yet. @throws DomainError `stale`, `not-found` also for an owner whom there is not */
export async function editEnrolment(
  ports: DraftPorts,
  { scimToken, ...command }: EditEnrolmentCommand,
  signal: AbortSignal,
): Promise<EnrolmentDraft> {
  const { draft, acting, reading } = await getDraft(ports, command, signal)
  for (const owner of command.given.defaultOwners ?? []) ownerNamed(owner, reading.view.users)
  const hasScimToken = scimToken === undefined ? {} : { hasScimToken: scimToken !== null }
  const edited = editDraft(draft, { given: command.given, ...hasScimToken }, { by: acting.name, now: reading.now })
  const token = edited.hasScimToken ? scimToken : null
  const events = eventsOfEdit(draft, edited, { given: command.given, isTokenGiven: typeof token === 'string' })
  const kept = { replacing: draft.revision, events, ...(token === undefined ? {} : { scimToken: token }) }
  await ports.enrolments.save(edited, kept, signal)
  return edited
}

/** Nothing else was made by it, so nothing else goes. @throws DomainError `not-found` */
export async function removeEnrolment(
  ports: DraftPorts,
  query: { readonly actor: Actor; readonly name: string },
  signal: AbortSignal,
): Promise<void> {
  const { draft, acting, reading } = await getDraft(ports, query, signal)
  await ports.enrolments.remove(draft.name, [eventOfRemoval(draft, { by: acting.name, now: reading.now })], signal)
}

/** @throws DomainError `refused` */
export async function listEnrolments(
  ports: DraftPorts,
  { actor }: { readonly actor: Actor },
  signal: AbortSignal,
): Promise<readonly EnrolmentDraft[]> {
  const reading = await readView(ports, signal)
  demand(actingAs(actor, reading), 'create', 'plugin')
  return ports.enrolments.list(signal)
}
