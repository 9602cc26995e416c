import type { AccessRequestView } from '@gatehouse/api'
import { Anchor, Button, Group, SegmentedControl, Select, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { Time, TimeLeft } from '../../components/time.tsx'
import { stateNow } from './life-of-request.ts'
import { requestsQuery, type Shown, STATES } from './requests-query.ts'
import { whatIsAsked } from './what-is-asked.ts'

const route = getRouteApi('/requests')
const SHOWN: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: 'reviewable', label: 'To review' },
  { value: 'mine', label: 'Mine' },
  { value: 'all', label: 'All' },
]

export function RequestsPage() {
  const { show: asked, state } = route.useSearch()
  const navigate = route.useNavigate()
  const show = SHOWN.find(({ value }) => value === asked)?.value ?? 'all'
  const [cursors, setCursors] = useState<readonly string[]>([])
  const query = useQuery(requestsQuery(show, state, cursors.at(-1)))
  const change = (search: { show?: string; state?: string }): void => {
    setCursors([])
    void navigate({ search: (before) => ({ ...before, ...search }) })
  }
  return (
    <Page
      wide
      title="Access requests"
      actions={
        <Button renderRoot={(props) => <Link to="/resources" search={{ requestable: true }} {...props} />}>
          Request access
        </Button>
      }
    >
      <Group>
        <SegmentedControl
          aria-label="Which requests"
          data={[...SHOWN]}
          value={show}
          onChange={(value) => change({ show: value })}
        />
        <Select
          aria-label="State"
          placeholder="In any state"
          clearable
          data={[...STATES]}
          value={state ?? null}
          onChange={(value) => change({ state: value ?? undefined } as { state?: string })}
          w={160}
        />
      </Group>
      <Loaded query={query}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty
              action={
                show !== 'reviewable' && (
                  <PageLink to="/resources" search={{ requestable: true }} size="sm">
                    See what you may ask for
                  </PageLink>
                )
              }
            >
              {show === 'reviewable'
                ? 'Nobody waits for your review.'
                : 'There are no such requests. What somebody asks for shows up here.'}
            </Empty>
          ) : (
            <>
              <RequestTable requests={items} />
              <Group>
                <Button
                  variant="default"
                  disabled={cursors.length === 0}
                  onClick={() => setCursors(cursors.slice(0, -1))}
                >
                  Newer
                </Button>
                <Button
                  variant="default"
                  disabled={next === undefined}
                  onClick={() => next && setCursors([...cursors, next])}
                >
                  Older
                </Button>
              </Group>
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function RequestTable({ requests }: { readonly requests: readonly AccessRequestView[] }) {
  return (
    <section className="table-frame" aria-label="Requests" tabIndex={0}>
      <Table stickyHeader highlightOnHover miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            <Table.Th>Who</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th>Filed</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Ends</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {requests.map((request) => (
            <Table.Tr key={request.id}>
              <Table.Td className="clip">
                <Anchor renderRoot={(props) => <Link to="/requests/$id" params={{ id: request.id }} {...props} />}>
                  {whatIsAsked(request)}
                </Anchor>
              </Table.Td>
              <Table.Td className="clip">{request.user}</Table.Td>
              <Table.Td className="clip">{request.reason}</Table.Td>
              <Table.Td>
                <Time at={request.createdAt} />
              </Table.Td>
              <Table.Td>
                <State state={stateNow(request, Date.now())} />
              </Table.Td>
              <Table.Td>
                <Text size="sm">{request.expiresAt !== undefined && <TimeLeft until={request.expiresAt} />}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
