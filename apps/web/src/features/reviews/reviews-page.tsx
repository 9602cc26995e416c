import type { AccessListView } from '@gatehouse/api'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Column } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { formatCount } from '../../components/format-count.ts'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { ReviewProgress } from './progress.tsx'
import { dueReviewsQuery, savedProgressQuery } from './reviews-query.ts'

const route = getRouteApi('/reviews')

const columnsWith = (decidedIn: (id: string) => number | undefined): readonly Column<AccessListView>[] => [
  {
    id: 'title',
    title: 'Access list',
    sortBy: ({ title }) => title,
    cell: ({ id, title }) => (
      <PageLink to="/reviews/$id" params={{ id }} size="sm" title={title}>
        {title}
      </PageLink>
    ),
  },
  {
    id: 'due',
    title: 'Due',
    width: 120,
    sortBy: ({ review }) => review?.dueAt,
    cell: ({ review }) => review && <Time at={review.dueAt} />,
  },
  { id: 'state', title: 'State', width: 130, cell: ({ review }) => review && <ReviewState review={review} /> },
  {
    id: 'members',
    title: 'Members',
    width: 90,
    align: 'right',
    sortBy: ({ memberCount }) => memberCount,
    cell: ({ memberCount }) => (memberCount === undefined ? '' : formatCount(memberCount)),
  },
  {
    id: 'progress',
    title: 'Your review',
    width: 260,
    cell: (list) => {
      const saved = decidedIn(list.id)
      return saved !== undefined && <ReviewProgress list={list} saved={saved} />
    },
  },
  {
    id: 'others',
    title: 'Reviewed by',
    cell: ({ review }) =>
      review &&
      (review.signedOffBy.length > 0 || review.requiredReviewers > 1) &&
      `${review.signedOffBy.length} of ${review.requiredReviewers}${review.signedOffBy.length === 0 ? '' : `: ${review.signedOffBy.join(', ')}`}`,
  },
]

function ReviewState({ review }: { readonly review: NonNullable<AccessListView['review']> }) {
  if (review.suspended) return <State state="failed" label="suspended" />
  return review.state === 'overdue' ? <State state="failed" label="overdue" /> : <State state="open" />
}

/** The lists that this person has to review now, the most urgent first. */
export function ReviewsPage() {
  const { sort } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(dueReviewsQuery)
  const { data: progress, isPending } = useQuery(savedProgressQuery)
  return (
    <Page wide title="Reviews">
      <PagedTable
        query={query}
        label="Lists to review"
        noun={['list to review', 'lists to review']}
        columns={columnsWith((id) => (isPending ? undefined : (progress?.get(id) ?? 0)))}
        idOf={({ id }) => id}
        sort={{ value: sort, first: 'due', onChange: (next) => void navigate({ search: { sort: next } }) }}
        keys={{ opens: 'the review' }}
        empty={
          <Empty
            action={
              <PageLink to="/access-lists" size="sm">
                Show the access lists
              </PageLink>
            }
          >
            No list waits for your review. Lists that you own show up here two weeks before they are due.
          </Empty>
        }
      />
    </Page>
  )
}
