const WINDOW_MS = 15 * 60_000
const MAX_SEARCHES = 10_000

/**
 * Which searches were begun a while ago, in this process. Whoever comes with a cursor that no such search gave out is not
 * going on to another page; what is not known any more counts as begun once more.
 */
export interface SearchMemory {
  /** Says whether a page is the first that somebody sees of a search. */
  begins(search: string, cursor: string | undefined): boolean
}

/** Runs on the machine's own time, as the throttle does. */
export function createSearchMemory(now: () => number = Date.now): SearchMemory {
  let [recent, before] = [new Set<string>(), new Set<string>()]
  let since = now()
  return {
    begins(search, cursor) {
      if (now() - since >= WINDOW_MS || recent.size >= MAX_SEARCHES) {
        ;[recent, before] = [new Set(), recent]
        since = now()
      }
      const isKnown = recent.has(search) || before.has(search)
      recent.add(search)
      return cursor === undefined || !isKnown
    },
  }
}
