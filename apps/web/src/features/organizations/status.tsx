import type { OrganizationStatusView } from '@gatehouse/api'
import { Alert, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Facts } from '../../components/facts.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { Prose } from '../../components/prose.tsx'
import { Section } from '../../components/section.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { AccountMoves } from './account-moves.tsx'
import { Drift } from './drift.tsx'
import { Findings, Held } from './held.tsx'
import { Importing } from './importing.tsx'
import { statusQuery } from './organizations-query.ts'
import { Usage } from './usage.tsx'
import { sayStatus } from './say-status.ts'

/** Whether AWS equals the decisions, and if not, why not and what to do. */
export function Status({ organization }: { readonly organization: string }) {
  const query = useQuery(statusQuery(organization))
  return <Loaded query={query}>{(status) => <Known status={status} />}</Loaded>
}

const HEALTH_COLOR = { ok: 'green', attention: 'yellow', failing: 'red' } as const

function Known({ status }: { readonly status: OrganizationStatusView }) {
  const { sweep, round, managed, findings, held, drift, inFlight, notes } = status
  return (
    <Stack gap="lg">
      {!status.adopted && <Importing status={status} />}
      <Alert color={HEALTH_COLOR[status.health]} title={sayStatus(status)} role="status">
        {sweep.running && 'AWS is being read right now.'}
      </Alert>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Count label={['user', 'users']} count={managed.users} />
        <Count label={['group', 'groups']} count={managed.groups} />
        <Count label={['membership', 'memberships']} count={managed.members} />
        <Count label={['assignment', 'assignments']} count={managed.assignments} />
      </SimpleGrid>
      <Facts
        facts={[
          ['AWS was last read', <When key="last" at={sweep.lastAt} />],
          ['Next reading', <When key="next" at={sweep.nextAt} />],
          ['Last round', <When key="round" at={round.lastAt} />],
          ['All assignments read since', <When key="visit" at={status.oldestVisitAt} />],
          ...(status.scimToken
            ? [['SCIM token ends by', <Time key="token" at={status.scimToken.endsBy} />] as const]
            : []),
          ...(managed.adopted > 0
            ? [
                [
                  'Adopted assignments',
                  <PageLink
                    key="adopted"
                    to="/organizations/$name"
                    params={{ name: status.organization }}
                    search={{ tab: 'adopted' }}
                    size="sm"
                  >
                    {formatCount(managed.adopted)} found in AWS and taken over
                  </PageLink>,
                ] as const,
              ]
            : []),
          ...(status.accountMoves
            ? [['Accounts that moved', <AccountMoves key="moves" moves={status.accountMoves} />] as const]
            : []),
        ]}
      />
      {held.length > 0 && <Held organization={status.organization} held={held} total={status.totals.held} />}
      {drift.length > 0 && (
        <Section title={`Drift: ${formatCount(status.totals.drift)}`}>
          <Drift status={status} />
        </Section>
      )}
      {findings.length > 0 && <Findings organization={status.organization} findings={findings} />}
      {inFlight.length > 0 && <InFlight operations={inFlight} />}
      <Usage organization={status.organization} />
      {notes.length > 0 && (
        <Section title="Notes">
          {notes.map(({ kind, about, message }) => (
            <Text key={`${kind} ${about}`} size="sm" className="wrap">
              <Prose text={message} />
            </Text>
          ))}
        </Section>
      )}
    </Stack>
  )
}

function Count({
  label: [one, several],
  count,
}: {
  readonly label: readonly [one: string, several: string]
  readonly count: number
}) {
  return (
    <div>
      <Text fz={22} fw={600}>
        {formatCount(count)}
      </Text>
      <Text size="sm" c="dimmed">
        {count === 1 ? one : several}
      </Text>
    </div>
  )
}

const When = ({ at }: { readonly at: string | undefined }) => (at === undefined ? <>not yet</> : <Time at={at} />)

const SAYS = {
  intended: { state: 'saved', label: 'saved here' },
  sent: { state: 'sent', label: 'sent to AWS' },
  failed: { state: 'failed', label: 'AWS refused' },
  unknown: { state: 'waiting', label: 'no answer yet' },
} as const

function InFlight({ operations }: { readonly operations: OrganizationStatusView['inFlight'] }) {
  return (
    <Section title="On the way to AWS">
      <div className="table-frame" tabIndex={0} role="region" aria-label="Operations on the way">
        <Table miw={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What</Table.Th>
              <Table.Th w={140}>State</Table.Th>
              <Table.Th>Begun</Table.Th>
              <Table.Th ta="right">Attempts</Table.Th>
              <Table.Th>What AWS said</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {operations.map(({ key, summary, state, since, attempts, nextTryAt, error, remedy }) => (
              <Table.Tr key={key}>
                <Table.Td className="wrap">{summary}</Table.Td>
                <Table.Td>
                  <State {...SAYS[state]} />
                </Table.Td>
                <Table.Td>
                  <Time at={since} />
                </Table.Td>
                <Table.Td ta="right">{attempts}</Table.Td>
                <Table.Td className="wrap">
                  {error !== undefined && <Name text={error} most={500} />}
                  {remedy !== undefined && (
                    <Text size="xs">
                      <Prose text={remedy} />
                    </Text>
                  )}
                  {nextTryAt !== undefined && (
                    <Text size="xs" c="dimmed">
                      tried again <Time at={nextTryAt} />
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Section>
  )
}
