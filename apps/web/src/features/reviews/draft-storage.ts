import { type DraftChanges, isNothing, joinChanges, NO_CHANGES, type Verdict, withoutSent } from './review-draft.ts'

/** Where decisions are that the server does not have yet; windows of one browser share it. */
export interface DraftStorage {
  load(): DraftChanges
  /** Says whether it is kept. */
  add(changes: DraftChanges): boolean
  settle(sent: DraftChanges): void
}

/** In this browser, under the person's own key; what was decided for another date of the review is forgotten. */
export function createDraftStorage(
  of: {
    readonly user: string
    readonly list: string
    readonly dueAt: string | undefined
    /** Of the list that is looked at: who came later was not meant by "everybody else". */
    readonly revision: number
  },
  /** The browser may forbid even to name it. */
  storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
): DraftStorage {
  const key = `gatehouse.draft.${of.user}.review.${of.list}`
  const { dueAt, revision } = of
  const load = (): DraftChanges => {
    try {
      return parseChanges(JSON.parse(storage().getItem(key) ?? 'null'), of)
    } catch {
      return NO_CHANGES
    }
  }
  const keep = (changes: DraftChanges): boolean => {
    try {
      if (isNothing(changes)) storage().removeItem(key)
      else
        storage().setItem(
          key,
          JSON.stringify({ ...changes, dueAt, revision, verdicts: Object.fromEntries(changes.verdicts) }),
        )
      return true
    } catch {
      return false // full, or forbidden
    }
  }
  return {
    load,
    add: (changes) => keep(joinChanges(load(), changes)),
    settle: (sent) => void keep(withoutSent(load(), sent)),
  }
}

function parseChanges(
  kept: unknown,
  { dueAt, revision }: { readonly dueAt: string | undefined; readonly revision: number },
): DraftChanges {
  if (typeof kept !== 'object' || kept === null) return NO_CHANGES
  if (('dueAt' in kept ? kept.dueAt : undefined) !== dueAt) return NO_CHANGES
  const verdicts = 'verdicts' in kept && typeof kept.verdicts === 'object' ? Object.entries(kept.verdicts ?? {}) : []
  const isMeant = 'revision' in kept && kept.revision === revision
  return {
    verdicts: new Map(
      verdicts.flatMap(([key, verdict]): readonly (readonly [string, Verdict])[] =>
        /^(?:user|list|aws-only)\//.test(key) && (verdict === 'keep' || verdict === 'remove') ? [[key, verdict]] : [],
      ),
    ),
    ...(isMeant && 'keepsRest' in kept && typeof kept.keepsRest === 'boolean' ? { keepsRest: kept.keepsRest } : {}),
    ...('notes' in kept && typeof kept.notes === 'string' ? { notes: kept.notes } : {}),
  }
}
