/** From where in time a reader sees the world: AWS's reads lag behind its writes. */
export interface View {
  readonly now: number
  /** Sees nothing younger than this many milliseconds (a fault); 0 in ordinary reads. */
  readonly staleMs: number
}

/** Read access to a table, as it is or as a lagging reader sees it. */
export interface Rows<Row> {
  get(key: string): Row | undefined
  has(key: string): boolean
  /** In order of first insertion. */
  values(): Iterable<Row>
  /** The rows whose index has this value; the index must have been declared with the table. */
  by(index: string, value: string): readonly Row[]
}

export interface Table<Row> extends Rows<Row> {
  readonly name: string
  readonly size: number
  entries(): Iterable<[string, Row]>
  set(key: string, row: Row): void
  delete(key: string): boolean
  /** What a reader sees who lags behind the writes. */
  seen(view: View): Rows<Row>
}

export interface TableOptions<Row> {
  readonly name: string
  readonly indexes?: Readonly<Record<string, (row: Row) => string>>
  /** Milliseconds after which readers see the change that is being made now. */
  readonly drawLag: () => number
  readonly now: () => number
  /** False while a seed or a saved world is loaded: nobody could have seen what was there before. */
  readonly isRecording: () => boolean
  readonly onChange: (table: string, key: string, row: Row | undefined) => void
}

interface Version<Row> {
  readonly before: Row | undefined
  readonly at: number
  readonly visibleAt: number
}

/** How long overwritten rows are remembered, and so the most that a stale read can be behind. */
export const HISTORY_MS = 120_000
const NO_KEYS: ReadonlySet<string> = new Set()

export function createTable<Row>(options: TableOptions<Row>): Table<Row> {
  const rows = new Map<string, Row>()
  const indexes = new Map(
    Object.entries(options.indexes ?? {}).map(([name, valueOf]) => [
      name,
      { valueOf, keys: new Map<string, Set<string>>() },
    ]),
  )
  /** The changes of the last two minutes by key, oldest first. */
  const history = new Map<string, Version<Row>[]>()

  function put(key: string, row: Row | undefined) {
    const before = rows.get(key)
    for (const { valueOf, keys } of indexes.values()) {
      if (before !== undefined) removeFrom(keys, valueOf(before), key)
      if (row !== undefined) addTo(keys, valueOf(row), key)
    }
    if (row === undefined) rows.delete(key)
    else rows.set(key, row)
    options.onChange(options.name, key, row)
    if (options.isRecording()) remember(key, before)
  }

  function remember(key: string, before: Row | undefined) {
    const now = options.now()
    const versions = history.get(key) ?? []
    versions.push({ before, at: now, visibleAt: now + options.drawLag() })
    // Re-inserted last, so that the oldest keys come first when forgetting.
    history.delete(key)
    history.set(key, versions)
    for (const [oldKey, old] of history) {
      const last = old.at(-1)
      if (last === undefined || last.at > now - HISTORY_MS) break
      history.delete(oldKey)
    }
  }

  function rowSeen(key: string, view: View): Row | undefined {
    const hidden = history
      .get(key)
      ?.find((version) => version.visibleAt > view.now || (view.staleMs > 0 && version.at > view.now - view.staleMs))
    return hidden === undefined ? rows.get(key) : hidden.before
  }

  const table: Table<Row> = {
    name: options.name,
    get size() {
      return rows.size
    },
    get: (key) => rows.get(key),
    has: (key) => rows.has(key),
    values: () => rows.values(),
    by(index, value) {
      return presentRows(keysOf(index, value), (key) => rows.get(key))
    },
    entries: () => rows.entries(),
    set: put,
    delete(key) {
      if (!rows.has(key)) return false
      put(key, undefined)
      return true
    },
    seen(view) {
      if (history.size === 0) return table
      return {
        get: (key) => rowSeen(key, view),
        has: (key) => rowSeen(key, view) !== undefined,
        values: () => presentRows(union(rows.keys(), history.keys()), (key) => rowSeen(key, view)),
        by(index, value) {
          const valueOf = indexes.get(index)?.valueOf
          const seen = presentRows(union(keysOf(index, value), history.keys()), (key) => rowSeen(key, view))
          return seen.filter((row) => valueOf?.(row) === value)
        },
      }
    },
  }
  return table

  function keysOf(index: string, value: string): Iterable<string> {
    return indexes.get(index)?.keys.get(value) ?? NO_KEYS
  }
}

function presentRows<Row>(keys: Iterable<string>, read: (key: string) => Row | undefined): readonly Row[] {
  const present: Row[] = []
  for (const key of keys) {
    const row = read(key)
    if (row !== undefined) present.push(row)
  }
  return present
}

function union(first: Iterable<string>, second: Iterable<string>): ReadonlySet<string> {
  return new Set([...first, ...second])
}

function addTo(keys: Map<string, Set<string>>, value: string, key: string) {
  const set = keys.get(value)
  if (set === undefined) keys.set(value, new Set([key]))
  else set.add(key)
}

function removeFrom(keys: Map<string, Set<string>>, value: string, key: string) {
  const set = keys.get(value)
  set?.delete(key)
  if (set?.size === 0) keys.delete(value)
}
