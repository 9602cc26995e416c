import type { AuditEventView } from '@gatehouse/api'
import { List, Text } from '@mantine/core'
import { PageLink } from './link.tsx'
import { Name } from './name.tsx'
import { Time } from './time.tsx'

interface EventListProps {
  readonly events: readonly AuditEventView[]
  /** Whose doing goes without saying. */
  readonly but?: string
}

/** What happened, each with the way to all that is recorded of it. */
export function EventList({ events, but }: EventListProps) {
  if (events.length === 0) return <Text size="sm">Nothing that is recorded.</Text>
  return (
    <List size="sm" listStyleType="none" spacing={4}>
      {events.map(({ uid, event, time, user, fields }) => (
        <List.Item key={uid} className="wrap">
          <PageLink to="/audit" search={{ details: uid }} size="sm">
            {event}
          </PageLink>{' '}
          <Text span size="sm" c="dimmed">
            {isRefused(fields) && 'refused, '}
            <Time at={time} />
            {user !== but && (
              <>
                , by <Name text={user ?? 'Gatehouse'} />
              </>
            )}
          </Text>
        </List.Item>
      ))}
    </List>
  )
}

const isRefused = ({ success, error }: AuditEventView['fields']): boolean => success === false || error !== undefined
