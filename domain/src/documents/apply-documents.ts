import { checkLists } from '../access-lists/nesting.ts'
import type { AuditEvent } from '../audit/audit-event.ts'
import type { View } from '../desired-state/view.ts'
import { applyApprovalRule } from './apply-approval-rule.ts'
import { applyBundle } from './apply-bundle.ts'
import { applyList, identifyList } from './apply-list.ts'
import { applyLock } from './apply-lock.ts'
import { applyMember } from './apply-member.ts'
import { applyRole, checkRole } from './apply-role.ts'
import { applyServiceProvider } from './apply-service-provider.ts'
import { applyUser, identifyUser } from './apply-user.ts'
import { authorizeMember, authorizeRecord } from './authorize-document.ts'
import type { Document, DocumentWarning, ParsedDocument } from './document.ts'
import { warningsAfter } from './document-warnings.ts'
import { type DocumentOutcome, Drafts } from './drafts.ts'
import { eventsOfChanges } from './events-of-changes.ts'
import { type GovernanceChange, viewAfter } from './governance-change.ts'
import type { ApplyInput } from './lookup.ts'
import { refuseStale } from './refuse-stale.ts'
import { storedRecord } from './stored-record.ts'

export type { ApplyInput } from './lookup.ts'

export interface Applied {
  readonly changes: readonly GovernanceChange[]
  readonly events: readonly AuditEvent[]
  readonly outcomes: readonly DocumentOutcome[]
  readonly warnings: readonly DocumentWarning[]
  /** The records as they would be. */
  readonly after: View
}

/** What others may name comes first. */
const KINDS_IN_ORDER = [
  'role',
  'user',
  'access_list',
  'access_list_member',
  'lock',
  'saml_idp_service_provider',
  'bundle',
  'approval_rule',
] as const satisfies readonly Document['kind'][]

/**
 * Works out what several documents change, together: they may name one another in any order, and either all of them are
 * right or nothing is changed.
 * @throws DomainError
 */
export function applyDocuments(documents: readonly ParsedDocument[], input: ApplyInput): Applied {
  const drafts = new Drafts(input)
  for (const { document } of documents) authorize(document, drafts)
  if (input.mode === 'update') for (const parsed of documents) refuseStale(parsed, drafts)
  for (const kind of KINDS_IN_ORDER) {
    const ofKind = documents.filter(({ document }) => document.kind === kind)
    for (const { document } of ofKind) identify(document, drafts)
    if (kind === 'role') drafts.readRoles()
    for (const parsed of ofKind) apply(parsed, drafts)
  }
  return finish(documents, drafts)
}

function authorize(document: Document, drafts: Drafts): void {
  if (document.kind === 'access_list_member') authorizeMember(document, drafts.input)
  else authorizeRecord(document, storedRecord(document, drafts), drafts.input.by)
}

/** Puts in place what others may name, before anything is looked up. */
function identify(document: Document, drafts: Drafts): void {
  if (document.kind === 'role') applyRole(document, drafts)
  if (document.kind === 'user') identifyUser(document, drafts)
  if (document.kind === 'access_list') identifyList(document, drafts)
}

function apply(parsed: ParsedDocument, drafts: Drafts): void {
  const { document } = parsed
  drafts.warnings.push(...parsed.warnings)
  switch (document.kind) {
    case 'role':
      return checkRole(document, parsed, drafts)
    case 'user':
      return applyUser(document, parsed, drafts)
    case 'access_list':
      return applyList(document, parsed, drafts)
    case 'access_list_member':
      return applyMember(document, parsed, drafts)
    case 'lock':
      return applyLock(document, parsed, drafts)
    case 'saml_idp_service_provider':
      return applyServiceProvider(document, parsed, drafts)
    case 'bundle':
      return applyBundle(document, parsed, drafts)
    case 'approval_rule':
      return applyApprovalRule(document, parsed, drafts)
  }
}

function finish(documents: readonly ParsedDocument[], drafts: Drafts): Applied {
  const { view, now, by } = drafts.input
  const changes = drafts.changes()
  const changedLists = new Set(
    changes.flatMap((change) => ('put' in change && change.put === 'list' ? [change.list.id] : [])),
  )
  checkLists([...drafts.lists.values()], changedLists)
  const after = viewAfter(view, changes)
  const warnings = [...drafts.warnings, ...documents.flatMap((parsed) => warningsAfter(parsed, after))]
  const events = eventsOfChanges(changes, view, after, now, by.name)
  return { changes, events, outcomes: drafts.outcomes, warnings, after }
}
