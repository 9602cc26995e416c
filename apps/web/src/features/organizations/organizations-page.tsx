import { Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { HealthOf } from './health.tsx'
import { organizationsQuery } from './organizations-query.ts'

/** The Identity Center instances that are enrolled. */
export function OrganizationsPage() {
  const query = useQuery(organizationsQuery)
  return (
    <Page wide title="Organizations">
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No organization is enrolled yet. “tctl plugins install awsic” leads through it.</Empty>
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
                      <Table.Td className="mono">{managementAccount}</Table.Td>
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
    </Page>
  )
}
