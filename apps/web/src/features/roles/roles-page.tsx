import type { Document } from '@gatehouse/api'
import { Button, Group, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay } from '../../app/session.ts'
import type { Column } from '../../components/data-table.tsx'
import { FilterChips } from '../../components/filter-chips.tsx'
import { PageLink } from '../../components/link.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { assignmentsOf, sayUses } from './role-summary.ts'
import { rolesQuery } from './roles-query.ts'

const route = getRouteApi('/roles')

const NAME: Column<Document> = {
  id: 'name',
  title: 'Role',
  sortBy: ({ metadata: { name } }) => name,
  cell: ({ metadata: { name } }) => (
    <PageLink to="/roles/$name" params={{ name }} size="sm" title={name}>
      {name}
    </PageLink>
  ),
}
const OWN: readonly Column<Document>[] = [
  NAME,
  { id: 'description', title: 'Description', cell: ({ metadata: { description } }) => description },
  { id: 'uses', title: 'What it is for', cell: (role) => sayUses(role).join(', ') },
  { id: 'version', title: 'Version', width: 100, sortBy: ({ version }) => version, cell: ({ version }) => version },
]
const SYSTEM: readonly Column<Document>[] = [
  NAME,
  {
    id: 'account',
    title: 'Account',
    width: 150,
    sortBy: (role) => assignmentsOf(role, 'allow')[0]?.account,
    cell: (role) => assignmentsOf(role, 'allow')[0]?.account,
  },
  {
    id: 'set',
    title: 'Permission set',
    cell: (role) => <span className="mono">{assignmentsOf(role, 'allow')[0]?.permissionSet}</span>,
  },
]

export function RolesPage() {
  const { search, show, sort } = route.useSearch()
  const navigate = route.useNavigate()
  const mayCreate = useMay('create', 'role')
  const isSystemShown = show === 'system'
  const query = useInfiniteQuery(rolesQuery(search, isSystemShown))
  return (
    <Page
      wide
      title="Roles"
      actions={
        mayCreate && <Button renderRoot={(props) => <Link to="/roles/new" {...props} />}>Create New Role</Button>
      }
    >
      <Group gap="sm">
        <SearchField
          label="Search by name"
          value={search}
          onSearch={(text) => void navigate({ replace: true, search: { search: text, show, sort } })}
        />
        <SegmentedControl
          aria-label="Which roles"
          data={[
            { value: 'own', label: 'Your own' },
            { value: 'system', label: 'System roles' },
          ]}
          value={isSystemShown ? 'system' : 'own'}
          onChange={(value) => void navigate({ search: { search, show: value === 'system' ? value : undefined } })}
        />
      </Group>
      <PagedTable
        key={String(isSystemShown)}
        query={query}
        label={isSystemShown ? 'System roles' : 'Roles'}
        noun={['role', 'roles']}
        columns={isSystemShown ? SYSTEM : OWN}
        idOf={({ metadata: { name } }) => name}
        sort={{
          value: sort,
          first: 'name',
          onChange: (next) => void navigate({ search: { search, show, sort: next } }),
        }}
        keys={{ opens: 'the role' }}
        filters={
          <FilterChips
            filters={[{ what: 'name holds', value: search, remove: () => void navigate({ search: { show, sort } }) }]}
            onClear={() => void navigate({ search: { show, sort } })}
          />
        }
        empty={
          <Empty>
            {isSystemShown
              ? 'There is one for every permission set on every account, once an organization is enrolled and read.'
              : 'A role gives permission sets on accounts, and says what may be asked for and administered.'}
          </Empty>
        }
      />
    </Page>
  )
}
