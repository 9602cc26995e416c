import type { OrganizationStatusView } from '@gatehouse/api'
import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconProgress } from '@tabler/icons-react'
import { useMutation, useQueries, useQuery } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { describe } from '../../components/problem.tsx'
import { organizationsQuery, statusQuery } from './organizations-query.ts'
import { type Phase, sayRemaining, shareOf } from './say-remaining.ts'
import { formatCount } from '../../components/format-count.ts'

/** What is being read for the first time; nothing for those who may not know, and once all is there. */
export function useImporting(): readonly OrganizationStatusView[] {
  const mayRead = useMay('read', 'aws_identity_center')
  const organizations = useQuery({ ...organizationsQuery, enabled: mayRead }).data?.items ?? []
  return useQueries({
    queries: organizations.map(({ name }) => statusQuery(name)),
    combine: (results) => results.flatMap(({ data }) => (data && !data.adopted ? [data] : [])),
  })
}

/** For those who may not know more: whether AWS has been read as a whole. Asked only where there is nothing to show. */
export function useIsUnread(isEmpty: boolean): boolean {
  const mayRead = useMay('read', 'aws_identity_center')
  const { data } = useQuery({
    queryKey: ['is-unread'],
    queryFn: ({ signal }) => client.outlineResources({ query: { limit: 1 } }, signal),
    enabled: isEmpty && !mayRead,
    refetchInterval: 15_000,
  })
  return data?.isComplete === false
}

/** Over pages that fill up meanwhile: they are not empty, they are not there yet. */
export function ImportingBanner({ statuses }: { readonly statuses: readonly OrganizationStatusView[] }) {
  return (
    <>
      {statuses.map((status) => (
        <Importing key={status.organization} status={status} />
      ))}
    </>
  )
}

const PHASES: Readonly<Record<Phase['phase'], readonly [title: string, things: string]>> = {
  listing: ['Reading accounts, users and groups', ''],
  'permission-sets': ['Reading permission sets', 'permission sets'],
  members: ['Reading members', 'groups'],
  assignments: ['Reading assignments', 'groups and users'],
  adopting: ['Making lists from groups', ''],
}

/** How far the first reading of AWS has come, or why it has not come further. */
export function Importing({ status }: { readonly status: OrganizationStatusView }) {
  const { organization, sweep } = status
  if (sweep.error !== undefined && !sweep.running) return <Failed organization={organization} reason={sweep.error} />
  const { progress } = sweep
  const [title, things] = PHASES[progress?.phase ?? 'listing']
  const share = shareOf(progress)
  return (
    <Alert color="blue" icon={<IconProgress aria-hidden />} title={`Importing ${organization}: ${title}`}>
      <Stack gap={6}>
        <Text size="sm" role="status">
          {progress?.total !== undefined &&
            `${formatCount(progress.done)} of ${formatCount(progress.total)} ${things}. `}
          {sayRemaining(progress, Date.now())} What is missing on this page may still come.
        </Text>
        <Progress value={share ?? 100} animated={share === undefined} aria-label={title} />
      </Stack>
    </Alert>
  )
}

function Failed({ organization, reason }: { readonly organization: string; readonly reason: string }) {
  const retry = useMutation({
    mutationFn: () => client.getPlan({ params: { name: organization }, query: { refresh: true, limit: 1 } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['organization', organization] }),
  })
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={`The import of ${organization} has failed`}
      role="alert"
    >
      <Stack gap="xs">
        <Text size="sm" className="wrap">
          {retry.isError ? describe(retry.error).title : reason} It is tried again by itself. Nothing in AWS has
          changed, and nothing here is lost.
        </Text>
        <Group>
          <Button variant="default" size="xs" loading={retry.isPending} onClick={() => retry.mutate()}>
            Try again now
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
