import type { AuditEventDetailView } from '@gatehouse/api'
import { Drawer, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Code } from '../../components/code.tsx'
import { Copy } from '../../components/copy.tsx'
import { Facts } from '../../components/facts.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Section } from '../../components/section.tsx'
import { saySubject } from '../../components/say-subject.ts'
import { eventQuery } from './audit-query.ts'

/** One event, which the page's address names, whether or not the list has come to it. */
export function EventDetails({ uid, onClose }: { readonly uid: string; readonly onClose: () => void }) {
  const query = useQuery(eventQuery(uid))
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={query.data ? `${query.data.event} ${query.data.code}` : 'Event'}
    >
      <Loaded query={query}>{(event) => <Details event={event} />}</Loaded>
    </Drawer>
  )
}

/** As rules of a SIEM see it, and apart from it what proves that nobody has changed it. */
function Details({
  event: { user, subjects, names, flat, seq, hash, previousHash },
}: {
  readonly event: AuditEventDetailView
}) {
  return (
    <Stack>
      <Group gap="sm">
        {user !== undefined && (
          <PageLink to="/audit" search={{ user }} size="sm">
            All that {user} did
          </PageLink>
        )}
        {subjects.slice(0, 3).map((subject) => (
          <PageLink key={subject} to="/audit" search={{ subject }} size="sm" className="wrap">
            All about {saySubject(subject, names)}
          </PageLink>
        ))}
      </Group>
      <Code label="the event as JSON" text={JSON.stringify(flat, null, 2)} />
      <Section title="In the chain">
        <Text size="sm" mb="xs">
          Each event holds the hash of the one before: "Verify the chain" finds one that was changed or taken out.
        </Text>
        <Facts
          facts={[
            ['Number', String(seq)],
            ['Hash', <Copy text={hash} what="the hash" />],
            ['Hash before it', <Copy text={previousHash} what="the hash before it" />],
            ['About', subjects.join(', ')],
          ]}
        />
      </Section>
    </Stack>
  )
}
