import type { AccessListView } from '@gatehouse/api'
import { Card, Stack, Text } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { client } from '../../app/client.ts'
import { formatCount } from '../../components/format-count.ts'
import { PageLink } from '../../components/link.tsx'
import { Name } from '../../components/name.tsx'
import { sayName } from '../../components/say-name.ts'
import { Time } from '../../components/time.tsx'
import { organizationsQuery, statusQuery } from '../organizations/organizations-query.ts'

const isOverdue = ({ review }: AccessListView): boolean => review?.state === 'overdue'

/** So many lists are named; the page of reviews has them all. */
const NAMED = 5
/** Time enough to publish another certificate before service providers stop believing this one. */
const NOTICE_MS = 60 * 86_400_000
const isSoon = (end: string): boolean => Date.parse(end) < Date.now() + NOTICE_MS

/** What an administrator should know of before it is late: drift, reviews that are due, secrets that run out. */
export function Watch() {
  const organizations = useQuery(organizationsQuery).data?.items ?? []
  const statuses = useQueries({
    queries: organizations.map(({ name }) => statusQuery(name)),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
  const due = useQuery({
    queryKey: ['first-steps', 'due'],
    queryFn: ({ signal }) => client.listAccessLists({ query: { review: 'due', limit: NAMED + 1 } }, signal),
  })
  const saml = useQuery({
    queryKey: ['service-providers', 'certificates'],
    queryFn: ({ signal }) => client.getSamlIdentityProvider({}, signal),
    staleTime: 60_000,
  })
  const lists = (due.data?.items ?? []).toSorted((a, b) => Number(isOverdue(b)) - Number(isOverdue(a)))
  const ending = (saml.data?.certificates ?? []).filter(({ active, expiresAt }) => active && isSoon(expiresAt))
  const drifted = statuses.filter(({ totals }) => totals.drift > 0)
  const expiring = statuses.flatMap(({ organization, scimToken }) =>
    scimToken && isSoon(scimToken.endsBy) ? [{ organization, endsBy: scimToken.endsBy }] : [],
  )
  if (lists.length + ending.length + drifted.length + expiring.length === 0) return null
  return (
    <Stack gap="xs" mt="xs">
      {drifted.map(({ organization, totals }) => (
        <Card key={organization} withBorder padding="sm">
          <PageLink to="/drift" fw={500}>
            {totals.drift === 1 ? '1 change made in AWS' : `${formatCount(totals.drift)} changes made in AWS`}
          </PageLink>
          <Text size="sm">
            In <Name text={organization} />, beside Gatehouse: somebody has to decide.
          </Text>
        </Card>
      ))}
      {expiring.map(({ organization, endsBy }) => (
        <Card key={organization} withBorder padding="sm">
          <PageLink to="/organizations/$name" params={{ name: organization }} search={{ tab: 'settings' }} fw={500}>
            The SCIM token of {organization} ends
          </PageLink>
          <Text size="sm">
            <Time at={endsBy} /> at the latest. Without one AWS takes no change of users and groups.
          </Text>
        </Card>
      ))}
      {ending.map(({ fingerprint, expiresAt }) => (
        <Card key={fingerprint} withBorder padding="sm">
          <Text fw={500}>The certificate that signs sign-ins ends</Text>
          <Text size="sm">
            <Time at={expiresAt} />. Publish another with <span className="mono">tctl saml certificates add</span>, give
            it to the service providers, and let it sign then.
          </Text>
        </Card>
      ))}
      {lists.length > 0 && (
        <Card withBorder padding="sm">
          <Text fw={500}>{lists.some(isOverdue) ? 'Reviews are overdue' : 'Reviews are due'}</Text>
          {lists.slice(0, NAMED).map((list) => (
            <PageLink
              key={list.id}
              to="/reviews/$id"
              params={{ id: list.id }}
              size="sm"
              className="wrap"
              display="block"
            >
              {sayName(list.title)}
              {isOverdue(list) && ', overdue'}
            </PageLink>
          ))}
          {lists.length > NAMED && (
            <PageLink to="/reviews" size="sm">
              and others
            </PageLink>
          )}
        </Card>
      )}
    </Stack>
  )
}
