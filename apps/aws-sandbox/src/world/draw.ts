import { createHash } from 'node:crypto'

/** Repeatable chance: the same seed gives the same draws in the same order. */
export interface Draw {
  /** In [0, 1). */
  readonly fraction: () => number
  /** Evenly between both ends. */
  readonly between: (first: number, last: number) => number
  readonly integer: (first: number, last: number) => number
  readonly pick: <Item>(items: readonly Item[]) => Item
  readonly shuffle: <Item>(items: readonly Item[]) => Item[]
  /** Lower-case hexadecimal. */
  readonly hex: (length: number) => string
  readonly uuid: () => string
}

export function createDraw(seed: string): Draw {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0)
  // mulberry32: small, fast, good enough to spread test data.
  function fraction() {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (first: number, last: number) => first + Math.floor(fraction() * (last - first + 1))
  const hex = (length: number) => Array.from({ length }, () => integer(0, 15).toString(16)).join('')
  return {
    fraction,
    integer,
    hex,
    between: (first, last) => first + fraction() * (last - first),
    pick(items) {
      const item = items[integer(0, items.length - 1)]
      if (item === undefined) throw new Error('Nothing to pick from.')
      return item
    },
    shuffle(items) {
      return items
        .map((item) => ({ item, place: fraction() }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ item }) => item)
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(integer(0, 3))}${hex(3)}-${hex(12)}`,
  }
}
