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
import { usePlaceNames } from '../../components/catalogue.ts'
import type { PlaceNames } from '../../components/place-names.ts'
import type { AssignmentRow } from '../../components/assignment-rows.tsx'

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
  {
    id: 'description',
    title: 'Description',
    cell: ({ metadata: { description = '' } }) => <Whole text={description} />,
  },
  { id: 'uses', title: 'What it is for', cell: (role) => <Whole text={sayUses(role).join(', ')} /> },
  { id: 'version', title: 'Version', width: 100, sortBy: ({ version }) => version, cell: ({ version }) => version },
]
const systemColumns = ({ accountOf, setOf }: PlaceNames): readonly Column<Document>[] => [
  NAME,
  {
    id: 'account',
    title: 'Account',
    sortBy: (role) => accountOf(grantOf(role).account),
    cell: (role) => <Whole text={accountOf(grantOf(role).account)} />,
  },
  {
    id: 'set',
    title: 'Permission set',
    sortBy: (role) => setOf(grantOf(role).permissionSet),
    cell: (role) => <Whole text={setOf(grantOf(role).permissionSet)} />,
  },
]

const grantOf = (role: Document): AssignmentRow => assignmentsOf(role, 'allow')[0] ?? { account: '', permissionSet: '' }
const Whole = ({ text }: { readonly text: string }) => <span title={text}>{text}</span>

export function RolesPage() {
  const { search, show, sort } = route.useSearch()
  const navigate = route.useNavigate()
  const mayCreate = useMay('create', 'role')
  const isSystemShown = show === 'system'
  const names = usePlaceNames(isSystemShown)
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
            { value: 'own', label: 'Roles' },
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
        columns={isSystemShown ? systemColumns(names) : OWN}
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
          <Empty
            action={
              search !== undefined ? (
                <PageLink to="/roles" search={{ show }} size="sm">
                  Show all of them
                </PageLink>
              ) : (
                mayCreate &&
                !isSystemShown && (
                  <PageLink to="/roles/new" size="sm">
                    Create a role
                  </PageLink>
                )
              )
            }
          >
            {search !== undefined
              ? 'No role whose name holds this.'
              : isSystemShown
                ? 'There is one for every permission set on every account, once an organization is enrolled and read.'
                : 'A role gives permission sets on accounts, and says what may be asked for and administered.'}
          </Empty>
        }
      />
    </Page>
  )
}
