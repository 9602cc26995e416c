import { DashedCircle } from '../../components/dashed-circle.ts'
import type { client } from '../../app/client.ts'
import { Alert, Table, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, type TablerIcon } from '@tabler/icons-react'

export type CheckedRole = Omit<Awaited<ReturnType<typeof client.checkRole>>, 'enrolment'>
type Permission = CheckedRole['permissions'][number]

const SAYS: Readonly<Record<Permission['outcome'], readonly [icon: TablerIcon, className: string, word: string]>> = {
  allowed: [IconCircleCheck, 'gain', 'allowed'],
  missing: [IconCircleX, 'loss', 'missing'],
  unproven: [IconAlertTriangle, 'warn', 'unproven'],
}

/** What was tried, action by action: what is missing first. */
export function Permissions({ result: { assumed, message, remedy, permissions } }: { readonly result: CheckedRole }) {
  const isWell = assumed && !permissions.some(({ outcome, wanted }) => wanted && outcome === 'missing')
  const rows = permissions.toSorted((one, other) => rankOf(one) - rankOf(other))
  return (
    <>
      <Alert
        mb="sm"
        color={isWell ? 'green' : 'red'}
        icon={isWell ? <IconCircleCheck aria-hidden /> : <IconCircleX aria-hidden />}
        title={message}
        role="status"
      >
        {remedy}
      </Alert>
      {rows.length > 0 && (
        <section className="table-frame tall" aria-label="Permissions of the role" tabIndex={0}>
          <Table miw={680} layout="fixed" aria-label="Permissions of the role">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={320}>Action</Table.Th>
                <Table.Th w={160}>Outcome</Table.Th>
                <Table.Th>What it says</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={`${row.action} ${row.extra ?? ''}`}>
                  <Table.Td className="mono">{row.action}</Table.Td>
                  <Table.Td>
                    <Outcome row={row} />
                  </Table.Td>
                  <Table.Td className="wrap">{row.message}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </>
  )
}

const rankOf = ({ outcome, wanted }: Permission): number =>
  wanted ? { missing: 0, unproven: 1, allowed: 2 }[outcome] : 3

/** What nobody has asked for may well be missing. */
function Outcome({ row: { outcome, wanted, extra } }: { readonly row: Permission }) {
  const [Icon, className, word] =
    wanted || outcome !== 'missing' ? SAYS[outcome] : [DashedCircle, 'dim', 'not asked for']
  return (
    <Text span size="sm" className={className}>
      <Icon size={15} aria-hidden className="inline-icon" /> {word}
      {extra !== undefined && wanted && ', optional'}
    </Text>
  )
}
