import type { EndedAssignmentView } from '@gatehouse/api'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { endedQuery } from './adopted-query.ts'

/** What was ended within the last day: saved here, sent to AWS, confirmed by AWS. */
export function Ended({ organization }: { readonly organization: string }) {
  const query = useQuery(endedQuery(organization))
  if (query.isError) return <Problem error={query.error} />
  if (!query.data || query.data.total === 0) return null
  const { items, total } = query.data
  return (
    <Section title={`Ended within the last day: ${formatCount(total)}`}>
      <DataTable label="Ended within the last day" rows={items} columns={COLUMNS} idOf={({ key }) => key} />
      {items.length < total && (
        <Text size="sm" mt="xs">
          The latest {formatCount(items.length)} of {formatCount(total)}.
        </Text>
      )}
    </Section>
  )
}

const STATES: Readonly<Record<EndedAssignmentView['state'], readonly [state: string, label: string]>> = {
  saved: ['saved', 'saved here'],
  sent: ['sent', 'sent to AWS'],
  confirmed: ['confirmed', 'gone, AWS confirmed'],
  failed: ['failed', 'AWS refused'],
  stays: ['ended', 'stays in AWS'],
}

/** Room for "59 minutes ago". */
const TIME_PX = 122

const COLUMNS: readonly Column<EndedAssignmentView>[] = [
  { id: 'user', title: 'Person', width: 153, cell: ({ user }) => <Name text={user} /> },
  {
    id: 'what',
    title: 'What',
    width: 160,
    cell: ({ permissionSetName, accountName, account }) => (
      <span title={`${permissionSetName} on ${accountName} ${account}`}>
        <Name text={permissionSetName} /> on <Name text={accountName} />
      </span>
    ),
  },
  {
    id: 'state',
    title: 'State',
    width: 184,
    cell: ({ state }) => {
      const [known, label] = STATES[state]
      return <State state={known} label={label} />
    },
  },
  { id: 'saved', title: 'Saved here', width: TIME_PX, cell: ({ endedAt }) => <Time at={endedAt} /> },
  { id: 'sent', title: 'Sent', width: TIME_PX, cell: ({ sentAt }) => sentAt !== undefined && <Time at={sentAt} /> },
  {
    id: 'confirmed',
    title: 'Confirmed',
    width: TIME_PX,
    cell: ({ confirmedAt }) => confirmedAt !== undefined && <Time at={confirmedAt} />,
  },
  {
    id: 'by',
    title: 'By, and why',
    width: 153,
    cell: ({ endedBy, reason = '' }) => (
      <span title={reason}>
        <Name text={endedBy} />
        {reason !== '' && (
          <>
            : <Name text={reason} most={200} />
          </>
        )}
      </span>
    ),
  },
]
