import type { Offered, OfferingAccount } from './resources-query.ts'

export interface SearchableAccount {
  readonly account: OfferingAccount
  /** Name, id, tags and organizational units in lower case. */
  readonly text: string
}

/** Lower case once, so that a key press only compares. */
export const searchable = (accounts: readonly OfferingAccount[]): readonly SearchableAccount[] =>
  accounts.map((account) => ({
    account,
    text: [account.accountName, account.account, account.path ?? '', ...tagsOf(account)].join('\n').toLowerCase(),
  }))

export interface AccountFilter {
  readonly words: string
  /** Also what is not there yet, and may be asked for. */
  readonly requestable: boolean
  /** `env=prod` */
  readonly tag?: string | undefined
  /** The path of an organizational unit; what is in those below it is in it, too. */
  readonly unit?: string | undefined
  /** The name of one, where there are several. */
  readonly organization?: string | undefined
  /** These accounts only. */
  readonly only?: ReadonlySet<string> | undefined
}

const tagsOf = ({ tags }: OfferingAccount): readonly string[] => Object.entries(tags).map((pair) => pair.join('='))

/** What the accounts can be told apart by, in the order of their names. */
export function filtersOf(accounts: readonly OfferingAccount[]): {
  readonly tags: readonly string[]
  readonly units: readonly string[]
  readonly organizations: readonly string[]
} {
  const tags = new Set(accounts.flatMap(tagsOf))
  const units = new Set(accounts.flatMap(({ path }) => (path === undefined ? [] : unitsAbove(path))))
  const organizations = new Set(accounts.map(({ organization }) => organization))
  return { tags: [...tags].toSorted(), units: [...units].toSorted(), organizations: [...organizations].toSorted() }
}

/** `Root/Workloads/Prod` is in itself, in `Root/Workloads` and in `Root`. */
const unitsAbove = (path: string): readonly string[] =>
  path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))

export interface FoundAccount {
  readonly account: OfferingAccount
  readonly sets: readonly Offered[]
}

/** Every word must be in the account or in the permission set; accounts without a set that fits are left out. */
export function filterAccounts(
  index: readonly SearchableAccount[],
  { words, requestable, tag, unit, organization, only }: AccountFilter,
): readonly FoundAccount[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const filter = filterOffers(requestable)
  const isWanted = (account: OfferingAccount): boolean =>
    (only === undefined || only.has(account.account)) &&
    (organization === undefined || account.organization === organization) &&
    (tag === undefined || tagsOf(account).includes(tag)) &&
    (unit === undefined || account.path === unit || account.path?.startsWith(`${unit}/`) === true)
  return index.flatMap(({ account, text }) => {
    if (!isWanted(account)) return []
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
