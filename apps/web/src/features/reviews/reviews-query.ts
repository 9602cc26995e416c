import { queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

export const dueReviewsQuery = pagesOf(['access-lists', 'to-review'], (cursor, signal) =>
  client.listAccessLists({ query: { limit: 200, cursor, review: 'mine' } }, signal),
)

export const reviewedListQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-list', id],
    queryFn: ({ signal }) => client.getAccessList({ params: { id } }, signal),
  })

export const reviewRowsQuery = (id: string) => ({
  ...pagesOf(['access-list', id, 'review-rows'], (cursor, signal) =>
    client.listReviewRows({ params: { id }, query: { limit: 200, cursor } }, signal),
  ),
  staleTime: 60_000,
})
