import { Grid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { EventList } from '../../components/event-list.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Section } from '../../components/section.tsx'
import { historyQuery } from './service-providers-query.ts'

/** Who changed an application and who signed in to it, newest first. */
export function History({ name }: { readonly name: string }) {
  const query = useQuery(historyQuery(name))
  return (
    <Stack gap="xs">
      <Loaded query={query}>
        {({ changes, signIns }) => (
          <Grid gap="xl">
            <Grid.Col span={{ base: 12, md: 6 }}>
              <Section title="Changes">
                <EventList events={changes} />
              </Section>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 6 }}>
              <Section title="Sign-ins">
                <EventList events={signIns} />
              </Section>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
      <PageLink to="/audit" search={{ subject: `service-provider:${name}` }} size="sm">
        All about this service provider
      </PageLink>
    </Stack>
  )
}
