import type { OrganizationView } from '@gatehouse/api'
import type { client } from '../../app/client.ts'
import { type Filter, namesOf, partsOf } from '../../components/filter-editor.tsx'

export type Settings = NonNullable<NonNullable<Parameters<typeof client.editOrganization>[0]>['body']>
export type Drift = 'revert' | 'report' | 'adopt'

/** What can be changed of an organization, as it is typed. */
export interface SettingsForm {
  readonly accountFilter: Filter
  readonly groupFilter: OrganizationView['groupFilter']
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

const formOf = (organization: OrganizationView): SettingsForm => ({
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

/** A form that was begun with what there was then. */
export interface SettingsDraft {
  readonly form: SettingsForm
  readonly began: SettingsForm
}

export const draftOf = (organization: OrganizationView): SettingsDraft => ({
  form: formOf(organization),
  began: formOf(organization),
})

/** Only what was changed here: what somebody else has changed meanwhile stays. */
export function settingsOf({ form, began }: SettingsDraft): Settings {
  const [typed, before] = [fieldsOf(form), fieldsOf(began)]
  const fields = Object.keys(typed) as (keyof typeof typed)[] // the keys of an object written here
  const changed = fields.filter((field) => !isSame(typed[field], before[field]))
  return Object.fromEntries(changed.map((field) => [field, typed[field]]))
}

/** What was changed here and elsewhere, too. */
export function conflictsOf(draft: SettingsDraft, organization: OrganizationView): readonly string[] {
  const [before, now] = [fieldsOf(draft.began), fieldsOf(formOf(organization))]
  const fields = Object.keys(settingsOf(draft)) as (keyof typeof now)[] // the keys that it is made of
  return fields.filter((field) => !isSame(before[field], now[field])).map((field) => NAMES[field])
}

const NAMES = {
  accountFilter: 'the filter of accounts',
  groupFilter: 'the filter of groups',
  userFilter: 'the filter of users',
  rolesSyncMode: 'derived roles and lists',
  hybrid: 'who keeps users',
  defaultOwners: 'owners',
  driftPolicy: 'what is done about drift',
  removalBudget: 'the limit on removals',
  startUrl: 'the start URL',
  portalUrl: "the portal's address",
} as const

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const fieldsOf = (form: SettingsForm) => ({
  accountFilter: partsOf(form.accountFilter),
  groupFilter: namesOf(partsOf(form.groupFilter)),
  userFilter: form.userFilter.map((labels) => ({ ...labels })),
  rolesSyncMode: form.rolesSyncMode,
  hybrid: form.hybrid,
  defaultOwners: [...form.defaultOwners],
  driftPolicy: { ...form.driftPolicy },
  removalBudget: { atLeast: Number(form.atLeast), percent: Number(form.percent) },
  startUrl: form.startUrl.trim(),
  portalUrl: form.portalUrl.trim(),
})

/** What was kept in this browser; `undefined` for what is not such a draft. */
export function parseSettingsDraft(kept: unknown): SettingsDraft | undefined {
  if (typeof kept !== 'object' || kept === null || !('form' in kept) || !('began' in kept)) return undefined
  const [form, began] = [parseSettingsForm(kept.form), parseSettingsForm(kept.began)]
  return form && began ? { form, began } : undefined
}

function parseSettingsForm(kept: unknown): SettingsForm | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined
  const { accountFilter, groupFilter, userFilter, defaultOwners, driftPolicy, ...rest } = kept as SettingsForm // looked at below
  const isForm =
    [accountFilter, groupFilter, userFilter, defaultOwners].every((list) => Array.isArray(list)) &&
    typeof driftPolicy === 'object' &&
    [rest.startUrl, rest.portalUrl, rest.rolesSyncMode].every((text) => typeof text === 'string') &&
    typeof rest.hybrid === 'boolean'
  return isForm ? { accountFilter, groupFilter, userFilter, defaultOwners, driftPolicy, ...rest } : undefined
}
