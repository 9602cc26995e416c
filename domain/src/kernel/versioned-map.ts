/** What a map of our own has to say for itself; the rest of `ReadonlyMap` follows from it. */
abstract class MapOfOurs<K, V> implements ReadonlyMap<K, V> {
  abstract readonly size: number
  abstract get(key: K): V | undefined
  abstract has(key: K): boolean
  abstract entries(): MapIterator<[K, V]>

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  forEach(use: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) use(value, key, this)
  }
}

/**
 * A map that never changes, of which the next version is made in the time that its changes take. The newest version
 * holds the whole map; an older one knows what was different in it and asks the next for the rest. So whoever goes on
 * holding an older version reads what was true then, only slower.
 */
export class VersionedMap<K, V> extends MapOfOurs<K, V> {
  readonly size: number
  #content: Map<K, V> | { readonly next: VersionedMap<K, V>; readonly before: ReadonlyMap<K, V | undefined> }

  /** Takes the map over: nobody else may change it from then on. */
  constructor(map: Map<K, V>) {
    super()
    this.#content = map
    this.size = map.size
  }

  get(key: K): V | undefined {
    let content = this.#content
    while (!(content instanceof Map)) {
      if (content.before.has(key)) return content.before.get(key)
      content = content.next.#content
    }
    return content.get(key)
  }

  has(key: K): boolean {
    return this.get(key) !== undefined
  }

  /** @param changes new values by key; absent where the key goes */
  with(changes: ReadonlyMap<K, V | undefined>): VersionedMap<K, V> {
    if (changes.size === 0) return this
    const isNewest = this.#content instanceof Map
    const map = this.#content instanceof Map ? this.#content : new Map(this.entries())
    const before = new Map<K, V | undefined>()
    for (const [key, value] of changes) {
      before.set(key, map.get(key))
      if (value === undefined) map.delete(key)
      else map.set(key, value)
    }
    const next = new VersionedMap(map)
    if (isNewest) this.#content = { next, before }
    return next
  }

  *entries(): MapIterator<[K, V]> {
    const changed = new Map<K, V | undefined>()
    let content = this.#content
    while (!(content instanceof Map)) {
      for (const [key, value] of content.before) if (!changed.has(key)) changed.set(key, value)
      content = content.next.#content
    }
    for (const entry of content) if (!changed.has(entry[0])) yield entry
    for (const [key, value] of changed) if (value !== undefined) yield [key, value]
  }
}

/** Another map whose values are seen through a function. */
export class SeenThrough<K, A, B> extends MapOfOurs<K, B> {
  readonly #map: ReadonlyMap<K, A>
  readonly #see: (value: A) => B

  constructor(map: ReadonlyMap<K, A>, see: (value: A) => B) {
    super()
    this.#map = map
    this.#see = see
  }

  get size(): number {
    return this.#map.size
  }

  get(key: K): B | undefined {
    const value = this.#map.get(key)
    return value === undefined ? undefined : this.#see(value)
  }

  has(key: K): boolean {
    return this.#map.has(key)
  }

  *entries(): MapIterator<[K, B]> {
    for (const [key, value] of this.#map) yield [key, this.#see(value)]
  }
}
