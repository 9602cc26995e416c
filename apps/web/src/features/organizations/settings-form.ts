import type { OrganizationView } from '@gatehouse/api'
import type { client } from '../../app/client.ts'
import { type Filter, partsOf } from '../../components/filter-editor.tsx'

export type Settings = NonNullable<NonNullable<Parameters<typeof client.editOrganization>[0]>['body']>
export type Drift = 'revert' | 'report' | 'adopt'

/** What can be changed of an organization, as it is typed. */
export interface SettingsForm {
  readonly accountFilter: Filter
  readonly groupFilter: Filter
  readonly userFilter: readonly Readonly<Record<string, string>>[]
  readonly rolesSyncMode: 'ALL' | 'NONE'
  readonly hybrid: boolean
  readonly defaultOwners: readonly string[]
  readonly driftPolicy: Readonly<Record<string, Drift>>
  readonly atLeast: number | string
  readonly percent: number | string
  readonly startUrl: string
  readonly portalUrl: string
}

export const formOf = (organization: OrganizationView): SettingsForm => ({
  accountFilter: organization.accountFilter,
  groupFilter: organization.groupFilter,
  userFilter: organization.userFilter,
  rolesSyncMode: organization.rolesSyncMode,
  hybrid: organization.hybrid,
  defaultOwners: organization.defaultOwners,
  driftPolicy: organization.driftPolicy,
  atLeast: organization.removalBudget.atLeast,
  percent: organization.removalBudget.percent,
  startUrl: organization.startUrl,
  portalUrl: organization.portalUrl,
})

/** Only what is different from what there is: what somebody else has changed meanwhile stays. */
export function settingsOf(form: SettingsForm, organization: OrganizationView): Settings {
  const typed = {
    accountFilter: partsOf(form.accountFilter),
    groupFilter: partsOf(form.groupFilter),
    userFilter: form.userFilter.map((labels) => ({ ...labels })),
    rolesSyncMode: form.rolesSyncMode,
    hybrid: form.hybrid,
    defaultOwners: [...form.defaultOwners],
    driftPolicy: { ...form.driftPolicy },
    removalBudget: { atLeast: Number(form.atLeast), percent: Number(form.percent) },
    startUrl: form.startUrl.trim(),
    portalUrl: form.portalUrl.trim(),
  }
  const fields = Object.keys(typed) as (keyof typeof typed)[] // the keys of an object written here
  const changed = fields.filter((field) => JSON.stringify(typed[field]) !== JSON.stringify(organization[field]))
  return Object.fromEntries(changed.map((field) => [field, typed[field]]))
}

/** What was kept in this browser; `undefined` for what is not such a form. */
export function parseSettingsForm(kept: unknown): SettingsForm | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined
  const { accountFilter, groupFilter, userFilter, defaultOwners, driftPolicy, ...rest } = kept as SettingsForm // looked at below
  const isForm =
    [accountFilter, groupFilter, userFilter, defaultOwners].every((list) => Array.isArray(list)) &&
    typeof driftPolicy === 'object' &&
    [rest.startUrl, rest.portalUrl, rest.rolesSyncMode].every((text) => typeof text === 'string') &&
    typeof rest.hybrid === 'boolean'
  return isForm ? { accountFilter, groupFilter, userFilter, defaultOwners, driftPolicy, ...rest } : undefined
}
