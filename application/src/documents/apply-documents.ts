import {
  type Applied,
  applyDocuments as applyTo,
  checkMayAdminister,
  claimDocuments,
  confirmRemovals,
  type Instant,
  notIn,
  type ParsedDocument,
  parseDocuments,
  type PlainDocument,
  prune,
  type OwnedRecord,
  type Removals,
  type UserId,
  type View,
  writeByHand,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, demand, may } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import type { Reading } from '../governance/read-view.ts'
import { accessToList } from '../governance/visibility.ts'
import type { SamlProtocol } from '../ports/saml.ts'
import { findDocument } from './find-document.ts'
import { recordingRefusedWrites } from './record-refused-writes.ts'
import { findRecord, resourceOf } from './record-kinds.ts'
import { refusedAmong } from './refused-documents.ts'

export interface ApplyDocumentsCommand {
  readonly actor: Actor
  /** YAML or JSON. */
  readonly source: string
  /** `create` refuses names that exist; `update` those that don't, and documents whose revision is not the present one. */
  readonly mode: 'create' | 'replace' | 'update'
  /**
   * The set of files that the documents are, all of it if `prune` is given: then what the set owned and has no more is
   * removed. Without it a person writes them.
   */
  readonly managedBy?: string
  readonly prune?: boolean
  /** Writes by hand what files own, which they then own no more. */
  readonly takeOver?: boolean
  /** The number of removals that the caller has read and means. */
  readonly confirmRemovals?: number
  readonly dryRun?: boolean
}

export interface AppliedDocuments {
  readonly outcomes: readonly Outcome[]
  readonly warnings: Applied['warnings']
  readonly removals: Removals
}

/** What happens to one record; the documents are there unless it stays as it is, or may not be read. */
export interface Outcome {
  readonly kind: Applied['outcomes'][number]['kind']
  readonly name: string
  readonly action: Applied['outcomes'][number]['action'] | 'removed'
  readonly before?: PlainDocument
  readonly after?: PlainDocument
  /** Of what is there afterwards: what the next update of it names. */
  readonly revision?: string
}

/**
 * Creates or replaces what the documents say: all of them, or none.
 * @throws DomainError what parsing and the rules say; `too-many-removals`
 */
export async function applyDocuments(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock' | 'ids'> & {
    readonly saml: Pick<SamlProtocol, 'readServiceProvider'>
  },
  command: ApplyDocumentsCommand,
  signal: AbortSignal,
): Promise<AppliedDocuments> {
  const documents = parseDocuments(command.source)
  const readServiceProvider = ports.saml.readServiceProvider
  const work = (): Promise<AppliedDocuments> => applyParsed(ports, command, documents, signal)
  if (command.dryRun) return work()
  return recordingRefusedWrites(
    ports,
    {
      actor: command.actor,
      refused: (by, { view, now }) =>
        refusedAmong(documents, { view, now, mode: command.mode, by, readServiceProvider }),
    },
    work,
    signal,
  )
}

async function applyParsed(
  ports: Parameters<typeof applyDocuments>[0],
  command: ApplyDocumentsCommand,
  documents: readonly ParsedDocument[],
  signal: AbortSignal,
): Promise<AppliedDocuments> {
  return decide(
    ports,
    ({ view, now }) => {
      const by = actingAs(command.actor, { view, now })
      // A UUID is a user id once somebody is given it.
      const newUserId = (): UserId => ports.ids.uuid() as UserId
      const { managedBy, prune: isPruned = false, takeOver = false } = command
      const claim =
        managedBy === undefined ? writeByHand(documents, view, takeOver) : claimDocuments(documents, managedBy, view)
      const applied = applyTo(claim.documents, {
        view,
        now,
        mode: command.mode,
        by,
        newUserId,
        readServiceProvider: ports.saml.readServiceProvider,
      })
      if (claim.refusal) throw claim.refusal
      const gone = managedBy !== undefined && isPruned ? notIn(documents, managedBy, applied.after) : []
      for (const record of gone) demandRemoval(by, record, applied.after)
      const pruned = prune(gone, applied.after, now, by.name)
      // A dry run counts what it would remove; only doing it asks for the number.
      const confirmed = command.dryRun ? 'any' : command.confirmRemovals
      const removals = confirmRemovals(view, pruned.after, now, confirmed)
      const outcomes = [
        ...applied.outcomes,
        ...gone.map(({ kind, name }) => ({ kind, name, action: 'removed' }) as const),
      ]
      const result = {
        outcomes: outcomes.map((outcome) => withDocuments(outcome, by, { before: view, after: pruned.after, now })),
        warnings: [...claim.warnings, ...applied.warnings],
        removals,
      }
      if (command.dryRun) return { changes: [], events: [], result }
      const changes = [...applied.changes, ...pruned.changes]
      return { changes, events: [...applied.events, ...pruned.events], result }
    },
    signal,
  )
}

/** What removing it alone would take. @throws DomainError `refused` */
function demandRemoval(by: Acting, { kind, name }: OwnedRecord, view: View): void {
  const resource = resourceOf(kind, name, view)
  demand(by, 'delete', kind, resource)
  if (kind === 'saml_idp_service_provider') checkMayAdminister([resource], 'delete', by.roles)
}

interface Change {
  readonly before: View
  readonly after: View
  readonly now: Instant
}

/** To write a record is not to read it: shown is only what may be read, as it was and as it would be. */
function withDocuments(
  outcome: Omit<Outcome, 'before' | 'after'>,
  by: Acting,
  { before, after, now }: Change,
): Outcome {
  const { action, kind, name } = outcome
  const revision = revisionOf(kind, name, after)
  const revised = { ...outcome, ...(revision === undefined ? {} : { revision: String(revision) }) }
  if (action === 'unchanged') return revised
  const was = findDocument(kind, name, before)
  const is = findDocument(kind, name, after)
  const isShown = (view: View): boolean => mayReadWhole(outcome, by, { view, now })
  if ((was && !isShown(before)) || (is && !isShown(after))) return revised
  return { ...revised, ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) }
}

/** A member has its list's. */
function revisionOf(kind: Outcome['kind'], name: string, view: View): number | undefined {
  if (kind === 'access_list_member') return revisionOf('access_list', name.slice(0, name.indexOf('/')), view)
  return findRecord(kind, name, view)?.revision
}

/** A list is read whole by those who may see its members. */
function mayReadWhole(
  { kind, name }: Pick<Outcome, 'kind' | 'name'>,
  by: Acting,
  reading: Pick<Reading, 'view' | 'now'>,
): boolean {
  if (kind !== 'access_list' && kind !== 'access_list_member')
    return may(by, 'read', kind, resourceOf(kind, name, reading.view))
  const id = kind === 'access_list' ? name : name.slice(0, name.indexOf('/'))
  const list = reading.view.lists.find((one) => one.id === id)
  return list !== undefined && accessToList(list, by, reading)?.maySeeMembers === true
}
