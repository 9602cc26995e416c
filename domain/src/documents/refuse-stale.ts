import { DomainError } from '../kernel/problems.ts'
import type { ParsedDocument } from './document.ts'
import type { Drafts } from './drafts.ts'
import { storedRecord } from './stored-record.ts'

/**
 * An update is for the record that the document was read from. A document without a revision is for whatever there is.
 * @throws DomainError `not-found`, `stale`
 */
export function refuseStale({ document, revision }: ParsedDocument, drafts: Drafts): void {
  const stored = storedRecord(document, drafts)
  const kind = document.kind.replaceAll('_', ' ')
  const name = document.kind === 'access_list_member' ? document.member.name : document.name
  if (!stored) throw new DomainError({ code: 'not-found', kind, name })
  if (revision !== undefined && revision !== String(stored.revision))
    throw new DomainError({ code: 'stale', kind, name })
}
