import { Group, SegmentedControl, Select, Switch, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { filtersOf } from './filter-accounts.ts'
import type { OfferingAccount } from './resources-query.ts'

/** What stands in the address. */
export interface ResourceSearch {
  readonly search?: string | undefined
  readonly requestable?: true | undefined
  readonly show?: 'favourites' | 'recent' | undefined
  readonly tag?: string | undefined
  readonly unit?: string | undefined
  readonly organization?: string | undefined
  /** Whether the drawer stands open in which what is ticked is asked for. */
  readonly cart?: true | undefined
}

interface ResourceFiltersProps {
  readonly accounts: readonly OfferingAccount[]
  readonly value: ResourceSearch
  readonly typed: string
  readonly onType: (typed: string) => void
  readonly onChange: (change: ResourceSearch) => void
}

/** More values than anybody looks through are searched, not listed. */
const LISTED = 100

export function ResourceFilters({ accounts, value, typed, onType, onChange }: ResourceFiltersProps) {
  const { tags, units, organizations } = useMemo(() => filtersOf(accounts), [accounts])
  return (
    <Group justify="space-between" align="end">
      <Group gap="sm" align="end">
        <TextInput
          aria-label="Search accounts and permission sets"
          placeholder="Account, its id, or permission set"
          leftSection={<IconSearch size={15} aria-hidden />}
          value={typed}
          onChange={(event) => onType(event.currentTarget.value)}
          onBlur={() => onChange({ search: typed || undefined })}
          w={{ base: '100%', xs: 320 }}
        />
        {organizations.length > 1 && (
          <Select
            aria-label="Organization"
            placeholder="Any organization"
            data={organizations}
            value={value.organization ?? null}
            onChange={(organization) => onChange({ organization: organization ?? undefined })}
            searchable
            clearable
            limit={LISTED}
            clearButtonProps={{ 'aria-label': 'Any organization' }}
            w={{ base: '100%', xs: 200 }}
          />
        )}
        {units.length > 1 && (
          <Select
            aria-label="Organizational unit"
            placeholder="Any organizational unit"
            data={units}
            value={value.unit ?? null}
            onChange={(unit) => onChange({ unit: unit ?? undefined })}
            searchable
            clearable
            limit={LISTED}
            clearButtonProps={{ 'aria-label': 'Any organizational unit' }}
            w={{ base: '100%', xs: 220 }}
          />
        )}
        {tags.length > 0 && (
          <Select
            aria-label="Tag"
            placeholder="Any tag"
            data={tags}
            value={value.tag ?? null}
            onChange={(tag) => onChange({ tag: tag ?? undefined })}
            searchable
            clearable
            limit={LISTED}
            clearButtonProps={{ 'aria-label': 'Any tag' }}
            w={{ base: '100%', xs: 180 }}
          />
        )}
        <SegmentedControl
          aria-label="Which accounts"
          size="xs"
          value={value.show ?? 'all'}
          onChange={(show) => onChange({ show: show === 'favourites' || show === 'recent' ? show : undefined })}
          data={[
            { value: 'all', label: 'All' },
            { value: 'favourites', label: 'Favourites' },
            { value: 'recent', label: 'Recent' },
          ]}
        />
      </Group>
      <Switch
        label="Show requestable resources"
        checked={value.requestable ?? false}
        onChange={(event) => onChange({ requestable: event.currentTarget.checked || undefined })}
      />
    </Group>
  )
}
