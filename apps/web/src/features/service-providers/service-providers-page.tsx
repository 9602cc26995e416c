import type { Document } from '@gatehouse/api'
import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../app/session.ts'
import type { Column } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { AddServiceProvider } from './add-service-provider.tsx'
import { field, sayPreset, serviceProvidersQuery } from './service-providers-query.ts'
import { Copy } from '../../components/copy.tsx'
import { sayName } from '../../components/say-name.ts'

const route = getRouteApi('/service-providers')

const COLUMNS: readonly Column<Document>[] = [
  {
    id: 'name',
    title: 'Service provider',
    sortBy: ({ metadata: { name } }) => name,
    cell: ({ metadata: { name } }) => (
      <PageLink to="/service-providers/$name" params={{ name }} size="sm" title={name}>
        {name}
      </PageLink>
    ),
  },
  { id: 'preset', title: 'Preset', width: 200, cell: sayPreset },
  {
    id: 'entity',
    title: 'Entity id',
    cell: (provider) => (
      <Copy text={field(provider, 'entity_id')} what={`the entity id of ${sayName(provider.metadata.name)}`} />
    ),
  },
]

export function ServiceProvidersPage() {
  const { add = false, sort } = route.useSearch()
  const navigate = route.useNavigate()
  const show = (isOpen: boolean): void => void navigate({ search: { sort, add: isOpen ? true : undefined } })
  const mayCreate = useMay('create', 'saml_idp_service_provider')
  const query = useInfiniteQuery(serviceProvidersQuery)
  return (
    <Page
      wide
      title="Service providers"
      actions={mayCreate && <Button onClick={() => show(true)}>Add service provider</Button>}
    >
      <PagedTable
        query={query}
        label="Service providers"
        noun={['service provider', 'service providers']}
        columns={COLUMNS}
        idOf={({ metadata: { name } }) => name}
        sort={{ value: sort, first: 'name', onChange: (next) => void navigate({ search: { sort: next } }) }}
        keys={{ opens: 'the service provider' }}
        empty={
          <Empty
            action={
              mayCreate && (
                <PageLink to="/service-providers" search={{ add: true }} size="sm">
                  Add a service provider
                </PageLink>
              )
            }
          >
            People sign in to service providers with their Gatehouse account, over SAML. Add the first one from its
            metadata; for AWS, the console of IAM Identity Center gives it.
          </Empty>
        }
      />
      {mayCreate && add && <AddServiceProvider onClose={() => show(false)} />}
    </Page>
  )
}
