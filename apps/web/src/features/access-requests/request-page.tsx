import type { AccessRequestDetailView } from '@gatehouse/api'
import { Alert, Card, Grid, Group, Stack, Table, Text, Title } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Copy } from '../../components/copy.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { Lifeline } from '../../components/lifeline.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { ClockTime, Time, TimeLeft } from '../../components/time.tsx'
import { Name } from '../../components/name.tsx'
import { Prose } from '../../components/prose.tsx'
import { sayDuration } from '../../components/say-duration.ts'
import { sayName } from '../../components/say-name.ts'
import { Activity } from './activity.tsx'
import { Held } from './held.tsx'
import { lifeOf, stateNow } from './life-of-request.ts'
import { Needs } from './needs.tsx'
import { OwnActions } from './own-actions.tsx'
import { requestQuery } from './requests-query.ts'
import { ReviewForm } from './review-form.tsx'
import { sayRow } from './say-row.ts'
import { Shown } from './shown.tsx'
import { whatIsAsked } from './what-is-asked.ts'
import { PageLink } from '../../components/link.tsx'

const route = getRouteApi('/requests/$id')

export function RequestPage() {
  const { id } = route.useParams()
  const query = useQuery(requestQuery(id))
  return (
    <Loaded query={query} page="access request">
      {(request) => <Request request={request} />}
    </Loaded>
  )
}

function Request({ request }: { readonly request: AccessRequestDetailView }) {
  return (
    <Page
      title={whatIsAsked(request)}
      state={<State state={stateNow(request, Date.now())} />}
      actions={<OwnActions request={request} />}
    >
      {request.warnings.map((warning) => (
        <Alert key={warning} color="yellow" icon={<IconInfoCircle aria-hidden />}>
          {warning}
        </Alert>
      ))}
      <Lifeline label="The life of the request" moments={lifeOf(request, Date.now())} />
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <Card withBorder>
              <Facts facts={factsOf(request)} />
            </Card>
            <Grants request={request} />
            {request.shown && <Shown shown={request.shown} />}
            {request.has && (request.may.review || request.has.total > 0) && (
              <Held has={request.has} user={request.user} />
            )}
            {request.may.review && <ReviewForm request={request} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <Needs needs={request.needs} />
            <Activity request={request} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  )
}

function factsOf(request: AccessRequestDetailView): readonly Fact[] {
  const { reason, user, startsAt, assumeStartTime, expiresAt, pendingUntil, bundles, prolongs, rule } = request
  const begins = startsAt ?? assumeStartTime
  const over = expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()
  return [
    ['Asked by', user],
    ['Why', reason === '' ? <Text c="dimmed">no reason given</Text> : <Prose text={reason} />],
    ['Lasts', sayDuration(request.duration)],
    ['Begins', begins !== undefined && <Time at={begins} />],
    [
      over ? 'Ended' : 'Ends',
      expiresAt !== undefined && (
        <>
          <Time at={expiresAt} />
          {!over && (
            <>
              {' '}
              (<TimeLeft until={expiresAt} />)
            </>
          )}
        </>
      ),
    ],
    ['Expires undecided', request.state === 'pending' && <Time at={pendingUntil} />],
    ['Bundles', bundles.map((name) => sayName(name)).join(', ')],
    [
      'Prolongs',
      prolongs !== undefined && (
        <PageLink to="/requests/$id" params={{ id: prolongs }} size="sm">
          the request before
        </PageLink>
      ),
    ],
    ['Would end', request.wouldEnd !== undefined && <Time at={request.wouldEnd} />],
    ['Decided by the rule', rule],
    ['Id', <Copy text={request.id} what="the id" />],
  ]
}

/** Exactly what it gives, row by row, and how far each has come in AWS. */
function Grants({ request }: { readonly request: AccessRequestDetailView }) {
  const { assignments, rows } = request
  const refused = rows.filter(({ state }) => state === 'denied')
  if (assignments.length === 0 && refused.length === 0) return null
  return (
    <section aria-labelledby="grants">
      <Title order={2} id="grants" mb="xs">
        In AWS
      </Title>
      <section className="table-frame" aria-label="Account assignments" tabIndex={0}>
        <Table miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Permission set</Table.Th>
              <Table.Th>Account</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Since</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {assignments.map((row) => (
              <Table.Tr key={`${row.account} ${row.permissionSetArn}`}>
                <Table.Td className="wrap">
                  <Name text={row.permissionSet} />
                </Table.Td>
                <Table.Td>
                  <Group gap={6}>
                    <span className="wrap">
                      <Name text={row.accountName} />
                    </span>
                    <Copy text={row.account} what={`the id of ${sayName(row.accountName)}`} />
                  </Group>
                </Table.Td>
                <Table.Td>
                  <State state={row.state} label={WORDS[row.state]} />
                  {row.sessionsEndBy !== undefined && (
                    <Text size="xs" className="wrap">
                      No new credentials since then; those already issued end by <ClockTime at={row.sessionsEndBy} /> at
                      the latest.
                    </Text>
                  )}
                  {row.reason !== undefined && (
                    <Text size="xs" className="wrap">
                      <Prose text={row.reason} />
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{row.at !== undefined && <Time at={row.at} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {refused.length > 0 && (
        <Text size="sm" mt="xs" className="wrap">
          Not approved: {refused.map((row) => sayRow(row, request)).join(', ')}
        </Text>
      )}
    </section>
  )
}

const WORDS: Readonly<Record<AccessRequestDetailView['assignments'][number]['state'], string>> = {
  proposed: 'not decided',
  saved: 'saved here',
  sent: 'sent to AWS',
  confirmed: 'confirmed by AWS',
  failed: 'failed',
  waiting: 'waiting',
  ending: 'ending in AWS',
  ended: 'ended',
}
