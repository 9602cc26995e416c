import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client } from '../../app/client.ts'

const PAGE = 100

export type Shown = 'mine' | 'reviewable' | 'all'

export const requestsQuery = (show: Shown, state: string | undefined, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['requests', show, state, cursor],
    queryFn: ({ signal }) =>
      client.listAccessRequests(
        {
          query: {
            limit: PAGE,
            cursor,
            mine: show === 'mine',
            reviewable: show === 'reviewable',
            // The address says it; the contract refuses what is no state.
            state: STATES.find((known) => known === state),
          },
        },
        signal,
      ),
    refetchInterval: lookEvery(15_000),
  })

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
