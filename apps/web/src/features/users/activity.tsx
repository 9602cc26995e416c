import { Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { EventList } from '../../components/event-list.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { PageLink } from '../../components/link.tsx'
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
      <Loaded query={query}>{(events) => <EventList events={events} but={name} />}</Loaded>
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
