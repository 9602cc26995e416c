import { Card, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../app/client.ts'
import { PageLink } from '../../components/link.tsx'
import { Time } from '../../components/time.tsx'

/** So many lists are named; the page of reviews has them all. */
const NAMED = 5
/** Time enough to publish another certificate before service providers stop believing this one. */
const CERTIFICATE_NOTICE_MS = 60 * 86_400_000

/** What an administrator should know of before it is late: reviews that are overdue, certificates that run out. */
export function Watch() {
  const overdue = useQuery({
    queryKey: ['first-steps', 'overdue'],
    queryFn: ({ signal }) => client.listAccessLists({ query: { review: 'overdue', limit: NAMED + 1 } }, signal),
  })
  const saml = useQuery({
    queryKey: ['service-providers', 'certificates'],
    queryFn: ({ signal }) => client.getSamlIdentityProvider({}, signal),
    staleTime: 60_000,
  })
  const lists = overdue.data?.items ?? []
  const ending = (saml.data?.certificates ?? []).filter(
    ({ active, expiresAt }) => active && Date.parse(expiresAt) < Date.now() + CERTIFICATE_NOTICE_MS,
  )
  if (lists.length + ending.length === 0) return null
  return (
    <Stack gap="xs" mt="xs">
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
          <Text fw={500}>Reviews are overdue</Text>
          {lists.slice(0, NAMED).map(({ id, title }) => (
            <PageLink key={id} to="/reviews/$id" params={{ id }} size="sm" className="wrap" display="block">
              {title}
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
