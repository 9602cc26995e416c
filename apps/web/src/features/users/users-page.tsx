import type { UserView } from '@gatehouse/api'
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../app/session.ts'
import type { Column } from '../../components/data-table.tsx'
import { FilterChips } from '../../components/filter-chips.tsx'
import { PageLink } from '../../components/link.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { CreateUser } from './create-user.tsx'
import { usersQuery } from './users-query.ts'

const route = getRouteApi('/users')

const COLUMNS: readonly Column<UserView>[] = [
  {
    id: 'name',
    title: 'User',
    isSorted: true,
    cell: ({ name }) => (
      <PageLink to="/users/$name" params={{ name }} size="sm" title={name}>
        {name}
      </PageLink>
    ),
  },
  { id: 'roles', title: 'Own roles', cell: ({ roles }) => <span title={roles.join(', ')}>{roles.join(', ')}</span> },
  {
    id: 'state',
    title: 'State',
    width: 120,
    cell: ({ locked }) => locked && <State state="failed" label="locked" />,
  },
  { id: 'aws', title: 'Not in AWS because', cell: ({ notPushed }) => <span title={notPushed}>{notPushed}</span> },
  { id: 'created', title: 'Created', width: 130, isSorted: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
]

export function UsersPage() {
  const { search, sort, add = false } = route.useSearch()
  const navigate = route.useNavigate()
  const mayCreate = useMay('create', 'user')
  const query = useInfiniteQuery(usersQuery(search, sort))
  const show = (isOpen: boolean): void => void navigate({ search: { search, sort, add: isOpen ? true : undefined } })
  return (
    <Page wide title="Users" actions={mayCreate && <Button onClick={() => show(true)}>Create user</Button>}>
      <SearchField
        label="Search by name"
        value={search}
        onSearch={(text) => void navigate({ replace: true, search: { search: text, sort } })}
      />
      <PagedTable
        query={query}
        label="Users"
        noun={['user', 'users']}
        columns={COLUMNS}
        idOf={({ id }) => id}
        sort={{
          value: sort,
          first: 'name',
          onChange: (next) => void navigate({ search: { search, sort: next } }),
        }}
        keys={{ opens: 'the user' }}
        filters={
          <FilterChips
            filters={[{ what: 'name holds', value: search, remove: () => void navigate({ search: { sort } }) }]}
            onClear={() => void navigate({ search: { sort } })}
          />
        }
        empty={
          search === undefined ? (
            <Empty>There is nobody whom you may see.</Empty>
          ) : (
            <Empty
              action={
                <PageLink to="/users" size="sm">
                  Show everybody
                </PageLink>
              }
            >
              Nobody whom you may see is called so.
            </Empty>
          )
        }
      />
      {mayCreate && <CreateUser isOpen={add} onClose={() => show(false)} />}
    </Page>
  )
}
