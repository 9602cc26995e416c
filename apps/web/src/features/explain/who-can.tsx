import { Button, Group, Stack, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../app/session.ts'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { TableSkeleton } from '../../components/skeleton.tsx'
import { Empty } from '../../components/page.tsx'
import { sayName } from '../../components/say-name.ts'
import { type Asked, whoCanQuery } from './explain-query.ts'

/** Everybody who gets into an account. */
export function WhoCan({ asked }: { readonly asked: Asked }) {
  const may = useMay('read', 'aws_identity_center')
  if (!may) return <Empty>Looking up who has access takes the right to read the organization.</Empty>
  return <Answered asked={asked} />
}

function Answered({ asked }: { readonly asked: Asked }) {
  const [cursors, setCursors] = useState<readonly string[]>([])
  const query = useQuery(whoCanQuery(asked, cursors.at(-1)))
  return (
    <Loaded query={query} like={<TableSkeleton />}>
      {({ items, next }) =>
        items.length === 0 ? (
          <Empty>Nobody has it.</Empty>
        ) : (
          <Stack>
            <section className="table-frame" aria-label="People" tabIndex={0}>
              <Table miw={560}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Person</Table.Th>
                    <Table.Th>Permission sets</Table.Th>
                    <Table.Th ta="right">Ways</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map(({ user, paths, totals }) => (
                    <Table.Tr key={user}>
                      <Table.Td className="clip">
                        <PageLink to="/explorer" search={{ user, account: asked.account }}>
                          {user}
                        </PageLink>
                      </Table.Td>
                      <Table.Td className="wrap">
                        {[...new Set(paths.map(({ permissionSetName }) => sayName(permissionSetName)))].join(', ')}
                      </Table.Td>
                      <Table.Td ta="right">{totals.paths}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </section>
            <Group>
              <Button
                variant="default"
                disabled={cursors.length === 0}
                onClick={() => setCursors(cursors.slice(0, -1))}
              >
                Back
              </Button>
              <Button
                variant="default"
                disabled={next === undefined}
                onClick={() => next !== undefined && setCursors([...cursors, next])}
              >
                More
              </Button>
            </Group>
          </Stack>
        )
      }
    </Loaded>
  )
}
