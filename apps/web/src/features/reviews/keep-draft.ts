import { ApiProblem } from '@gatehouse/api'
import type { DraftStorage } from './draft-storage.ts'
import {
  applyChanges,
  type DoneElsewhere,
  type DraftChanges,
  EMPTY_DRAFT,
  firstOf,
  isNothing,
  joinChanges,
  mergeDraft,
  type ReviewDraft,
  withoutRows,
  withoutSent,
} from './review-draft.ts'

/** The draft on the server, at one of its versions. */
export interface SavedDraft {
  /** Absent where nothing is kept. */
  readonly version: string | undefined
  readonly draft: ReviewDraft
}

/** What the server does with the draft of one person and one date. */
export interface DraftServer {
  readonly mostVerdicts: number
  read(): Promise<SavedDraft>
  /** `leftOut`: rows that are not there any more. */
  save(
    changes: DraftChanges,
    version: string | undefined,
  ): Promise<{ readonly version: string; readonly leftOut: readonly string[] }>
  remove(version: string): Promise<void>
}

/** Where what is shown is kept. */
export type Keeping =
  | { readonly where: 'server' | 'nowhere' }
  | { readonly where: 'on-its-way' }
  /** `page`: not even the browser keeps it. `error`: why it is not on the server. */
  | { readonly where: 'browser' | 'page'; readonly error: unknown }
  /** Nothing is decided here, and what was decided before is not known. */
  | { readonly where: 'unknown'; readonly error: unknown }

/** Of what the same person has done elsewhere. */
export type News = DoneElsewhere | 'begun-anew' | 'not-begun-anew'

export interface KeptReview {
  readonly draft: ReviewDraft
  readonly keeping: Keeping
  readonly news: News | undefined
  /** Whether it is known what was decided before. */
  readonly isRead: boolean
}

export interface DraftKeeper {
  readonly get: () => KeptReview
  readonly subscribe: (watcher: () => void) => () => void
  readonly change: (changes: DraftChanges) => void
  /** Forgets what is decided, here and on the server. */
  readonly clear: () => void
  /** Somebody has read the news. */
  readonly hear: () => void
  /** Looks whether there is something new on the server, and tries again what has failed. */
  readonly look: () => void
  /** Reads and saves once more; ends when nothing is on its way, saved or not. */
  readonly settle: () => Promise<void>
  /** The review is filed: nothing of it is kept. */
  readonly end: () => void
  /** Begins to read and to save; the answer saves what is left, and stops. */
  readonly open: () => () => void
}

/** Keys that are pressed again and again are one save: of thousands of decisions the server writes all each time. */
const SAVE_AFTER_MS = 1_500
const TRY_AGAIN_MS = 4_000
const LONGEST_WAIT_MS = 60_000
/** Somebody who decides in two windows at once is as fast as this and no faster. */
const MOST_CONFLICTS = 5

/**
 * Keeps a review on the server while somebody goes through it. One call is under way at a time, so that no answer comes
 * after a later one; what is not saved yet lies in the browser and over what the server has, whatever that is by then.
 */
export function createDraftKeeper(
  server: DraftServer,
  storage: DraftStorage,
  pace: { readonly saveAfterMs: number; readonly tryAgainMs: number } = {
    saveAfterMs: SAVE_AFTER_MS,
    tryAgainMs: TRY_AGAIN_MS,
  },
): DraftKeeper {
  let saved: SavedDraft | undefined
  let changes = storage.load()
  let isInBrowser = true
  let failure: { readonly error: unknown } | undefined
  let failures = 0
  let news: News | undefined
  let wantsRead = true
  let wantsClear = false
  let isOpen = false
  let hasEnded = false
  let work: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let shown = show()
  const watchers = new Set<() => void>()

  function show(): KeptReview {
    return {
      draft: applyChanges(saved?.draft ?? EMPTY_DRAFT, changes),
      keeping: keeping(),
      news,
      isRead: saved !== undefined,
    }
  }
  function keeping(): Keeping {
    if (isNothing(changes)) {
      if (saved) return { where: saved.version === undefined ? 'nowhere' : 'server' }
      return failure ? { where: 'unknown', ...failure } : { where: 'nowhere' }
    }
    return failure ? { where: isInBrowser ? 'browser' : 'page', ...failure } : { where: 'on-its-way' }
  }
  function tell(): void {
    shown = show()
    for (const watcher of watchers) watcher()
  }

  async function read(): Promise<void> {
    wantsRead = false // whoever asks from now on wants another one
    const now = await server.read()
    if (saved) {
      const { changes: left, elsewhere } = mergeDraft(saved.draft, changes, now.draft)
      drop(withoutSent(changes, left))
      if (saved.version !== undefined && now.version === undefined) news = 'begun-anew'
      else if (elsewhere && news !== 'not-begun-anew') news = elsewhere
    }
    saved = now
  }
  async function clear(): Promise<void> {
    const forgotten = changes
    wantsClear = false
    try {
      if (saved?.version !== undefined) await server.remove(saved.version)
    } catch (error) {
      news = 'not-begun-anew'
      throw error
    }
    news = undefined
    saved = { version: undefined, draft: EMPTY_DRAFT }
    drop(forgotten)
  }
  async function save(): Promise<void> {
    const before = saved
    if (!before || isNothing(changes)) return
    const sent = firstOf(changes, server.mostVerdicts)
    const { version, leftOut } = await server.save(sent, before.version)
    saved = { version, draft: withoutRows(applyChanges(before.draft, sent), leftOut) }
    drop(sent)
  }
  function drop(sent: DraftChanges): void {
    changes = withoutSent(changes, sent)
    storage.settle(sent)
  }

  /** Reads before it saves, so that every save is made on a version that is known. */
  async function doAll(): Promise<void> {
    for (let conflicts = 0; ; conflicts++) {
      try {
        if (hasEnded) return
        if (wantsRead || !saved) await read()
        if (wantsClear) await clear()
        await save()
        failure = undefined
        failures = 0
        return
      } catch (error) {
        wantsRead = true
        if (isConflict(error) && conflicts < MOST_CONFLICTS) continue
        failure = { error }
        failures++
        return
      }
    }
  }
  function begin(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    work ??= doAll().finally(() => {
      work = undefined
      if (hasEnded) return
      if (failure) schedule(Math.min(LONGEST_WAIT_MS, pace.tryAgainMs * 2 ** (failures - 1)))
      else if (wantsRead || wantsClear) schedule(0)
      else if (!isNothing(changes)) schedule(pace.saveAfterMs)
      tell()
    })
    return work
  }
  function schedule(milliseconds: number): void {
    if (isOpen) timer ??= setTimeout(() => void begin(), milliseconds)
  }

  return {
    get: () => shown,
    subscribe(watcher) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    change(decided) {
      if (hasEnded) return
      changes = joinChanges(changes, decided)
      isInBrowser = storage.add(decided)
      if (!work) schedule(pace.saveAfterMs)
      tell()
    },
    clear() {
      wantsClear = true
      void begin()
    },
    hear() {
      news = undefined
      tell()
    },
    look() {
      if (hasEnded) return
      wantsRead = true
      void begin()
    },
    async settle() {
      await work
      wantsRead = true
      await begin()
    },
    end() {
      hasEnded = true
      clearTimeout(timer)
      drop(changes)
      saved = { version: undefined, draft: EMPTY_DRAFT }
      tell()
    },
    open() {
      isOpen = true
      void begin()
      return () => {
        isOpen = false
        clearTimeout(timer)
        timer = undefined
        if (!hasEnded && !isNothing(changes)) void begin()
      }
    },
  }
}

/** Somebody was faster, or the review is another one by now. */
const isConflict = (error: unknown): boolean => error instanceof ApiProblem && error.status === 409
