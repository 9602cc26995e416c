import type { UserDetailView } from '@gatehouse/api'
import { Alert, Badge, Grid, List, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMay } from '../../app/session.ts'
import { Copy } from '../../components/copy.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { RoleLinks } from '../../components/role-links.tsx'
import { Section } from '../../components/section.tsx'
import { Time } from '../../components/time.tsx'
import { Access } from './access.tsx'
import { Activity } from './activity.tsx'
import { Locked } from './locked.tsx'
import { UserActions } from './user-actions.tsx'
import { userQuery } from './users-query.ts'

const route = getRouteApi('/users/$name')

export function UserPage() {
  const { name } = route.useParams()
  const query = useQuery(userQuery(name))
  return (
    <Loaded query={query} page="user">
      {(user) => <User user={user} />}
    </Loaded>
  )
}

function User({ user }: { readonly user: UserDetailView }) {
  const mayListEvents = useMay('list', 'event')
  const { sort } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <Page
      wide
      title={user.name}
      state={user.locked && <State state="failed" label="locked" />}
      actions={<UserActions user={user} />}
    >
      {user.locked && <Locked user={user.name} />}
      {user.notPushed !== undefined && (
        <Alert color="yellow" icon={<IconInfoCircle aria-hidden />}>
          AWS is not told of this user: {user.notPushed}
        </Alert>
      )}
      <Stack gap="lg">
        <Section title="Access to AWS accounts">
          <Access
            user={user.name}
            sort={{ value: sort, first: '', onChange: (next) => void navigate({ search: { sort: next } }) }}
          />
        </Section>
        <Grid gap="xl">
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="lg">
              <Section title="Own roles">
                <Roles roles={user.roles} />
              </Section>
              <Section title="Lists">
                <Lists lists={user.lists} />
              </Section>
              <Section title="Traits and labels">
                <Facts facts={factsOf(user)} />
              </Section>
            </Stack>
          </Grid.Col>
          {mayListEvents && (
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Section title="What happened">
                <Activity id={user.id} name={user.name} />
              </Section>
            </Grid.Col>
          )}
        </Grid>
      </Stack>
    </Page>
  )
}

const factsOf = ({ traits, labels, createdAt, id }: UserDetailView): readonly Fact[] => [
  ...Object.entries(traits).map(([trait, values]): Fact => [trait, values.join(', ')]),
  ...Object.entries(labels),
  ['Created', <Time at={createdAt} />],
  ['Id', <Copy text={id} what="the id" />],
]

function Roles({ roles }: Pick<UserDetailView, 'roles'>) {
  if (roles.length === 0) return <Text size="sm">None: what this user has comes from lists and requests.</Text>
  return <RoleLinks roles={roles} />
}

function Lists({ lists }: Pick<UserDetailView, 'lists'>) {
  if (lists.length === 0) return <Text size="sm">In none that you may see.</Text>
  return (
    <List size="sm" listStyleType="none" spacing={2}>
      {lists.map(({ id, title, as, direct, until }) => (
        <List.Item key={`${id} ${as}`} className="wrap">
          <PageLink to="/access-lists/$id" params={{ id }} size="sm">
            {title}
          </PageLink>{' '}
          {as === 'owner' && <Badge color="gray">owner</Badge>}{' '}
          <Text span size="sm" c="dimmed">
            {!direct && ' through another list'}
            {until !== undefined && (
              <>
                {direct ? ' ' : ', '}
                ends <Time at={until} />
              </>
            )}
          </Text>
        </List.Item>
      ))}
    </List>
  )
}
