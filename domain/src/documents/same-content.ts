/** The records that are new or are not the very ones that were there. */
export function changedOf<T>(before: readonly T[], after: Iterable<T>, keyOf: (value: T) => string): readonly T[] {
  const known = new Map(before.map((value) => [keyOf(value), value]))
  return [...after].filter((value) => known.get(keyOf(value)) !== value)
}

/** Equal but for the revision; the order of keys plays no role. */
export const sameContent = (a: object, b: object): boolean =>
  stable({ ...a, revision: 0 }) === stable({ ...b, revision: 0 })

const stable = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
