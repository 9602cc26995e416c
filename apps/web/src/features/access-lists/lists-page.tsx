import type { AccessListView } from '@gatehouse/api'
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay } from '../../app/session.ts'
import type { Column } from '../../components/data-table.tsx'
import { FilterChips } from '../../components/filter-chips.tsx'
import { PageLink } from '../../components/link.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { ImportingBanner, useImporting, useIsUnread } from '../organizations/importing.tsx'
import { sayOwners, sayType, stateOf } from './list-words.ts'
import { listsQuery } from './lists-query.ts'

const route = getRouteApi('/access-lists')

const EMPTY_AGAIN_MS = 5_000

const COLUMNS: readonly Column<AccessListView>[] = [
  {
    id: 'title',
    title: 'Access list',
    isSorted: true,
    cell: ({ id, title }) => (
      <PageLink to="/access-lists/$id" params={{ id }} size="sm" title={title}>
        {title}
      </PageLink>
    ),
  },
  { id: 'type', title: 'Type', width: 120, cell: ({ type }) => sayType(type) },
  { id: 'owners', title: 'Owners', cell: ({ owners }) => <span title={sayOwners(owners)}>{sayOwners(owners)}</span> },
  {
    id: 'members',
    title: 'Members',
    width: 90,
    align: 'right',
    isSorted: true,
    cell: ({ memberCount }) => (memberCount === undefined ? '' : formatCount(memberCount)),
  },
  {
    id: 'review',
    title: 'Next review',
    isSorted: true,
    width: 130,
    cell: ({ nextAuditDate }) => nextAuditDate !== undefined && <Time at={nextAuditDate} />,
  },
  {
    id: 'state',
    title: 'State',
    width: 150,
    cell(list) {
      const shown = stateOf(list)
      return shown && <State {...shown} />
    },
  },
]

export function ListsPage() {
  const { search, sort } = route.useSearch()
  const navigate = route.useNavigate()
  const mayCreate = useMay('create', 'access_list')
  const importing = useImporting()
  const query = useInfiniteQuery({
    ...listsQuery(search, sort),
    // They may come at any moment.
    refetchInterval: ({ state: { data } }) =>
      importing.length > 0 || data?.pages[0]?.items.length === 0 ? EMPTY_AGAIN_MS : false,
  })
  const isUnread = useIsUnread(search === undefined && query.data?.length === 0)
  return (
    <Page
      wide
      title="Access lists"
      actions={
        mayCreate && (
          <Button renderRoot={(props) => <Link to="/access-lists/new" {...props} />}>Create access list</Button>
        )
      }
    >
      <ImportingBanner statuses={importing} />
      <SearchField
        label="Search by title or description"
        value={search}
        onSearch={(text) => void navigate({ replace: true, search: { search: text, sort } })}
      />
      <PagedTable
        query={query}
        label="Access lists"
        noun={['list', 'lists']}
        columns={COLUMNS}
        idOf={({ id }) => id}
        sort={{
          value: sort,
          first: 'title',
          onChange: (next) => void navigate({ search: { search, sort: next } }),
        }}
        keys={{ opens: 'the list' }}
        filters={
          <FilterChips
            filters={[
              {
                what: 'title or description holds',
                value: search,
                remove: () => void navigate({ search: { sort } }),
              },
            ]}
            onClear={() => void navigate({ search: { sort } })}
          />
        }
        empty={
          <Empty
            action={
              search !== undefined ? (
                <PageLink to="/access-lists" size="sm">
                  Show all lists
                </PageLink>
              ) : (
                mayCreate && (
                  <PageLink to="/access-lists/new" size="sm">
                    Create an access list
                  </PageLink>
                )
              )
            }
          >
            {importing.length > 0 || isUnread
              ? 'Lists are being made from the groups of AWS. They show up here as soon as they are there.'
              : search === undefined
                ? 'An access list gives its members roles, and its owners review who is in it. You own none and are in none.'
                : 'No list that you may see has this in its title or description.'}
          </Empty>
        }
      />
    </Page>
  )
}
