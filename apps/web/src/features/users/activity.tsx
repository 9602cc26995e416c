import type { AuditEventView } from '@gatehouse/api'
import { Group, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '../../components/loaded.tsx'
import { PageLink } from '../../components/link.tsx'
import { Name } from '../../components/name.tsx'
import { Time } from '../../components/time.tsx'
import { activityQuery } from './users-query.ts'

interface Person {
  readonly id: string
  readonly name: string
}

/** The latest of what somebody did and of what was done about him, newest first. */
export function Activity({ id, name }: Person) {
  const query = useQuery(activityQuery({ id, name }))
  return (
    <Stack gap="xs">
      <Loaded query={query}>
        {(events) =>
          events.length === 0 ? (
            <Text size="sm">Nothing that is recorded.</Text>
          ) : (
            <List size="sm" listStyleType="none" spacing={4}>
              {events.map((event) => (
                <List.Item key={event.uid} className="wrap">
                  <Event event={event} name={name} />
                </List.Item>
              ))}
            </List>
          )
        }
      </Loaded>
      <Group gap="sm">
        <PageLink to="/audit" search={{ subject: `user:${id}` }} size="sm">
          All about this user
        </PageLink>
        <PageLink to="/audit" search={{ user: name }} size="sm">
          All that this user did
        </PageLink>
      </Group>
    </Stack>
  )
}

const Event = ({
  event: { uid, event, time, user },
  name,
}: {
  readonly event: AuditEventView
  readonly name: string
}) => (
  <>
    <PageLink to="/audit" search={{ details: uid }} size="sm">
      {event}
    </PageLink>{' '}
    <Text span size="sm" c="dimmed">
      <Time at={time} />
      {user !== name && (
        <>
          , by <Name text={user ?? 'Gatehouse'} />
        </>
      )}
    </Text>
  </>
)
