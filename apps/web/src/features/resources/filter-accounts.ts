import type { ResourceView } from '@gatehouse/api'

export interface SearchableAccount {
  readonly account: ResourceView
  /** Name, id and labels in lower case. */
  readonly text: string
  readonly sets: readonly { readonly set: ResourceView['permissionSets'][number]; readonly text: string }[]
}

/** Lower case once, so that a key press only compares. */
export const searchable = (accounts: readonly ResourceView[]): readonly SearchableAccount[] =>
  accounts.map((account) => ({
    account,
    text: [account.accountName, account.account, ...Object.entries(account.labels).map((pair) => pair.join('='))]
      .join('\n')
      .toLowerCase(),
    sets: account.permissionSets.map((set) => ({ set, text: set.name.toLowerCase() })),
  }))

export interface FoundAccount {
  readonly account: ResourceView
  readonly sets: readonly ResourceView['permissionSets'][number][]
}

/** Every word must be in the account or in the permission set; accounts without a set that fits are left out. */
export function filterAccounts(
  index: readonly SearchableAccount[],
  { words, requestable }: { readonly words: string; readonly requestable: boolean },
): readonly FoundAccount[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return index.flatMap(({ account, text, sets }) => {
    const rest = wanted.filter((word) => !text.includes(word))
    const found = sets
      .filter(({ set }) => requestable || set.access !== 'requestable')
      .filter((set) => rest.every((word) => set.text.includes(word)))
      .map(({ set }) => set)
    return found.length === 0 ? [] : [{ account, sets: found }]
  })
}
