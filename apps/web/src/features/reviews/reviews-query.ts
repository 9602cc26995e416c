import { queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'
import { everyPage } from '../../components/every-page.ts'
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

/** How many members of each list this person has decided about, by the list's id. */
export const savedProgressQuery = queryOptions({
  queryKey: ['review-drafts'],
  queryFn: async ({ signal }) => {
    const begun = await everyPage((query) => client.listReviewDrafts({ query }, signal))
    return new Map(begun.map(({ list, decided }) => [list, decided]))
  },
  // A review that one comes back from has gone on.
  staleTime: 0,
})
