import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, UserId } from '../kernel/names.ts'
import { type AccessList, memberKey } from './access-list.ts'

export type Verdict = 'keep' | 'remove'

/** How far somebody has come with a review of a list. It changes nothing: only the review that is filed does. */
export interface ReviewDraft {
  readonly list: AccessListId
  readonly reviewer: UserId
  /** Another one with each change. */
  readonly version: string
  /** The date of the review that it is for. */
  readonly dueAt: Instant | undefined
  /** By `memberKey`. */
  readonly verdicts: Readonly<Record<string, Verdict>>
  /** The revision of the list in which everybody else stays: who came later was not looked at. */
  readonly restOf?: number
  readonly notes: string
  readonly savedAt: Instant
}

export interface DraftChanges {
  /** By `memberKey`. */
  readonly verdicts: ReadonlyMap<string, Verdict>
  /** The revision in which everybody else stays; `null` when nobody else is decided. */
  readonly restOf?: number | null
  readonly notes?: string
}

/** What of a draft is about the list as it is now; nothing when it was for another date. */
export function currentDraft(draft: ReviewDraft | undefined, list: AccessList): ReviewDraft | undefined {
  if (!draft || draft.dueAt !== list.audit.nextAuditDate) return undefined
  const { restOf, verdicts, ...rest } = draft
  return {
    ...rest,
    verdicts: verdictsOnMembers(Object.entries(verdicts), list),
    ...(restOf === list.revision ? { restOf } : {}),
  }
}

/** A draft with what somebody has decided since. It never holds more than there are members. */
export function changeDraft(
  draft: ReviewDraft | undefined,
  list: AccessList,
  { verdicts, restOf, notes }: DraftChanges,
): Pick<ReviewDraft, 'dueAt' | 'verdicts' | 'restOf' | 'notes'> {
  const before = currentDraft(draft, list)
  const kept = restOf === undefined ? before?.restOf : restOf
  return {
    dueAt: list.audit.nextAuditDate,
    verdicts: verdictsOnMembers([...Object.entries(before?.verdicts ?? {}), ...verdicts], list),
    ...(typeof kept === 'number' ? { restOf: kept } : {}),
    notes: notes ?? before?.notes ?? '',
  }
}

/** How many of the list's members are decided. */
export const decidedIn = (draft: ReviewDraft, list: AccessList): number =>
  draft.restOf === undefined ? Object.keys(draft.verdicts).length : list.members.length

function verdictsOnMembers(verdicts: readonly (readonly [string, Verdict])[], list: AccessList) {
  const members = new Set(list.members.map(memberKey))
  return Object.fromEntries(verdicts.filter(([key]) => members.has(key)))
}
