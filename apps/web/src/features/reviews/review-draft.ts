import type { AccessListView } from '@gatehouse/api'

export type Verdict = 'keep' | 'remove'

/** A review that is not submitted yet, as the browser keeps it. */
export interface ReviewDraft {
  /** By the entry's name: a user's name, a list's id or AWS's id. */
  readonly verdicts: Readonly<Record<string, Verdict>>
  /** Who is not named stays, also those who were never scrolled to. */
  readonly keepsRest: boolean
  readonly notes: string
}

export const EMPTY_DRAFT: ReviewDraft = { verdicts: {}, keepsRest: false, notes: '' }

/** A review that was begun for one date says nothing about the next one. */
export const draftKey = ({ id, nextAuditDate }: Pick<AccessListView, 'id' | 'nextAuditDate'>): string =>
  `review.${id}.${nextAuditDate ?? ''}`

export function parseDraft(kept: unknown): ReviewDraft | undefined {
  if (typeof kept !== 'object' || kept === null || !('verdicts' in kept)) return undefined
  const { verdicts } = kept
  if (typeof verdicts !== 'object' || verdicts === null) return undefined
  return {
    verdicts: Object.fromEntries(
      Object.entries(verdicts).flatMap(([name, verdict]) =>
        verdict === 'keep' || verdict === 'remove' ? [[name, verdict] as const] : [],
      ),
    ),
    keepsRest: 'keepsRest' in kept && kept.keepsRest === true,
    notes: 'notes' in kept && typeof kept.notes === 'string' ? kept.notes : '',
  }
}

export const removedIn = ({ verdicts }: ReviewDraft): readonly string[] =>
  Object.entries(verdicts).flatMap(([name, verdict]) => (verdict === 'remove' ? [name] : []))

export const decidedIn = ({ verdicts, keepsRest }: ReviewDraft, members: number): number =>
  keepsRest ? members : Math.min(members, Object.keys(verdicts).length)
