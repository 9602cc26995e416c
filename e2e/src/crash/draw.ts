import { createHash } from 'node:crypto'

/** Numbers drawn from a seed: the same seed draws the same ones. */
export interface Draw {
  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number
  /** True once in `n` on average. */
  oneIn(n: number): boolean
  /** Some of the items, each with even odds, in their order; at least `least`. */
  some<T>(items: readonly T[], least?: number): readonly T[]
}

export function createDraw(seed: string): Draw {
  let state = createHash('sha256').update(seed).digest().readInt32LE()
  /** Mulberry32: small, and even enough to choose moments by. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    integer,
    oneIn: (n) => integer(1, n) === 1,
    some(items, least = 0) {
      const drawn = items.filter(() => next() < 0.5)
      return drawn.length >= least ? drawn : items.slice(0, least)
    },
  }
}
