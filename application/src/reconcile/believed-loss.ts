import type { Finding } from '../ports/store.ts'

/** A reading that shows less than the one before, more than is believed unasked. */
interface DoubtedLoss {
  readonly missing: number
  readonly before: number
  /** `users` */
  readonly what: string
}

export const sayLoss = ({ missing, before, what }: DoubtedLoss): string =>
  `A read from AWS no longer shows ${missing} of ${before} ${what}. Nothing was concluded from it.`
const SAID = /^A read from AWS no longer shows (\d+) of \d+ /

/** The finding of a doubted loss says how much is missing; somebody who releases it believes so much, and no more. */
export function releasedKeyOf({ id, message }: Finding): string {
  const [, missing] = SAID.exec(message) ?? []
  return missing === undefined ? id : `${id} ${missing}`
}

const BELIEVED = /^read-(assignment|member|group|user|account|permission-set) (\d+)$/

/** How much of each kind somebody has said is really gone, and the keys that say so. */
export function believedLosses(released: ReadonlySet<string>): {
  readonly believed: ReadonlyMap<Finding['kind'], number>
  readonly keys: readonly string[]
} {
  const believed = new Map<Finding['kind'], number>()
  const keys: string[] = []
  for (const key of released) {
    const [, kind, missing] = BELIEVED.exec(key) ?? []
    if (kind === undefined) continue
    keys.push(key)
    const of = kind as Finding['kind'] // the expression names them
    believed.set(of, Math.max(believed.get(of) ?? 0, Number(missing)))
  }
  return { believed, keys }
}
