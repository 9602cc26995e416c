import { Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { PLACE_COLUMNS, STANDING_COLUMNS } from '../../components/account-columns.tsx'
import { Empty } from '../../components/page.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PagedTable } from '../../components/paged-table.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { accountsQuery } from './organizations-query.ts'

const route = getRouteApi('/organizations/$name')
const SIDES = [
  { value: 'all', label: 'All' },
  { value: 'inside', label: 'Inside the filter' },
  { value: 'outside', label: 'Outside' },
] as const
const COLUMNS = [...STANDING_COLUMNS, ...PLACE_COLUMNS]

/** Every account as AWS was last read, and why it is managed or not. */
export function Accounts({ organization }: { readonly organization: string }) {
  const { show, search } = route.useSearch()
  const navigate = route.useNavigate()
  const side = SIDES.find(({ value }) => value === show)?.value ?? 'all'
  const inside = side === 'all' ? undefined : side === 'inside'
  const query = useInfiniteQuery(accountsQuery(organization, { search, inside }))
  const first = query.data?.pages[0]
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="By the filter"
          data={[...SIDES]}
          value={side}
          onChange={(value) =>
            void navigate({
              resetScroll: false,
              search: { tab: 'settings', show: value === 'all' ? undefined : value, search },
            })
          }
        />
        <SearchField
          label="Search by name or id"
          value={search}
          onSearch={(text) =>
            void navigate({ replace: true, resetScroll: false, search: { tab: 'settings', show, search: text } })
          }
        />
      </Group>
      {first && (
        <Text size="sm">
          {formatCount(first.inside)} of {formatCount(first.total)} accounts are inside the filter.
        </Text>
      )}
      <PagedTable
        query={{ ...query, data: query.data?.pages.flatMap(({ items }) => items) }}
        label="Accounts"
        noun={['account', 'accounts']}
        total={first?.found}
        columns={COLUMNS}
        idOf={({ id }) => id}
        empty={<Empty>No account fits.</Empty>}
      />
    </Stack>
  )
}
