import type { AccessListDetailView } from '@gatehouse/api'
import { List, Text } from '@mantine/core'
import { Name } from '../../components/name.tsx'
import { ClockTime } from '../../components/time.tsx'

/** Who is out of the list and may have credentials that AWS issued before. */
export function Departures({ departures }: Pick<AccessListDetailView, 'departures'>) {
  if (departures.length === 0) return null
  const organizations = new Set(departures.map(({ organization }) => organization))
  return (
    <>
      <Text size="sm" fw={500} mt="sm">
        Lately taken out
      </Text>
      <List size="sm" listStyleType="none" spacing={4}>
        {departures.map(({ user, organization, confirmedAt, sessionsEndBy }) => (
          <List.Item key={`${organization} ${user} ${confirmedAt}`} className="wrap">
            <Name text={user} />
            {organizations.size > 1 && (
              <>
                {' '}
                in <Name text={organization} />
              </>
            )}
            : no new credentials through it since <ClockTime at={confirmedAt} />; those already issued end by{' '}
            <ClockTime at={sessionsEndBy} /> at the latest
          </List.Item>
        ))}
      </List>
    </>
  )
}
