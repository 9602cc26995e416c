import type { View } from '../desired-state/view.ts'
import type { Labels } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { type Document, documentIdentity, type DocumentWarning, type ParsedDocument } from './document.ts'

/**
 * Says by which set of files a record is written, so that files and people don't undo one another's work. Only applying
 * a set writes it; in a document it is read past.
 */
export const MANAGED_BY_LABEL = 'gatehouse.dev/managed-by'

type OwnedDocument = Extract<Document, { readonly labels: Labels }>

/** A record that files can own: members and locks come and go between two runs, so they belong to nobody. */
export interface OwnedRecord {
  readonly kind: OwnedDocument['kind']
  readonly name: string
  readonly set: string
}

/** Documents as they are to be applied, on somebody's behalf. */
export interface Claim {
  readonly documents: readonly ParsedDocument[]
  readonly warnings: readonly DocumentWarning[]
  /** `conflict` over something that others own; said only to those who may write it. */
  readonly refusal: DomainError | undefined
}

/** Documents as one set of files has them: never what another set owns. */
export function claimDocuments(documents: readonly ParsedDocument[], set: string, view: View): Claim {
  const owners = ownersIn(view)
  const warnings: DocumentWarning[] = []
  let refusal: DomainError | undefined
  const claimed = documents.map((parsed): ParsedDocument => {
    const { document, line } = parsed
    if (!isOwnable(document)) return parsed
    const owner = owners.get(documentIdentity(document))
    if (owner && owner.set !== '' && owner.set !== set) refusal ??= ownedByFiles(owner)
    if (owner?.set === '')
      warnings.push({
        field: 'metadata.name',
        line,
        message: `"${document.name}" was written by hand; the files take it over`,
      })
    return { ...parsed, document: withLabels(document, { ...document.labels, [MANAGED_BY_LABEL]: set }) }
  })
  return { documents: claimed, warnings, refusal }
}

/** Documents as a person writes them: what files own only if they are to let go of it. */
export function writeByHand(documents: readonly ParsedDocument[], view: View, takeOver: boolean): Claim {
  const owners = ownersIn(view)
  let refusal: DomainError | undefined
  const written = documents.map((parsed): ParsedDocument => {
    const { document } = parsed
    if (!isOwnable(document)) return parsed
    const owner = owners.get(documentIdentity(document))
    if (owner && owner.set !== '' && !takeOver) refusal ??= ownedByFiles(owner)
    const { [MANAGED_BY_LABEL]: _, ...labels } = document.labels
    return { ...parsed, document: withLabels(document, labels) }
  })
  return { documents: written, warnings: [], refusal }
}

/** What a set owns and its files have no more. */
export function notIn(documents: readonly ParsedDocument[], set: string, view: View): readonly OwnedRecord[] {
  const present = new Set(documents.map(({ document }) => documentIdentity(document)))
  return [...ownersIn(view)].flatMap(([identity, owner]) =>
    owner.set === set && !present.has(identity) ? [owner] : [],
  )
}

/** @throws DomainError `conflict` when files own it */
export function refuseOwned(labels: Labels, kind: Document['kind'], name: string): void {
  const set = labels[MANAGED_BY_LABEL]
  if (set !== undefined) throw ownedByFiles({ kind, name, set })
}

const isOwnable = (document: Document): document is OwnedDocument => 'labels' in document

/** The document of the same kind, with other labels. */
const withLabels = <D extends OwnedDocument>(document: D, labels: Labels): D => ({ ...document, labels })

/** Every record that files can own, by identity; `set` is empty where none does. */
function ownersIn(view: View): ReadonlyMap<string, OwnedRecord> {
  const owners = new Map<string, OwnedRecord>()
  const add = (kind: OwnedDocument['kind'], name: string, labels: Labels): void => {
    const key = kind === 'access_list' ? name : name.toLowerCase()
    owners.set(`${kind}/${key}`, { kind, name, set: labels[MANAGED_BY_LABEL] ?? '' })
  }
  for (const { name, labels } of view.roles) add('role', name, labels)
  for (const { name, labels } of view.users) add('user', name, labels)
  for (const { id, labels } of view.lists) add('access_list', id, labels)
  for (const { name, labels } of view.bundles) add('bundle', name, labels)
  for (const { name, labels } of view.approvalRules) add('approval_rule', name, labels)
  for (const { name, labels } of view.serviceProviders) add('saml_idp_service_provider', name, labels)
  return owners
}

const ownedByFiles = ({
  kind,
  name,
  set,
}: Omit<OwnedRecord, 'kind'> & { readonly kind: Document['kind'] }): DomainError =>
  new DomainError({
    code: 'conflict',
    message: `The ${kind.replaceAll('_', ' ')} "${name}" is written by files (set "${set}").`,
    remedy: 'Change it in the files and apply them, or take it out of their hands with "tctl create -f --take-over".',
  })
