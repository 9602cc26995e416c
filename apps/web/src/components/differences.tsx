import type { HeldAccessView } from '@gatehouse/api'
import { Table, Text } from '@mantine/core'
import { IconMinus, IconPlus } from '@tabler/icons-react'

/** Access that people would gain and lose. */
export function Differences({
  differences: { gained, lost, gainedTotal, lostTotal },
}: {
  readonly differences: {
    readonly gained: readonly HeldAccessView[]
    readonly lost: readonly HeldAccessView[]
    readonly gainedTotal: number
    readonly lostTotal: number
  }
}) {
  if (gainedTotal + lostTotal === 0) return null
  const hidden = gainedTotal + lostTotal - gained.length - lost.length
  return (
    <>
      <Text size="sm">
        + {gainedTotal}, − {lostTotal}
      </Text>
      <section className="table-frame" aria-label="Gained and lost" tabIndex={0}>
        <Table miw={560}>
          <Table.Tbody>
            {lost.map((access) => (
              <Row key={keyOf(access)} access={access} isLost />
            ))}
            {gained.map((access) => (
              <Row key={keyOf(access)} access={access} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {hidden > 0 && (
        <Text size="sm" c="dimmed">
          {hidden} more.
        </Text>
      )}
    </>
  )
}

const keyOf = ({ user, account, permissionSet }: HeldAccessView): string => `${user} ${account} ${permissionSet}`

function Row({ access, isLost = false }: { readonly access: HeldAccessView; readonly isLost?: boolean }) {
  return (
    <Table.Tr className={isLost ? 'removed' : 'added'}>
      <Table.Td w={32}>
        {isLost ? <IconMinus size={15} aria-label="loses" /> : <IconPlus size={15} aria-label="gains" />}
      </Table.Td>
      <Table.Td className="wrap">{access.user}</Table.Td>
      <Table.Td className="wrap">{access.permissionSetName}</Table.Td>
      <Table.Td className="wrap">{access.accountName}</Table.Td>
    </Table.Tr>
  )
}
