/** One figure and how good it has to be. */
export interface Measurement {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly better: 'lower' | 'higher'
  readonly limit: number
  /** Database, shape, and figures beside this one. */
  readonly note: string
}

export interface BenchOptions {
  /** A tenth of the size where the whole takes minutes. */
  readonly isQuick: boolean
  /** What happens meanwhile, for people. */
  readonly say: (line: string) => void
}

/** Measures; more than one figure when they come from the same run. @throws NotRun */
export type Bench = (options: BenchOptions) => Promise<readonly Measurement[]>

/** Something that this machine lacks; the message says what. */
export class NotRun extends Error {}

/** At most 1 when the limit is met. */
export const ratioOf = ({ value, limit, better }: Measurement): number =>
  rounded(better === 'lower' ? value / limit : limit / value)

export const rounded = (value: number): number => Math.round(value * 1000) / 1000
