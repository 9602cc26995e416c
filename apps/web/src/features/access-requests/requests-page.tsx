import type { AccessRequestView } from '@gatehouse/api'
import { Button, Group, SegmentedControl, Select, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Column } from '../../components/data-table.tsx'
import { FilterChips } from '../../components/filter-chips.tsx'
import { PageLink } from '../../components/link.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { State } from '../../components/state.tsx'
import { Time, TimeLeft } from '../../components/time.tsx'
import type { RowKeys } from '../../components/use-row-keys.ts'
import { stateNow } from './life-of-request.ts'
import { requestsQuery, type Shown, STATES } from './requests-query.ts'
import { ReviewSeveral, type Verdict } from './review-several.tsx'
import { whatIsAsked } from './what-is-asked.ts'

const route = getRouteApi('/requests')
const SHOWN: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: 'reviewable', label: 'To review' },
  { value: 'mine', label: 'Mine' },
  { value: 'all', label: 'All' },
]

const COLUMNS: readonly Column<AccessRequestView>[] = [
  {
    id: 'what',
    title: 'What',
    cell: (request) => (
      <PageLink to="/requests/$id" params={{ id: request.id }} size="sm" title={whatIsAsked(request)}>
        {whatIsAsked(request)}
      </PageLink>
    ),
  },
  { id: 'who', title: 'Who', width: 200, cell: ({ user }) => <span title={user}>{user}</span> },
  { id: 'why', title: 'Why', cell: ({ reason }) => <span title={reason}>{reason}</span> },
  { id: 'filed', title: 'Filed', width: 130, isSorted: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'state',
    title: 'State',
    width: 130,
    cell: (request) => <State state={stateNow(request, Date.now())} />,
  },
  {
    id: 'ends',
    title: 'Ends',
    width: 130,
    isSorted: true,
    cell: ({ expiresAt }) => expiresAt !== undefined && <TimeLeft until={expiresAt} />,
  },
]

export function RequestsPage() {
  const search = route.useSearch()
  const { state, sort } = search
  const navigate = route.useNavigate()
  const show = SHOWN.find(({ value }) => value === search.show)?.value ?? 'all'
  const query = useInfiniteQuery(requestsQuery(show, state, sort))
  const change = (part: typeof search): void => void navigate({ search: { ...search, ...part } })
  const review = useReviews(show === 'reviewable' ? query.data : undefined)
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
          value={STATES.find((known) => known === state) ?? null}
          onChange={(value) => change({ state: value ?? undefined })}
          w={160}
        />
      </Group>
      <PagedTable
        key={show}
        query={query}
        label="Requests"
        noun={['request', 'requests']}
        columns={COLUMNS}
        idOf={({ id }) => id}
        sort={{ value: sort, first: '-filed', onChange: (next) => change({ sort: next }) }}
        selection={review.selection}
        bulk={review.bar}
        keys={review.keys}
        filters={
          <FilterChips
            filters={[
              {
                what: 'state is',
                value: STATES.find((known) => known === state),
                remove: () => change({ state: undefined }),
              },
            ]}
            onClear={() => change({ state: undefined })}
          />
        }
        empty={
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
        }
      />
      {review.question}
    </Page>
  )
}

/** Of the requests that wait for this person: which are chosen, and the question about them. */
function useReviews(waiting: readonly AccessRequestView[] | undefined) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<{ readonly verdict: Verdict; readonly ids: readonly string[] }>()
  const keys: RowKeys<AccessRequestView> = { opens: 'the request' }
  if (!waiting) return { keys, selection: undefined, bar: undefined, question: undefined }
  const selected = new Set(waiting.map(({ id }) => id).filter((id) => chosen.has(id)))
  const ask =
    (verdict: Verdict) =>
    (current: AccessRequestView | undefined): void => {
      const ids = selected.size > 0 ? [...selected] : current ? [current.id] : []
      if (ids.length > 0) setAsked({ verdict, ids })
    }
  return {
    keys: {
      ...keys,
      acts: [
        { key: 'a', words: 'approve what is chosen, or the row, after a question', run: ask('approve') },
        { key: 'd', words: 'deny what is chosen, or the row, after a question', run: ask('deny') },
      ],
    } satisfies RowKeys<AccessRequestView>,
    selection: {
      selected,
      onToggle: (id: string) => setChosen(chosen.symmetricDifference(new Set([id]))),
      nameOf: (request: AccessRequestView) => `${whatIsAsked(request)} for ${request.user}`,
    },
    bar: selected.size > 0 && (
      <Group gap="xs" role="group" aria-label="What is chosen">
        <Text size="sm">{selected.size} chosen</Text>
        <Button size="compact-sm" variant="light" onClick={() => ask('approve')(undefined)}>
          Approve {selected.size}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => ask('deny')(undefined)}>
          Deny {selected.size}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={() => setChosen(new Set())}>
          Choose none
        </Button>
      </Group>
    ),
    question: asked && (
      <ReviewSeveral {...asked} onClose={() => setAsked(undefined)} onDone={() => setChosen(new Set())} />
    ),
  }
}
