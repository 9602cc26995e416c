import type { ReviewDraftView, ReviewRowView } from '@gatehouse/api'

export type Verdict = ReviewDraftView['verdicts'][number]['verdict']
type Member = Pick<ReviewRowView, 'kind' | 'name'>

/** A review that is not submitted yet. */
export interface ReviewDraft {
  /** By the row: two entries may have one name. */
  readonly verdicts: ReadonlyMap<string, Verdict>
  /** Who is not named stays, also those who were never scrolled to. */
  readonly keepsRest: boolean
  readonly notes: string
}

/** What was decided and is not on the server yet. */
export interface DraftChanges {
  readonly verdicts: ReadonlyMap<string, Verdict>
  /** Absent: as before. */
  readonly keepsRest?: boolean
  /** Absent: as before. */
  readonly notes?: string
}

export const EMPTY_DRAFT: ReviewDraft = { verdicts: new Map(), keepsRest: false, notes: '' }
export const NO_CHANGES: DraftChanges = { verdicts: new Map() }

/** What a row goes by. */
export const rowKey = ({ kind, name }: Member): string => `${kind}/${name}`

export function memberOf(key: string): Member {
  const at = key.indexOf('/')
  return { kind: key.slice(0, at) as Member['kind'], name: key.slice(at + 1) } // `rowKey` put it there
}

export const draftOf = ({ verdicts, keepsRest, notes }: ReviewDraftView): ReviewDraft => ({
  verdicts: new Map(verdicts.map((one) => [rowKey(one), one.verdict])),
  keepsRest,
  notes,
})

export const isNothing = ({ verdicts, keepsRest, notes }: DraftChanges): boolean =>
  verdicts.size === 0 && keepsRest === undefined && notes === undefined

export const applyChanges = (draft: ReviewDraft, { verdicts, keepsRest, notes }: DraftChanges): ReviewDraft => ({
  verdicts: verdicts.size === 0 ? draft.verdicts : new Map([...draft.verdicts, ...verdicts]),
  keepsRest: keepsRest ?? draft.keepsRest,
  notes: notes ?? draft.notes,
})

/** Both, of which the second came later. */
export const joinChanges = (first: DraftChanges, second: DraftChanges): DraftChanges => ({
  ...first,
  ...second,
  verdicts: new Map([...first.verdicts, ...second.verdicts]),
})

/** What is left to send once something was sent: also what was decided otherwise meanwhile. */
export function withoutSent(changes: DraftChanges, sent: DraftChanges): DraftChanges {
  const { keepsRest, notes } = changes
  return {
    verdicts: new Map([...changes.verdicts].filter(([key, verdict]) => sent.verdicts.get(key) !== verdict)),
    ...(keepsRest === undefined || keepsRest === sent.keepsRest ? {} : { keepsRest }),
    ...(notes === undefined || notes === sent.notes ? {} : { notes }),
  }
}

/** As many of the verdicts as go at once; who is to stay beside them is said when all of them are there. */
export function firstOf(changes: DraftChanges, most: number): DraftChanges {
  if (changes.verdicts.size <= most) return changes
  return { verdicts: new Map([...changes.verdicts].slice(0, most)) }
}

export const withoutRows = (draft: ReviewDraft, keys: readonly string[]): ReviewDraft => {
  if (keys.length === 0) return draft
  const gone = new Set(keys)
  return { ...draft, verdicts: new Map([...draft.verdicts].filter(([key]) => !gone.has(key))) }
}

/** What the same person did elsewhere while something was decided here. */
export interface DoneElsewhere {
  /** Verdicts that are shown here now. */
  readonly taken: number
  /** Verdicts that are others than here; what was decided here stays. */
  readonly overruled: number
  /** Notes that are others than here; what was typed here stays. */
  readonly notes?: string
}

/**
 * Puts together what was decided here and elsewhere since both were the same: what is decided here counts, and all the
 * rest is as it is there.
 */
export function mergeDraft(
  before: ReviewDraft,
  here: DraftChanges,
  there: ReviewDraft,
): { readonly changes: DraftChanges; readonly elsewhere: DoneElsewhere | undefined } {
  const changes = withoutSent(here, there)
  const differing = [...new Set([...before.verdicts.keys(), ...there.verdicts.keys()])].filter(
    (key) => there.verdicts.get(key) !== before.verdicts.get(key),
  )
  const overruled = differing.filter((key) => changes.verdicts.has(key)).length
  const taken = differing.filter((key) => !here.verdicts.has(key)).length
  const isNoteLost = changes.notes !== undefined && there.notes !== before.notes && there.notes !== ''
  if (overruled === 0 && taken === 0 && !isNoteLost) return { changes, elsewhere: undefined }
  return { changes, elsewhere: { taken, overruled, ...(isNoteLost ? { notes: there.notes } : {}) } }
}

/** Whether both say the same of everybody, in the same words. */
export const isSame = (one: ReviewDraft, other: ReviewDraft): boolean =>
  one.notes === other.notes &&
  one.keepsRest === other.keepsRest &&
  one.verdicts.size === other.verdicts.size &&
  [...one.verdicts].every(([key, verdict]) => other.verdicts.get(key) === verdict)

export const isBegun = ({ verdicts, keepsRest, notes }: ReviewDraft): boolean =>
  verdicts.size > 0 || keepsRest || notes !== ''

export const removedIn = ({ verdicts }: ReviewDraft): readonly string[] =>
  [...verdicts].flatMap(([key, verdict]) => (verdict === 'remove' ? [key] : []))

export const decidedIn = ({ verdicts, keepsRest }: Pick<ReviewDraft, 'verdicts' | 'keepsRest'>, members: number) =>
  keepsRest ? members : Math.min(members, verdicts.size)
