import type { OrganizationView } from '@gatehouse/api'
import { Checkbox, Fieldset, NativeSelect, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { FilterEditor, namesOf, type Readable } from '../../components/filter-editor.tsx'
import { LabelFilterInput } from '../../components/label-filter.tsx'
import { UsersInput } from '../../components/pickers.tsx'
import { Section } from '../../components/section.tsx'
import type { useFields } from '../../components/use-fields.ts'
import { DRIFT_KINDS } from './drift-kinds.ts'
import type { Drift, SettingsForm } from './settings-form.ts'

/** Where the fields stand in what is sent. */
export const SETTINGS_PLACES = {
  accountFilter: 'body.accountFilter',
  groupFilter: 'body.groupFilter',
  userFilter: 'body.userFilter',
  defaultOwners: 'body.defaultOwners',
  atLeast: 'body.removalBudget.atLeast',
  percent: 'body.removalBudget.percent',
  startUrl: 'body.startUrl',
  portalUrl: 'body.portalUrl',
}

interface FieldsProps {
  readonly at: ReturnType<typeof useFields<keyof typeof SETTINGS_PLACES>>['at']
  readonly organization: OrganizationView
  readonly form: SettingsForm
  /** What the role may read of accounts; `undefined` while nobody knows. */
  readonly readable: Readable | undefined
  readonly onChange: (form: SettingsForm) => void
}

export function SettingsFields({ organization, form, at, readable, onChange }: FieldsProps) {
  const change = (part: Partial<SettingsForm>): void => onChange({ ...form, ...part })
  return (
    <Stack gap="xl">
      <Section title="What is governed">
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <FilterEditor
              legend="Accounts"
              noun="account"
              filter={form.accountFilter}
              accounts={{ readable }}
              problem={at('accountFilter').error}
              onChange={(accountFilter) => change({ accountFilter })}
            />
            {form.rolesSyncMode === 'ALL' && (
              <FilterEditor
                legend="Groups"
                noun="group"
                filter={form.groupFilter}
                problem={at('groupFilter').error}
                onChange={(filter) => change({ groupFilter: namesOf(filter) })}
              />
            )}
          </SimpleGrid>
          <LabelFilterInput
            filter={form.userFilter}
            problem={at('userFilter').error}
            onLeave={(userFilter) => change({ userFilter })}
          />
          <Checkbox
            label="Hybrid: another identity provider signs people in and pushes them"
            description="Gatehouse pushes nobody, and manages groups and assignments only."
            checked={form.hybrid}
            onChange={(event) => change({ hybrid: event.currentTarget.checked })}
          />
          <Checkbox
            label="Offer a role for every account and permission set, and make lists from groups"
            description={
              organization.rolesSyncMode === 'ALL'
                ? 'It can’t be taken back: that takes enrolling anew.'
                : 'Groups become lists at the next reading. It can’t be taken back.'
            }
            disabled={organization.rolesSyncMode === 'ALL'}
            checked={form.rolesSyncMode === 'ALL'}
            onChange={(event) => change({ rolesSyncMode: event.currentTarget.checked ? 'ALL' : 'NONE' })}
          />
          <UsersInput
            label="Owners of lists that are made from groups from now on"
            description="Enter ends a name."
            required
            value={form.defaultOwners}
            {...at('defaultOwners')}
            onChange={(defaultOwners) => change({ defaultOwners })}
          />
        </Stack>
      </Section>
      <Section title="The guard">
        <Guard form={form} at={at} onChange={onChange} />
      </Section>
      <Section title="Addresses">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="AWS access portal URL"
            required
            classNames={{ input: 'mono' }}
            value={form.startUrl}
            {...at('startUrl')}
            onChange={(event) => change({ startUrl: event.currentTarget.value })}
          />
          <TextInput
            label="Address that people open"
            required
            classNames={{ input: 'mono' }}
            value={form.portalUrl}
            {...at('portalUrl')}
            onChange={(event) => change({ portalUrl: event.currentTarget.value })}
          />
        </SimpleGrid>
      </Section>
    </Stack>
  )
}

const ANSWERS: readonly { readonly value: Drift; readonly label: string }[] = [
  { value: 'revert', label: 'put it back' },
  { value: 'report', label: 'report it' },
  { value: 'adopt', label: 'adopt it' },
]

function Guard({ form, at, onChange }: Pick<FieldsProps, 'form' | 'at' | 'onChange'>) {
  return (
    <Stack>
      <Fieldset legend="When somebody changes AWS by hand" variant="unstyled" classNames={{ legend: 'legend' }}>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} mt={4}>
          {DRIFT_KINDS.map(([kind, label]) => (
            <NativeSelect
              key={kind}
              label={label}
              data={[...ANSWERS]}
              value={form.driftPolicy[kind] ?? 'revert'}
              onChange={(event) => {
                const answer = ANSWERS.find(({ value }) => value === event.currentTarget.value)?.value ?? 'revert'
                onChange({ ...form, driftPolicy: { ...form.driftPolicy, [kind]: answer } })
              }}
            />
          ))}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Removals that nobody decided, in 24 hours" variant="unstyled" classNames={{ legend: 'legend' }}>
        <Text size="xs" c="dimmed" mb="xs">
          The larger of the two may happen by itself; what is beyond it is held back until somebody has looked.
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
          <NumberInput
            label="At least"
            required
            min={0}
            max={1_000_000}
            allowDecimal={false}
            value={form.atLeast}
            {...at('atLeast')}
            onChange={(atLeast) => onChange({ ...form, atLeast })}
          />
          <NumberInput
            label="Percent of what there is"
            required
            min={0}
            max={100}
            value={form.percent}
            {...at('percent')}
            onChange={(percent) => onChange({ ...form, percent })}
          />
        </SimpleGrid>
      </Fieldset>
    </Stack>
  )
}
