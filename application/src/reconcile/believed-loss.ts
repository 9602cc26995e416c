import type { Finding } from '../ports/store.ts'

/** What a release of the finding names: so much is believed to be gone, and no more. Absent where there is nothing to believe. */
export const doubtKeyOf = ({ id, amount }: Finding): string | undefined =>
  amount === undefined ? undefined : `${id} ${amount}`

interface BelievedLoss {
  readonly id: string
  readonly amount: number
}

/** The inverse of `doubtKeyOf`; absent for keys of anything else. */
export function parseDoubtKey(key: string): BelievedLoss | undefined {
  const [, id, amount] = /^((?:read|adopt)-[a-z-]+) (\d+)$/.exec(key) ?? []
  return id === undefined ? undefined : { id, amount: Number(amount) }
}

/** How much somebody has said is really gone, by the ids of the findings that said so; and the keys that say it. */
export function believedLosses(
  released: ReadonlySet<string>,
  isMeant: (id: string) => boolean,
): { readonly believed: ReadonlyMap<string, number>; readonly keys: readonly string[] } {
  const believed = new Map<string, number>()
  const keys: string[] = []
  for (const key of released) {
    const loss = parseDoubtKey(key)
    if (!loss || !isMeant(loss.id)) continue
    keys.push(key)
    believed.set(loss.id, Math.max(believed.get(loss.id) ?? 0, loss.amount))
  }
  return { believed, keys }
}
