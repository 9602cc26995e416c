import type { AuditEventView } from '@gatehouse/api'
import { Code, CopyButton, Button, Group, Stack } from '@mantine/core'
import { PageLink } from '../../components/link.tsx'

/** All of one event, as it is kept. */
export function EventDetails({ event }: { readonly event: AuditEventView }) {
  const text = JSON.stringify(event, null, 2)
  return (
    <Stack>
      <Group gap="sm">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy the JSON'}
            </Button>
          )}
        </CopyButton>
        {event.user !== undefined && (
          <PageLink to="/audit" search={{ user: event.user }}>
            All that {event.user} did
          </PageLink>
        )}
        {event.subjects.slice(0, 3).map((subject) => (
          <PageLink key={subject} to="/audit" search={{ subject }}>
            All about {subject}
          </PageLink>
        ))}
      </Group>
      <Code block className="wrap" tabIndex={0} aria-label="The event as JSON" role="region">
        {text}
      </Code>
    </Stack>
  )
}
