import type { TaskView } from '@gatehouse/api'
import { Anchor, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMay, useSession } from '../../app/session.ts'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { CardsSkeleton } from '../../components/skeleton.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { Time, TimeLeft } from '../../components/time.tsx'
import { whatIsAsked } from '../access-requests/what-is-asked.ts'
import { myRunningQuery } from '../access-requests/requests-query.ts'
import { Health } from '../organizations/health.tsx'
import { organizationsQuery, statusQuery } from '../organizations/organizations-query.ts'
import { sayStatus } from '../organizations/say-status.ts'
import { Prose } from '../../components/prose.tsx'
import { FirstSteps } from './first-steps.tsx'
import { tasksQuery } from './tasks-query.ts'
import { Watch } from './watch.tsx'

/** What needs this person today, and what he has that ends. */
export function HomePage() {
  const tasks = useQuery(tasksQuery)
  const running = useQuery(myRunningQuery)
  const session = useSession()
  const mayRead = useMay('read', 'aws_identity_center')
  return (
    <Page title={session ? `Hello, ${session.user.name}` : 'Home'}>
      <FirstSteps />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <section aria-labelledby="waiting">
          <Title order={2} id="waiting" mb="sm">
            Waiting for you
          </Title>
          <Loaded query={tasks} like={<CardsSkeleton />}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty>Nothing waits for you. Requests that you may review and lists that you own show up here.</Empty>
              ) : (
                <Stack gap="xs">
                  {items.map((task) => (
                    <Task key={task.id} task={task} />
                  ))}
                </Stack>
              )
            }
          </Loaded>
        </section>
        <section aria-labelledby="running">
          <Title order={2} id="running" mb="sm">
            Your access that ends
          </Title>
          <Loaded query={running} like={<CardsSkeleton />}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty
                  action={
                    <PageLink to="/resources" search={{ requestable: true }}>
                      See what you may ask for
                    </PageLink>
                  }
                >
                  You have no access that ends by itself.
                </Empty>
              ) : (
                <Stack gap="xs">
                  {items.map((request) => (
                    <Card key={request.id} withBorder padding="sm">
                      <Group justify="space-between" wrap="nowrap">
                        <Anchor
                          className="wrap"
                          renderRoot={(props) => <Link to="/requests/$id" params={{ id: request.id }} {...props} />}
                        >
                          {whatIsAsked(request)}
                        </Anchor>
                        <Text size="sm" c="dimmed">
                          {request.expiresAt && <TimeLeft until={request.expiresAt} />}
                        </Text>
                      </Group>
                    </Card>
                  ))}
                </Stack>
              )
            }
          </Loaded>
        </section>
        {mayRead && <Organizations />}
      </SimpleGrid>
    </Page>
  )
}

/** For administrators: whether AWS equals the decisions, organization by organization. */
function Organizations() {
  const query = useQuery(organizationsQuery)
  return (
    <section aria-labelledby="organizations">
      <Title order={2} id="organizations" mb="sm">
        AWS
      </Title>
      <Loaded query={query} like={<CardsSkeleton />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty action={<PageLink to="/organizations">Enrol an organization</PageLink>}>
              No organization is enrolled, so nobody gets into AWS through Gatehouse yet.
            </Empty>
          ) : (
            <Stack gap="xs">
              {items.map(({ id, name }) => (
                <Organization key={id} name={name} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      <Watch />
    </section>
  )
}

function Organization({ name }: { readonly name: string }) {
  const { data } = useQuery(statusQuery(name))
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap">
        <PageLink to="/organizations/$name" params={{ name }} className="wrap">
          {name}
        </PageLink>
        {data && <Health health={data.health} />}
      </Group>
      <Text size="sm" className="wrap">
        {data && sayStatus(data)}
      </Text>
    </Card>
  )
}

function Task({ task }: { readonly task: TaskView }) {
  return (
    <Card withBorder padding="sm">
      <Text fw={500} className="wrap">
        <Subject task={task} />
      </Text>
      <Text size="sm" className="wrap">
        <Prose text={task.text} />
      </Text>
      <Text size="xs" c="dimmed">
        {task.due === undefined ? (
          <>
            since <Time at={task.since} />
          </>
        ) : (
          <>
            due <Time at={task.due} />
          </>
        )}
      </Text>
    </Card>
  )
}

function Subject({ task: { kind, subject } }: { readonly task: TaskView }) {
  const params = { id: subject.id }
  if (subject.kind === 'access_request')
    return (
      <PageLink to="/requests/$id" params={params}>
        {subject.title}
      </PageLink>
    )
  // What another system has to take out is seen in the list; everything else about a list is a review.
  return kind === 'removal-elsewhere' ? (
    <PageLink to="/access-lists/$id" params={params}>
      {subject.title}
    </PageLink>
  ) : (
    <PageLink to="/reviews/$id" params={params}>
      {subject.title}
    </PageLink>
  )
}
