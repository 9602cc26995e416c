import type { Account } from '../identity-center/account.ts'
import { counted } from '../kernel/counted.ts'
import type { User } from '../users/user.ts'
import { judgeBy } from './account-filter.ts'
import { passesFilter, passesUserFilter } from './filters.ts'
import type { Organization } from './organization.ts'

interface Known {
  /** Those that are managed, and those that the filter kept out when AWS was last read. */
  readonly accounts: { readonly inside: readonly Account[]; readonly outside: readonly Account[] }
  readonly groups: readonly { readonly id: string; readonly name: string; readonly isLinked: boolean }[]
  readonly users: readonly User[]
}

/** What other settings mean beside the operations of their plan, in words. */
export function effectsOfSettings(before: Organization, after: Organization, known: Known): readonly string[] {
  const { groups, users } = known
  const entering = groups.filter(
    (group) => !group.isLinked && !passesFilter(before.groupFilter, group) && passesFilter(after.groupFilter, group),
  )
  const released = groups.filter((group) => group.isLinked && !passesFilter(after.groupFilter, group))
  const isIn = ({ userFilter }: Organization, { labels }: User): boolean => passesUserFilter(userFilter, labels)
  const left = users.filter((user) => isIn(before, user) && !isIn(after, user))
  const come = users.filter((user) => !isIn(before, user) && isIn(after, user))
  return [
    ...effectsOnAccounts(before, after, known),
    ...said(
      entering,
      before.mode === 'shadow'
        ? [
            'group comes into the filter and becomes an access list',
            'groups come into the filter: each becomes an access list',
          ]
        : [
            'group comes into the filter: link it with "tctl plugins link" if it is to be managed',
            'groups come into the filter: link each that is to be managed with "tctl plugins link"',
          ],
    ),
    ...said(released, [
      'group is outside the filter and stays managed, because it is linked',
      'groups are outside the filter and stay managed, because they are linked',
    ]),
    ...said(left, [
      'user leaves the filter, loses managed access and is set inactive in AWS, never deleted',
      'users leave the filter: they lose managed access and are set inactive in AWS, never deleted',
    ]),
    ...said(come, ['user comes into the filter and is pushed', 'users come into the filter and are pushed']),
    ...(before.hybrid === after.hybrid
      ? []
      : [
          after.hybrid
            ? 'Users are pushed no more: those of the same name in Identity Center are linked.'
            : 'Users are pushed from now on, and whoever is missing in Identity Center is created.',
        ]),
    ...changed('The limit on removals', budgetOf(before), budgetOf(after)),
    ...Object.entries(after.driftPolicy).flatMap(([kind, policy]) =>
      // The keys of one are those of the other.
      changed(`What is done about ${kind.replace('-', ' ')} in AWS`, driftOf(before, kind), policy),
    ),
    ...changed('The owners of lists made from groups', ownersOf(before, users), ownersOf(after, users)),
    ...changed('Roles and lists derived from AWS', before.rolesSyncMode, after.rolesSyncMode),
    ...changed('The start URL', before.startUrl, after.startUrl),
    ...changed("The portal's address", before.portalUrl, after.portalUrl),
  ]
}

function effectsOnAccounts(
  { accountFilter: before }: Organization,
  { accountFilter: after }: Organization,
  { accounts: { inside, outside } }: Known,
): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const judge = judgeBy(after)
  const byAnswer = (accounts: readonly Account[]) => Object.groupBy(accounts, (account) => judge(account).answer)
  const [here, there] = [byAnswer(inside), byAnswer(outside)]
  const stays =
    'the filter: access with an end is taken away there; what else is assigned stays as it is, and is managed no more'
  const unknown = (where: string): OneOrMany => [
    `account stays ${where} until it is known whether the filter means it, because its organizational units or tags are not known`,
    `accounts stay ${where} until it is known whether the filter means them, because their organizational units or tags are not known`,
  ]
  return [
    ...said(here.no ?? [], [`account leaves ${stays}`, `accounts leave ${stays}`]),
    ...said(there.yes ?? [], ['account comes into the filter', 'accounts come into the filter']),
    ...said(here.unknown ?? [], unknown('managed')),
    ...said(there.unknown ?? [], unknown('outside')),
    'Accounts that come into the filter are read first, and what they hold is adopted.',
  ]
}

const changed = (what: string, before: string, after: string): readonly string[] =>
  before === after ? [] : [`${what}: ${before === '' ? 'nothing' : before} → ${after === '' ? 'nothing' : after}.`]

const budgetOf = ({ removalBudget: { atLeast, percent } }: Organization): string =>
  `${atLeast}, or ${percent} % if that is more`

const driftOf = ({ driftPolicy }: Organization, kind: string): string =>
  Object.entries(driftPolicy).find(([known]) => known === kind)?.[1] ?? ''

const ownersOf = ({ defaultOwners }: Organization, users: readonly User[]): string =>
  defaultOwners.map((id) => users.find((user) => user.id === id)?.name ?? id).join(', ')

const SHOWN = 5

type OneOrMany = readonly [one: string, many: string]

function said(those: readonly { readonly name: string }[], what: OneOrMany): readonly string[] {
  if (those.length === 0) return []
  const names = those.slice(0, SHOWN).map(({ name }) => name)
  const more = those.length > SHOWN ? ` and ${those.length - SHOWN} more` : ''
  return [`${counted(those.length, ...what)} (${names.join(', ')}${more}).`]
}
