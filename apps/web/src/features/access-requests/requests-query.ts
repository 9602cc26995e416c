import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

const PAGE = 100

export type Shown = 'mine' | 'reviewable' | 'all'

const SORTS = ['filed', '-filed', 'ends', '-ends'] as const

/** The address says state and order; the contract refuses what is neither. */
export function requestsQuery(show: Shown, askedState: string | undefined, askedSort: string | undefined) {
  const state = STATES.find((known) => known === askedState)
  const sort = SORTS.find((known) => known === askedSort)
  return {
    ...pagesOf(
      ['requests', show, state, sort],
      (cursor, signal) =>
        client.listAccessRequests(
          {
            query: {
              limit: PAGE,
              cursor,
              mine: show === 'mine',
              reviewable: show === 'reviewable',
              state,
              sort,
            },
          },
          signal,
        ),
      2,
    ),
    refetchInterval: lookEvery(15_000),
  }
}

export const STATES = ['pending', 'approved', 'denied', 'promoted', 'expired'] as const

/** Approved and not over: the page filters, because the contract asks for one state. */
export const myRunningQuery = queryOptions({
  queryKey: ['requests', 'running'],
  queryFn: async ({ signal }) => {
    const page = await client.listAccessRequests({ query: { limit: PAGE, mine: true, state: 'approved' } }, signal)
    return {
      items: page.items.filter(({ expiresAt }) => expiresAt !== undefined && Date.parse(expiresAt) > Date.now()),
    }
  },
  refetchInterval: lookEvery(30_000),
})

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ['request', id],
    queryFn: ({ signal }) => client.getAccessRequest({ params: { id } }, signal),
    refetchInterval: lookEvery(5_000),
  })
