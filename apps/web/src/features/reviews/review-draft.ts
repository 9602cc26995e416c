import type { AccessListView } from '@gatehouse/api'

export type Verdict = 'keep' | 'remove'

/** A review that is not submitted yet, as the browser keeps it. */
export interface ReviewDraft {
  /** The list that the verdicts are about: who came later was not looked at. */
  readonly revision: number
  /** By the entry's name: a user's name, a list's id or AWS's id. */
  readonly verdicts: Readonly<Record<string, Verdict>>
  /** Who is not named stays, also those who were never scrolled to. */
  readonly keepsRest: boolean
  readonly notes: string
}

export const EMPTY_DRAFT: ReviewDraft = { revision: 0, verdicts: {}, keepsRest: false, notes: '' }

/** A review that was begun for one date says nothing about the next one. */
export const draftKey = ({ id, nextAuditDate }: Pick<AccessListView, 'id' | 'nextAuditDate'>): string =>
  `review.${id}.${nextAuditDate ?? ''}`

export function parseDraft(kept: unknown): ReviewDraft | undefined {
  if (typeof kept !== 'object' || kept === null || !('verdicts' in kept)) return undefined
  const { verdicts } = kept
  if (typeof verdicts !== 'object' || verdicts === null) return undefined
  return {
    revision: 'revision' in kept && typeof kept.revision === 'number' ? kept.revision : 0,
    verdicts: Object.fromEntries(
      Object.entries(verdicts).flatMap(([name, verdict]) =>
        verdict === 'keep' || verdict === 'remove' ? [[name, verdict] as const] : [],
      ),
    ),
    keepsRest: 'keepsRest' in kept && kept.keepsRest === true,
    notes: 'notes' in kept && typeof kept.notes === 'string' ? kept.notes : '',
  }
}

/**
 * What of a draft is about the list as it is now. When somebody came or went since, verdicts count for those who are
 * known to be in it still, and nobody stays who was not looked at.
 */
export function currentDraft(draft: ReviewDraft, revision: number, present: readonly string[]): ReviewDraft {
  if (draft.revision === revision) return draft
  const verdicts = Object.fromEntries(
    present.flatMap((name) => {
      const verdict = draft.verdicts[name]
      return verdict === undefined ? [] : [[name, verdict] as const]
    }),
  )
  return { ...draft, revision, verdicts, keepsRest: false }
}

export const removedIn = ({ verdicts }: ReviewDraft): readonly string[] =>
  Object.entries(verdicts).flatMap(([name, verdict]) => (verdict === 'remove' ? [name] : []))

export const decidedIn = ({ verdicts, keepsRest }: ReviewDraft, members: number): number =>
  keepsRest ? members : Math.min(members, Object.keys(verdicts).length)
