import type { GatehouseContract, OrganizationView } from '@gatehouse/api'
import type { OrganizationSettings } from '@gatehouse/application'
import { type NameFilter, parsePattern } from '@gatehouse/domain'

/** @throws DomainError `invalid-value` for an expression that can't be compiled */
export function nameFilterOf({ match, field, pattern }: OrganizationView['accountFilter'][number]): NameFilter {
  const parsed = parsePattern(pattern)
  return match === 'include' ? { include: field, pattern: parsed } : { exclude: field, pattern: parsed }
}

type Settings = GatehouseContract['editOrganization']['body']['_zod']['output']

/** @throws DomainError `invalid-value` */
export const settingsOf = ({ accountFilter, groupFilter, driftPolicy, ...plain }: Settings): OrganizationSettings => ({
  ...plain,
  ...(accountFilter ? { accountFilter: accountFilter.map(nameFilterOf) } : {}),
  ...(groupFilter ? { groupFilter: groupFilter.map(nameFilterOf) } : {}),
  ...(driftPolicy ? { driftPolicy: given(driftPolicy) } : {}),
})

/** Without what was left out; what is there is as the schema read it. */
const given = <T extends object>(policy: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  } // the same keys with the same values
