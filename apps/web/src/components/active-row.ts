/** The row that keys act on: the same one wherever it stands, also after others have come or gone. */
export interface ActiveRow {
  readonly id: string
  readonly index: number
}

/** Where that row stands by now; when it is gone, the one that has come to its place, or else the last. */
export function findActive(ids: readonly string[], before: ActiveRow | undefined): ActiveRow | undefined {
  if (!before) return undefined
  const found = ids[before.index] === before.id ? before.index : ids.indexOf(before.id)
  const index = found >= 0 ? found : Math.min(before.index, ids.length - 1)
  const id = ids[index]
  if (id === undefined) return undefined
  return id === before.id && index === before.index ? before : { id, index }
}
