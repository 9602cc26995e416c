import type { Offered, OfferingAccount } from './resources-query.ts'

export interface SearchableAccount {
  readonly account: OfferingAccount
  /** Name, id and labels in lower case. */
  readonly text: string
}

/** Lower case once, so that a key press only compares. */
export const searchable = (accounts: readonly OfferingAccount[]): readonly SearchableAccount[] =>
  accounts.map((account) => ({
    account,
    text: [account.accountName, account.account, ...Object.entries(account.labels).map((pair) => pair.join('='))]
      .join('\n')
      .toLowerCase(),
  }))

export interface FoundAccount {
  readonly account: OfferingAccount
  readonly sets: readonly Offered[]
}

/** Every word must be in the account or in the permission set; accounts without a set that fits are left out. */
export function filterAccounts(
  index: readonly SearchableAccount[],
  { words, requestable }: { readonly words: string; readonly requestable: boolean },
): readonly FoundAccount[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const filter = filterOffers(requestable)
  return index.flatMap(({ account, text }) => {
    const rest = wanted.filter((word) => !text.includes(word))
    const sets = filter(account.offers, rest)
    return sets.length === 0 ? [] : [{ account, sets }]
  })
}

/** What many accounts offer alike is looked through once for the same words. */
function filterOffers(requestable: boolean) {
  const found = new Map<readonly Offered[], Map<string, readonly Offered[]>>()
  return (offers: readonly Offered[], words: readonly string[]): readonly Offered[] => {
    const byWords = found.get(offers) ?? new Map<string, readonly Offered[]>()
    found.set(offers, byWords)
    const key = words.join(' ')
    const fitting =
      byWords.get(key) ??
      offers
        .filter(({ access }) => requestable || access !== 'requestable')
        .filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
    byWords.set(key, fitting)
    return fitting
  }
}
