import { Button, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../app/session.ts'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { TableSkeleton } from '../../components/table-skeleton.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { AddIntegration, BegunEnrolments } from '../enrolment/begin.tsx'
import { HealthOf } from './health.tsx'
import { organizationsQuery } from './organizations-query.ts'
import { Copy } from '../../components/copy.tsx'

const route = getRouteApi('/organizations')

/** The Identity Center instances that are enrolled. */
export function OrganizationsPage() {
  const query = useQuery(organizationsQuery)
  const { add = false } = route.useSearch()
  const navigate = route.useNavigate()
  const mayAdd = useMay('create', 'plugin')
  const open = (isOpen: boolean): void => void navigate({ search: { add: isOpen ? true : undefined } })
  return (
    <Page
      wide
      title="Organizations"
      actions={mayAdd && <Button onClick={() => open(true)}>Add new integration</Button>}
    >
      <Loaded query={query} like={<TableSkeleton />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              action={
                mayAdd && (
                  <PageLink to="/organizations" search={{ add: true }} size="sm">
                    Enrol an organization
                  </PageLink>
                )
              }
            >
              No organization is enrolled yet, so nobody gets into AWS through Gatehouse. Enrolling one takes seven
              steps, and writes nothing to AWS before you start it.
            </Empty>
          ) : (
            <section className="table-frame" aria-label="Organizations" tabIndex={0}>
              <Table stickyHeader highlightOnHover miw={720}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>State</Table.Th>
                    <Table.Th>Writes to AWS</Table.Th>
                    <Table.Th>Region</Table.Th>
                    <Table.Th>Management account</Table.Th>
                    <Table.Th>Enrolled</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map(({ id, name, mode, region, managementAccount, createdAt }) => (
                    <Table.Tr key={id}>
                      <Table.Td className="clip">
                        <PageLink to="/organizations/$name" params={{ name }}>
                          {name}
                        </PageLink>
                      </Table.Td>
                      <Table.Td>
                        <HealthOf organization={name} />
                      </Table.Td>
                      <Table.Td>
                        <State
                          state={mode === 'active' ? 'confirmed' : 'waiting'}
                          label={mode === 'active' ? 'yes' : 'not yet'}
                        />
                      </Table.Td>
                      <Table.Td>{region}</Table.Td>
                      <Table.Td>
                        <Copy text={managementAccount} what="the id of the management account" />
                      </Table.Td>
                      <Table.Td>
                        <Time at={createdAt} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </section>
          )
        }
      </Loaded>
      <BegunEnrolments />
      {mayAdd && (
        <AddIntegration
          isOpen={add}
          taken={query.data?.items.map(({ name }) => name) ?? []}
          onClose={() => open(false)}
        />
      )}
    </Page>
  )
}
