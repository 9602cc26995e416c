import type { AccessRequestDetailView } from '@gatehouse/api'
import { Group, Table, Text, Title } from '@mantine/core'
import { Copy } from '../../components/copy.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { sayName } from '../../components/say-name.ts'
import { State } from '../../components/state.tsx'
import { TimeLeft } from '../../components/time.tsx'

/** What the person has anyway where something more is asked for. */
export function Held({
  has: { items, total },
  user,
}: {
  readonly has: NonNullable<AccessRequestDetailView['has']>
  readonly user: string
}) {
  const left = total - items.length
  return (
    <section aria-labelledby="held">
      <Title order={2} id="held" mb="xs">
        What <Name text={user} /> has already
      </Title>
      {items.length === 0 ? (
        <Text size="sm">Nothing else in the accounts of this request.</Text>
      ) : (
        <section className="table-frame" aria-label="Other access in these accounts" tabIndex={0}>
          <Table miw={560}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Permission set</Table.Th>
                <Table.Th>Account</Table.Th>
                <Table.Th>In AWS</Table.Th>
                <Table.Th>Ends</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ account, accountName, permissionSet, permissionSetArn, aws, until }) => (
                <Table.Tr key={`${account} ${permissionSetArn}`}>
                  <Table.Td className="wrap">
                    <Name text={permissionSet} />
                  </Table.Td>
                  <Table.Td>
                    <Group gap={6}>
                      <span className="wrap">
                        <Name text={accountName} />
                      </span>
                      <Copy text={account} what={`the id of ${sayName(accountName)}`} />
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    {aws === 'confirmed' && <State state="confirmed" label="confirmed by AWS" />}
                    {aws === 'pending' && <State state="saved" label="on its way to AWS" />}
                  </Table.Td>
                  <Table.Td>{until === undefined ? 'no end' : <TimeLeft until={until} />}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {left > 0 && (
        <Text size="sm" mt="xs">
          and {formatCount(left)} more
        </Text>
      )}
    </section>
  )
}
