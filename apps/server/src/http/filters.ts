import type { GatehouseContract, OrganizationView } from '@gatehouse/api'
import type { OrganizationSettings } from '@gatehouse/application'
import {
  type AccountFilterPart,
  DomainError,
  isLiteral,
  type Labels,
  type NameFilter,
  parseOrganizationalUnit,
  parsePattern,
} from '@gatehouse/domain'

type AccountPart = OrganizationView['accountFilter'][number]
type GroupPart = OrganizationView['groupFilter'][number]

/** @throws DomainError `invalid-value` with the part, for an expression that can't be compiled */
export const groupFilterOf = (parts: readonly GroupPart[]): readonly NameFilter[] =>
  parts.map((part, index) => nameFilterOf(part, `body.groupFilter[${index}].pattern`))

/** @throws DomainError `invalid-value` with the part, for an expression that can't be compiled and for what is no unit */
export const accountFilterOf = (parts: readonly AccountPart[]): readonly AccountFilterPart[] =>
  parts.map((part, index) => accountPartOf(part, `body.accountFilter[${index}]`))

/** Labels that nobody is asked for fit everybody. @throws DomainError `invalid-value` with the part */
export function userFilterOf(parts: readonly Labels[]): readonly Labels[] {
  const index = parts.findIndex((labels) => Object.keys(labels).length === 0)
  if (index === -1) return parts
  const field = `body.userFilter[${index}]`
  throw new DomainError({ code: 'invalid-value', field, text: '{}', expected: SOME_LABELS })
}
const SOME_LABELS = 'labels such as {"team":"cloud"}, or leave the whole filter empty, which lets in all users'

function accountPartOf(part: AccountPart, at: string): AccountFilterPart {
  switch (part.field) {
    case 'ou': {
      const { match, field, unit: text } = part
      const unit = parseOrganizationalUnit(text)
      if (unit === undefined)
        throw new DomainError({ code: 'invalid-value', field: `${at}.unit`, text, expected: A_UNIT })
      return match === 'include' ? { include: field, unit } : { exclude: field, unit }
    }
    case 'tag': {
      const { match, field, key } = part
      const pattern = patternOf(part.pattern, `${at}.pattern`)
      return match === 'include' ? { include: field, key, pattern } : { exclude: field, key, pattern }
    }
    case 'id':
      demandAccountId(part.pattern, `${at}.pattern`)
      return nameFilterOf(part, `${at}.pattern`)
    case 'name':
      return nameFilterOf(part, `${at}.pattern`)
  }
}
/** What is no id and no pattern either would fit no account, ever. @throws DomainError `invalid-value` */
function demandAccountId(text: string, field: string): void {
  if (isLiteral(text) && !/^\d{12}$/.test(text))
    throw new DomainError({ code: 'invalid-value', field, text, expected: AN_ACCOUNT })
}
const AN_ACCOUNT = 'the 12 digits of an account, such as 111122223333, or a pattern for them, such as 1111*'
const A_UNIT = 'the id of a unit, such as ou-ab12-cdefghij, or its path from the root, such as Root/Workloads/Prod'

function nameFilterOf({ match, field, pattern: text }: GroupPart, at: string): NameFilter {
  const pattern = patternOf(text, at)
  return match === 'include' ? { include: field, pattern } : { exclude: field, pattern }
}

function patternOf(text: string, field: string) {
  try {
    return parsePattern(text)
  } catch (cause) {
    if (!(cause instanceof DomainError) || cause.problem.code !== 'invalid-value') throw cause
    throw new DomainError({ ...cause.problem, field }, { cause })
  }
}

export const presentGroupFilter = (filter: readonly NameFilter[]): GroupPart[] => filter.map(presentName)
export const presentAccountFilter = (filter: readonly AccountFilterPart[]): AccountPart[] =>
  filter.map((part) => {
    const match = 'include' in part ? 'include' : 'exclude'
    if ('unit' in part) return { match, field: 'ou', unit: part.unit }
    return 'key' in part ? { match, field: 'tag', key: part.key, pattern: part.pattern } : presentName(part)
  })

const presentName = (part: NameFilter): GroupPart =>
  'include' in part
    ? { match: 'include', field: part.include, pattern: part.pattern }
    : { match: 'exclude', field: part.exclude, pattern: part.pattern }

type Settings = GatehouseContract['editOrganization']['body']['_zod']['output']

/** @throws DomainError `invalid-value` */
export const settingsOf = ({
  accountFilter,
  groupFilter,
  userFilter,
  driftPolicy,
  ...plain
}: Settings): OrganizationSettings => ({
  ...plain,
  ...(accountFilter ? { accountFilter: accountFilterOf(accountFilter) } : {}),
  ...(groupFilter ? { groupFilter: groupFilterOf(groupFilter) } : {}),
  ...(userFilter ? { userFilter: userFilterOf(userFilter) } : {}),
  ...(driftPolicy ? { driftPolicy: given(driftPolicy) } : {}),
})

/** Without what was left out; what is there is as the schema read it. */
const given = <T extends object>(policy: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  } // the same keys with the same values
