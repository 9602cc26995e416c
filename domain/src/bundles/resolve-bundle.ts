import type { Account } from '../identity-center/account.ts'
import { type AccountSelector, selects } from '../identity-center/account-selector.ts'
import { type Catalogue, partsOf } from '../identity-center/catalogue.ts'
import type { PermissionSet } from '../identity-center/permission-set.ts'
import { counted } from '../kernel/counted.ts'
import { matches } from '../kernel/pattern.ts'
import type { Grant } from '../roles/role.ts'
import type { Bundle, PermissionSetSelector } from './bundle.ts'

export interface ResolvedBundle {
  /** Active accounts × permission sets, by account and then by ARN. */
  readonly rows: readonly Grant[]
  /** Why it holds less than its entries say, in plain words. */
  readonly problems: readonly string[]
}

/**
 * What a bundle holds now. Where AWS does not let us know whether an account is meant, an entry does not add it and an
 * exclusion takes it out: what can't be read never makes a bundle wider.
 */
export function resolveBundle(bundle: Bundle, catalogue: Catalogue): ResolvedBundle {
  const problems: string[] = []
  // One that moves is in two parts for a while, and each knows other things of it.
  const home = new Map(partsOf(catalogue).flatMap((part) => [...part.accounts.values()].map((one) => [one, part])))
  const accounts = sortedBy(accountsOf(bundle, [...home.keys()], problems), ({ id }) => id)
  const sets = sortedBy(setsOf(bundle, [...catalogue.permissionSets.values()], problems), ({ arn }) => arn)
  const rows = accounts.flatMap((account) =>
    sets
      .filter(({ arn }) => home.get(account)?.permissionSets.has(arn))
      .map(({ arn }) => ({ account: account.id, permissionSet: arn })),
  )
  return { rows, problems }
}

const sortedBy = <T>(values: readonly T[], keyOf: (value: T) => string): readonly T[] =>
  values.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))

function accountsOf(
  { accounts: entries, exclude }: Bundle,
  catalogue: readonly Account[],
  problems: string[],
): readonly Account[] {
  const included = new Set<Account>()
  for (const [index, entry] of entries.entries()) {
    const { yes, unknown } = ask(entry, catalogue)
    for (const account of yes) included.add(account)
    const place = `accounts[${index}]`
    if (unknown.length > 0)
      problems.push(`${place} adds nothing for ${count(unknown)}: ${whatIsUnknown(entry)} can not be read from AWS.`)
    else if (yes.length === 0) problems.push(`${place} fits no account.`)
  }
  for (const [index, entry] of exclude.accounts.entries()) {
    const { yes, unknown } = ask(entry, [...included])
    for (const account of [...yes, ...unknown]) included.delete(account)
    if (unknown.length > 0)
      problems.push(
        `exclude.accounts[${index}] takes out ${count(unknown)} unseen: ${whatIsUnknown(entry)} can not be read from AWS.`,
      )
  }
  const skipped = [...included].filter(({ state }) => state !== 'ACTIVE')
  if (skipped.length > 0)
    problems.push(`${count(skipped)} left out, not active: ${skipped.map(({ name }) => name).join(', ')}.`)
  return [...included].filter(({ state }) => state === 'ACTIVE')
}

function ask(entry: AccountSelector, accounts: readonly Account[]) {
  const yes: Account[] = []
  const unknown: Account[] = []
  for (const account of accounts) {
    const answer = selects(entry, account)
    if (answer === 'yes') yes.push(account)
    if (answer === 'unknown') unknown.push(account)
  }
  return { yes, unknown }
}

const count = ({ length }: readonly unknown[]): string => counted(length, 'account')

function whatIsUnknown({ organizationalUnit, tags }: AccountSelector): string {
  if (organizationalUnit !== undefined && tags !== undefined) return 'organizational units or tags'
  return tags === undefined ? 'organizational units' : 'tags'
}

function setsOf(
  { permissionSets: selectors, exclude }: Bundle,
  catalogue: readonly PermissionSet[],
  problems: string[],
): readonly PermissionSet[] {
  for (const [index, selector] of selectors.entries())
    if (!catalogue.some((set) => selectsSet(selector, set)))
      problems.push(`permission_sets[${index}] fits no permission set.`)
  return catalogue.filter(
    (set) =>
      selectors.some((selector) => selectsSet(selector, set)) &&
      !exclude.permissionSets.some((selector) => selectsSet(selector, set)),
  )
}

const selectsSet = (selector: PermissionSetSelector, { arn, name }: PermissionSet): boolean =>
  matches(selector, /^\^?arn:/.test(selector) ? arn : name)
