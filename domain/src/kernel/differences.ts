/** What came and what went between two readings; something that was changed did both. */
export interface Differences<T> {
  readonly gone: readonly T[]
  readonly come: readonly T[]
}

const NONE: Differences<never> = { gone: [], come: [] }

/**
 * Compares two arrays by identity: what was not read anew is the same object. Quick when they differ in few places and
 * have one order, right in any case.
 */
export function differencesOf<T>(before: readonly T[], after: readonly T[]): Differences<T> {
  if (before === after) return NONE
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  return differencesBetween(before.slice(start, before.length - end), after.slice(start, after.length - end))
}

function differencesBetween<T>(before: readonly T[], after: readonly T[]): Differences<T> {
  const gone: T[] = []
  const come: T[] = []
  let b = 0
  let a = 0
  while (b < before.length && a < after.length) {
    const [old, fresh] = [before[b], after[a]]
    if (old === fresh) {
      b++
      a++
    } else if (before[b + 1] === after[a + 1]) {
      gone.push(...before.slice(b, ++b))
      come.push(...after.slice(a, ++a))
    } else if (old === after[a + 1]) come.push(...after.slice(a, ++a))
    else if (before[b + 1] === fresh) gone.push(...before.slice(b, ++b))
    else break
  }
  const oldRest = before.slice(b)
  const freshRest = after.slice(a)
  const isOld = new Set(oldRest)
  const isFresh = new Set(freshRest)
  for (const value of oldRest) if (!isFresh.has(value)) gone.push(value)
  for (const value of freshRest) if (!isOld.has(value)) come.push(value)
  return { gone, come }
}
